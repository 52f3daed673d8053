// Small hands for the page: find what the template has prepared, make elements, set words.

export function need<T extends Element>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (!found) throw new Error(`the page lacks ${selector}`);
  return found;
}

/** The element that the template marked with `data-show`. */
export function place(name: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-show="${name}"]`);
}

/** Puts a text; hides the place where the text is empty and the template hid it at first. */
export function put(name: string, text: string, hideEmpty = false): void {
  const at = place(name);
  if (!at) return;
  if (at.textContent !== text) at.textContent = text;
  if (hideEmpty) at.hidden = text === "";
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** Puts the shapes into the page itself: without a network a sheet cannot be asked for. */
export async function keepShapes(sheet: string): Promise<void> {
  const answer = await fetch(sheet).catch(() => null);
  if (!answer?.ok) return;
  const drawn = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
  const kept = document.importNode(drawn.documentElement, true);
  kept.setAttribute("aria-hidden", "true");
  kept.id = "kept-shapes";
  document.body.append(kept);
}

/** Where a shape is found: in the page once they are kept, else in their sheet. */
export function shapeAddress(sheet: string, id: string): string {
  return document.querySelector(`#kept-shapes #${id}`) ? `#${id}` : `${sheet}#${id}`;
}

export function shape(sheet: string, id: string, className = ""): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `shape ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", shapeAddress(sheet, id));
  svg.append(use);
  return svg;
}

export function notice(sheet: string, kind: string, ...inside: (Node | string)[]): HTMLElement {
  const box = make("div", "notice");
  box.dataset["kind"] = kind;
  const sign = { success: "yes", info: "info" }[kind] ?? "warning";
  box.append(shape(sheet, sign, "size-5 mt-0.5 shrink-0"), make("div", "", ...inside));
  return box;
}
