// The stage of a ceremony: it asks for itself (htmx); when nobody answers it keeps its last frame.
import "../htmx/main";
import { fit } from "../fit";
import "../board/sky.css";
import "../screen/emergency.css";
import "./stage.css";
import "./lists.css";

// Long names of a team, or many in a tie: all of them stay on their one screen.
function fitAll(): void {
  const list = document.querySelector<HTMLElement>(".stage-people, .stage-delegations");
  if (list) fit(list, [...list.children]);
  for (const one of document.querySelectorAll<HTMLElement>(".stage-board .stage-label, .emergency")) fit(one);
}
document.addEventListener("htmx:afterSwap", fitAll);
addEventListener("resize", fitAll);
void document.fonts.ready.then(fitAll);

// A projector must not go to sleep, as on the big screens.
async function stayAwake(): Promise<void> {
  if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
  await navigator.wakeLock.request("screen").catch(() => undefined);
}
document.addEventListener("visibilitychange", () => void stayAwake());
void stayAwake();
