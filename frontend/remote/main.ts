// The remote of a ceremony: buttons of the page, and the keys that presenters' clickers send.
import htmx from "htmx.org";
import "../htmx/main";
import { isTouched } from "../untouched";
import { language, words } from "../words";
import "./remote.css";

htmx.config.timeout = 5_000; // ms; a network that is gone may not say so

const SAID = words(
  {
    poll: "没有连上网站，按键不起作用，这里显示的也可能不是舞台现在的样子。连上后此提示自动消失。",
    press:
      "没有连上网站，刚才的按键没有得到回答，应当没有起作用。请看一眼舞台。连上后此提示自动消失，再按一次也不会多翻一页。",
  },
  {
    poll: "No connection to the site: the buttons do nothing, and the stage may have moved since. This goes away by itself once the site answers.",
    press:
      "No connection to the site: nothing answered your press, so it should have done nothing. Look at the stage. This goes away by itself once the site answers; pressing again does not move twice.",
  },
)[language()];

const KEYS: Record<string, string> = {
  PageDown: "next",
  ArrowRight: "next",
  PageUp: "back",
  ArrowLeft: "back",
  b: "blank",
  ".": "blank",
};

document.addEventListener("keydown", (event) => {
  const wanted = KEYS[event.key];
  if (!wanted || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault(); // a key that does nothing must not scroll the page either
  if (event.repeat) return;
  document.querySelector<HTMLButtonElement>(`[data-key="${wanted}"]:not(:disabled)`)?.click();
});

type Request = { requestConfig: { verb: string }; shouldSwap: boolean; successful?: boolean };
const detailOf = (event: Event): Request => (event as CustomEvent<Request>).detail;

// What another remote did is not drawn under a finger, which would press another button than the one
// it came down on; the next second asks again.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = detailOf(event);
  if (detail.requestConfig.verb === "get" && isTouched()) detail.shouldSwap = false;
});

// What shows more rests while the site would refuse it: the second of two taps came with the new slide.
function rest(): void {
  const told = document.querySelector<HTMLElement>("[data-rests]");
  if (!told) return;
  const resting = document.querySelectorAll<HTMLButtonElement>("[data-forward]:not(:disabled)");
  for (const button of resting) button.disabled = true;
  setTimeout(() => {
    for (const button of resting) button.disabled = false;
  }, Number(told.dataset.rests));
  delete told.dataset.rests;
}
document.addEventListener("htmx:afterSwap", rest);
rest();

const unanswered = document.querySelector<HTMLElement>("#unanswered")!;
for (const name of ["sendError", "timeout", "responseError"]) {
  document.addEventListener(`htmx:${name}`, (event) => {
    if (detailOf(event).requestConfig.verb === "post") unanswered.textContent = SAID.press;
    else if (unanswered.hidden) unanswered.textContent = SAID.poll; // what befell a press stays
    unanswered.hidden = false;
  });
}
document.addEventListener("htmx:afterRequest", (event) => {
  if (detailOf(event).successful) unanswered.hidden = true;
});
