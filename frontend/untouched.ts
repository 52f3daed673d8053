// Nothing moves under a finger: a notice that came between the touch and its click pushed the rows
// on, and the browser gave the click to what stood there by then, a mark for another aspect.

const TAP = 1_200; // ms; a finger that stays longer holds something, and sees what comes of it
const CLICK = 100; // ms in which a browser makes a click of a finger that was lifted

let down: ReturnType<typeof setTimeout> | undefined;
const due = new Set<() => void>();

function lifted(): void {
  clearTimeout(down);
  down = undefined;
  const runs = [...due];
  due.clear();
  for (const run of runs) run();
}

function within(ms: number): void {
  clearTimeout(down);
  down = setTimeout(lifted, ms);
}

addEventListener("pointerdown", () => within(TAP), true);
addEventListener("pointerup", () => down !== undefined && within(CLICK), true);
addEventListener("pointercancel", lifted, true); // the page is scrolled
addEventListener("click", lifted); // after the handlers of what was clicked

/** Whether a finger is on the page, or was lifted so shortly ago that its click is yet to come. */
export const isTouched = (): boolean => down !== undefined;

/** Run what changes the page: at once, or once when the click of the finger on it was answered. */
export function untouched(run: () => void): void {
  if (isTouched()) due.add(run);
  else run();
}
