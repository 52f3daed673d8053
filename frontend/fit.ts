// Size of what is read from far away: nothing is ever cut off.

/** Makes what does not fit into a box smaller, step by step; `parts`: what must hold what it shows. */
export function fit(box: HTMLElement, parts: Element[] = [box]): void {
  for (let size = 100; size >= 40; size -= 5) {
    box.style.setProperty("--fit", String(size / 100));
    if (parts.every((one) => one.scrollHeight <= one.clientHeight + 1 && one.scrollWidth <= one.clientWidth + 1)) return;
  }
}
