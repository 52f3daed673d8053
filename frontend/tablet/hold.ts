// A button that must be held: it says "held" when a finger, or Enter or Space, stayed long enough.

export const HOLD = 1_500; // ms

/** For `mount`: turns holding into one "held" event; data-holding drives the filling bar. */
export function holdable(button: HTMLElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    delete button.dataset["holding"];
  };
  const begin = (): void => {
    if (timer !== undefined || button.getAttribute("aria-disabled") === "true") return;
    button.dataset["holding"] = "";
    timer = setTimeout(() => {
      stop();
      navigator.vibrate?.(30);
      button.dispatchEvent(new CustomEvent("held"));
    }, HOLD);
  };

  button.addEventListener("pointerdown", (event) => {
    if (event.button === 0) begin();
  });
  for (const type of ["pointerup", "pointerleave", "pointercancel", "blur", "keyup"]) {
    button.addEventListener(type, stop);
  }
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (!event.repeat) begin();
  });
  button.addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch
}
