// The office's page of the big screens: what each shows is looked up every few seconds.
import "../people/release.css";
import "./screens.css";
import { replaceParts } from "../desk/parts";
import { inTime } from "../in_time";

const EVERY = 4_000; // ms

async function look(): Promise<void> {
  const lost = document.querySelector<HTMLElement>("#screens-link");
  try {
    const answer = await inTime(location.href, { cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const pressed = document.activeElement?.closest("form")?.action;
    const label = document.activeElement?.getAttribute("aria-label");
    for (const part of replaceParts(document, fresh)) stayOn(part, pressed, label);
    followScreens(fresh);
    if (lost) lost.hidden = true;
  } catch {
    if (lost) lost.hidden = false;
  }
}

/** Whoever moves by keyboard stays on the button they were on. */
function stayOn(part: Element, form: string | undefined, label: string | null | undefined): void {
  if (!form || !label || document.activeElement !== document.body) return;
  part.querySelector<HTMLElement>(`button[aria-label="${CSS.escape(label)}"]`)?.focus();
}

// Taken out of its list itself, the option that is chosen would leave the next one chosen as well.
const copy = (option: Element): Node => option.cloneNode(true);

/** Where a screen is to stay begins at what it shows, until somebody chooses: that is theirs. */
function followScreens(fresh: Document): void {
  for (const list of document.querySelectorAll<HTMLSelectElement>("[data-stay]:not([data-chosen])")) {
    const now = fresh.getElementById(list.id);
    if (list !== document.activeElement && now) list.replaceChildren(...Array.from(now.children, copy));
  }
}
document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement) event.target.dataset["chosen"] = "";
});

if (document.querySelector("[data-screens]"))
  setInterval(() => {
    if (document.visibilityState === "visible") void look();
  }, EVERY);
