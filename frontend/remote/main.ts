// The remote of a ceremony: buttons of the page, and the keys that presenters' clickers send.
import "../htmx/main";
import { isTouched } from "../untouched";
import "./remote.css";

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
  if (!wanted || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const button = document.querySelector<HTMLButtonElement>(`[data-key="${wanted}"]:not(:disabled)`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

// What another remote did is not drawn under a finger, which would press another button than the one
// it came down on; the next second asks again.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent<{ requestConfig: { verb: string }; shouldSwap: boolean }>)
    .detail;
  if (detail.requestConfig.verb === "get" && isTouched()) detail.shouldSwap = false;
});
