// The parts every frame of a screen has: text by name, state badges, a QR code, a table, size.
import encodeQR from "qr";
import type { State } from "../board/document";
import { clockFace } from "../board/format";
import type { Words as BoardWords } from "../board/words";
import { drawRows } from "../overall/rows";
import type { Row, Table } from "./tables";

const SVG = "http://www.w3.org/2000/svg";

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  text = "",
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

export function clone(id: string): HTMLElement {
  const found = document.querySelector<HTMLTemplateElement>(`template#${id}`);
  return found?.content.firstElementChild?.cloneNode(true) as HTMLElement;
}

export function template(id: string): HTMLTemplateElement {
  return document.querySelector<HTMLTemplateElement>(`template#${id}`) as HTMLTemplateElement;
}

export function put(root: ParentNode, name: string, text: string): void {
  for (const part of root.querySelectorAll(`[data-part="${name}"]`))
    if (part.textContent !== text) part.textContent = text;
}

/** A state badge: word, shape and colour together; hidden without a state. */
export function turnState(badge: HTMLElement | null, state: State | undefined, w: BoardWords): void {
  if (!badge) return;
  badge.hidden = !state;
  if (!state) return;
  badge.dataset["state"] = state;
  badge.querySelector("use")?.setAttribute("href", `${document.body.dataset["shapes"]}#${state}`);
  const word = badge.querySelector("[data-word]");
  if (word) word.textContent = w[`state_${state}`];
}

/** A QR code as one path, dark on white whatever the look of the screen. */
export function qr(text: string): SVGSVGElement {
  const cells = encodeQR(text, "raw", { ecc: "medium", border: 2 });
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("viewBox", `0 0 ${cells.length} ${cells.length}`);
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", text);
  const path = document.createElementNS(SVG, "path");
  const dark = cells.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : "")));
  path.setAttribute("d", dark.join(""));
  made.append(path);
  return made;
}

/** One page of a table. */
export function drawTable(table: HTMLTableElement, kind: string, told: Table, rows: Row[], w: BoardWords): void {
  const head = table.tHead ?? table.createTHead();
  const line = head.rows[0] ?? head.insertRow();
  line.replaceChildren(
    ...told.head.map(([part, word]) => {
      const cell = element("th", `of-${part}`, word);
      cell.scope = "col";
      if (["gold", "silver", "bronze"].includes(part)) cell.dataset["award"] = part;
      return cell;
    }),
  );
  const body = table.tBodies[0] ?? table.createTBody();
  drawRows(body, template(`row-${kind}`), rows);
  rows.forEach((row, i) => {
    const place = body.rows[i];
    if (!place) return;
    turnState(place.querySelector<HTMLElement>(".state"), row.state, w);
  });
}

/** Writes the clocks of a table's rows. */
export function tickRows(table: HTMLTableElement, rows: Row[], now: number, w: BoardWords): void {
  rows.forEach((row, i) => {
    const place = table.tBodies[0]?.rows[i];
    if (!place || row.clock === undefined) return;
    const face = clockFace(row.clock, now, w);
    put(place, "figures", row.clock ? face.figures : "");
  });
}

/** Makes what does not fit smaller, step by step: nothing is ever cut off. */
export function fit(box: HTMLElement): void {
  for (let size = 100; size >= 40; size -= 5) {
    box.style.setProperty("--fit", String(size / 100));
    if (box.scrollHeight <= box.clientHeight + 1 && box.scrollWidth <= box.clientWidth + 1) return;
  }
}
