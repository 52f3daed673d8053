// The stage of a ceremony: it asks for itself (htmx); when nobody answers it keeps its last frame.
import "../htmx/main";
import "../board/sky.css";
import "./stage.css";
import "./lists.css";

// A projector must not go to sleep, as on the big screens.
async function stayAwake(): Promise<void> {
  if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
  await navigator.wakeLock.request("screen").catch(() => undefined);
}
document.addEventListener("visibilitychange", () => void stayAwake());
void stayAwake();
