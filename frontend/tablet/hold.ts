// A button that must be held: it says "held" when a finger, or Enter or Space, stayed long enough.

export const HOLD = 1_500; // ms

/** For `mount`: turns holding into one "held" event; data-holding drives the filling bar. */
export function holdable(button: HTMLElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let since = 0;

  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    delete button.dataset["holding"];
  };
  const held = (): void => {
    stop();
    button.dispatchEvent(new CustomEvent("held"));
  };
  const begin = (at: number): void => {
    if (timer !== undefined || button.getAttribute("aria-disabled") === "true") return;
    button.dataset["holding"] = "";
    since = at;
    timer = setTimeout(held, HOLD);
  };
  // On a busy tablet the release may be heard before a timer that is due: the events' own times
  // say how long the finger really stayed.
  const release = (event: Event): void => {
    if (timer !== undefined && event.timeStamp - since >= HOLD) held();
    else stop();
  };

  button.addEventListener("pointerdown", (event) => {
    if (event.button === 0) begin(event.timeStamp);
  });
  for (const type of ["pointerup", "keyup"]) button.addEventListener(type, release);
  for (const type of ["pointerleave", "pointercancel", "blur"]) button.addEventListener(type, stop);
  button.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (!event.repeat) begin(event.timeStamp);
  });
  button.addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch
}
