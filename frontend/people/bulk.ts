// Bulk acts: tick a whole page, and say that work is under way so that nobody presses twice.

const whole = document.querySelector<HTMLInputElement>("[data-bulk-page]");
const form = whole?.closest("form");

function ticks(): HTMLInputElement[] {
  return form ? [...form.querySelectorAll<HTMLInputElement>("input[name=id]")] : [];
}

if (whole && form) {
  whole.hidden = false;
  whole.addEventListener("change", () => {
    for (const tick of ticks()) tick.checked = whole.checked;
  });
  form.addEventListener("change", () => {
    const chosen = ticks().filter((tick) => tick.checked).length;
    whole.checked = chosen > 0 && chosen === ticks().length;
    whole.indeterminate = chosen > 0 && chosen < ticks().length;
  });
}

for (const busy of document.querySelectorAll<HTMLFormElement>("form[data-busy]")) {
  busy.addEventListener("submit", () => {
    const working = busy.querySelector<HTMLElement>(".bulk-working");
    if (working) working.hidden = false;
    for (const button of busy.querySelectorAll("button")) button.disabled = true;
  });
}
// Who comes back with the browser's arrow finds the buttons as they were.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll<HTMLButtonElement>("form[data-busy] button")) {
    button.disabled = false;
  }
});

export {};
