// The remote of a ceremony: buttons of the page, and the keys that presenters' clickers send.
import "../htmx/main";
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
