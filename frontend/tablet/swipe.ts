// A swipe with one finger, to the next or the previous; everything it does has a button as well.

const FAR = 90; // px
const FLAT = 0.4; // of it, at most, up or down
const SOON = 600; // ms

/** For `mount`: calls `go` with 1 (the finger went left: the next) or -1. */
export const swipeable =
  (go: (step: 1 | -1) => void) =>
  (element: HTMLElement): void => {
    let from: { x: number; y: number; at: number } | null = null;
    element.addEventListener(
      "touchstart",
      (event) => {
        const [one, another] = event.touches;
        from = one && !another ? { x: one.clientX, y: one.clientY, at: event.timeStamp } : null;
      },
      { passive: true },
    );
    element.addEventListener("touchend", (event) => {
      const to = event.changedTouches[0];
      if (!from || !to || event.timeStamp - from.at > SOON) return;
      const [x, y] = [to.clientX - from.x, to.clientY - from.y];
      from = null;
      if (Math.abs(x) >= FAR && Math.abs(y) <= FLAT * Math.abs(x)) go(x < 0 ? 1 : -1);
    });
  };
