// The search in the office's bar: / focuses it, arrows walk through what was found, Escape closes.

const form = document.querySelector<HTMLFormElement>("[data-find]");
const input = form?.querySelector<HTMLInputElement>("input[type=search]");
const results = form?.querySelector<HTMLElement>(".find-results");

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

function show(open: boolean): void {
  if (results) results.hidden = !open;
}

function links(): HTMLAnchorElement[] {
  return results ? [...results.querySelectorAll("a")] : [];
}

/** Down from the box to the first link, up from the first link to the box. */
function step(by: 1 | -1): void {
  const all = links();
  const at = all.indexOf(document.activeElement as HTMLAnchorElement) + by;
  if (at < 0) input?.focus();
  else all[Math.min(at, all.length - 1)]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!input || isTyping(event.target)) return;
  event.preventDefault();
  input.focus();
  input.select();
});

form?.addEventListener("keydown", (event) => {
  if (!results || results.hidden) return;
  if (event.key === "Escape") {
    input?.focus(); // which would show the list again, so that goes second
    show(false);
    event.preventDefault();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    step(event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
  }
});

input?.addEventListener("input", () => {
  if (input.value.trim() === "") show(false);
});
input?.addEventListener("focus", () => {
  if (results?.hasChildNodes() && input.value.trim() !== "") show(true);
});
results?.addEventListener("htmx:afterSwap", () => show(input?.value.trim() !== ""));
form?.addEventListener("focusout", (event) => {
  if (results && !form.contains(event.relatedTarget as Node | null)) show(false);
});
// A click on a link must not close the list before it is followed.
results?.addEventListener("mousedown", (event) => event.preventDefault());

export {};
