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

export function shape(sheet: string, id: string, className = ""): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `shape ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sheet}#${id}`);
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
