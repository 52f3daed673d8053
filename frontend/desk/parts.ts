// Puts the parts of a fresh page in place of those that changed, and leaves the rest alone.

/** Replaces every part whose markup differs; returns those that were replaced. */
export function replaceParts(page: Document, fresh: Document): Element[] {
  const replaced: Element[] = [];
  for (const part of page.querySelectorAll("[data-part]")) {
    const next = fresh.getElementById(part.id);
    if (!next || sameBut(part, next)) continue;
    const scrolled = [...part.querySelectorAll("[id]")].map((one) => [one.id, one.scrollLeft] as const);
    const open = [...part.querySelectorAll("details")].map((one) => one.open);
    const held = part.contains(page.activeElement) ? page.activeElement?.id : "";
    part.replaceWith(next);
    if (held) page.getElementById(held)?.focus({ preventScroll: true });
    for (const [id, left] of scrolled) {
      const spot = page.getElementById(id);
      if (spot && left) spot.scrollLeft = left;
    }
    next.querySelectorAll("details").forEach((one, i) => (one.open = open[i] ?? false));
    replaced.push(next);
  }
  return replaced;
}

/** Equal but for what the script itself wrote into clocks, and open details. */
function sameBut(old: Element, fresh: Element): boolean {
  const bare = (from: Element): string => {
    const copy = from.cloneNode(true) as Element;
    copy.querySelectorAll("[data-clock]").forEach((one) => (one.textContent = ""));
    copy.querySelectorAll("details").forEach((one) => one.removeAttribute("open"));
    copy.querySelectorAll("input[name=csrf_token]").forEach((one) => one.removeAttribute("value"));
    return copy.innerHTML;
  };
  return bare(old) === bare(fresh);
}
