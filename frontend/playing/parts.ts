// The parts every frame of a screen has: text by name, state badges, a table.
import { signOf, type Shown } from "../board/document";
import { clockFace } from "../board/format";
import type { Words as BoardWords } from "../board/words";
import { drawRows } from "../overall/rows";
import type { Row, Table } from "./tables";

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
export function turnState(badge: HTMLElement | null, state: Shown | undefined, w: BoardWords): void {
  if (!badge) return;
  badge.hidden = !state;
  if (!state) return;
  const sign = signOf(state);
  badge.dataset["state"] = sign;
  badge.querySelector("use")?.setAttribute("href", `${document.body.dataset["shapes"]}#${sign}`);
  const word = badge.querySelector("[data-word]");
  if (word) word.textContent = w[`state_${state}`];
}

/** One page of a table. */
export function drawTable(table: HTMLTableElement, kind: string, told: Table, rows: Row[], w: BoardWords): void {
  const head = table.tHead ?? table.createTHead();
  const line = head.rows[0] ?? head.insertRow();
  line.replaceChildren(
    ...told.head.map(([part, word]) => {
      const cell = element("th", `of-${part}`, word);
      cell.scope = "col";
      if (["gold", "silver", "bronze"].includes(part)) {
        cell.dataset["award"] = part;
        cell.classList.add("metal");
      }
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
