// Lines that move to their new place instead of jumping. Calm: one motion, at most 600 ms.

const CALM = 480;

/** Runs `change`, then lets every element of `lines()` glide from where it was. */
export function glide(lines: () => Iterable<HTMLElement>, change: () => void): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden) {
    change();
    return;
  }
  const before = new Map<HTMLElement, number>();
  for (const line of lines()) before.set(line, line.getBoundingClientRect().top);
  change();
  for (const line of lines()) {
    const from = before.get(line);
    const to = line.getBoundingClientRect().top;
    if (from === undefined) {
      line.animate([{ opacity: 0 }, { opacity: 1 }], { duration: CALM, easing: "ease-out" });
    } else if (from !== to) {
      line.animate(
        [{ transform: `translateY(${from - to}px)` }, { transform: "none" }],
        { duration: CALM, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" },
      );
    }
  }
}
