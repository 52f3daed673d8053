// Rows stay where they are on the glass while something comes or goes above them: a network that
// flickers, and its banner with it, must not move a button from under a finger that is on its way.
// Safari has no scroll anchoring, and Chromium's rests at the top of a page: it is turned off here.

const ROWS = "[data-aspect], .t-card";
const FAINT = 2; // px; what is pressed shrinks a little

/** Draws, then scrolls by as much as the first row in sight was moved. */
export function anchored(root: Element, draw: () => void): void {
  const row = firstInSight(root);
  const before = row?.getBoundingClientRect().top ?? 0;
  draw();
  if (!row?.isConnected) return;
  const moved = row.getBoundingClientRect().top - before;
  if (Math.abs(moved) >= FAINT) scrollBy(0, moved);
}

function firstInSight(root: Element): Element | undefined {
  const from = root.querySelector(".t-top")?.getBoundingClientRect().bottom ?? 0;
  return [...root.querySelectorAll(ROWS)].find((row) => row.getBoundingClientRect().bottom > from);
}
