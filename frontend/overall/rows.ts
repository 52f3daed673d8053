// Lines of a board over all skills in the page: kept by key, filled with text, put in order.
import { glide } from "../board/flip";
import type { Line } from "./lines";

/** Draws `lines` into `body`, and glides those that move. */
export function drawRows(body: Element, template: HTMLTemplateElement, lines: Line[]): void {
  const rows = (): HTMLElement[] => [...body.children] as HTMLElement[];
  glide(rows, () => {
    const present = new Map(rows().map((row) => [row.dataset["key"], row]));
    const wanted = lines.map((line) => {
      const empty = template.content.firstElementChild;
      const row = present.get(line.key) ?? (empty?.cloneNode(true) as HTMLElement);
      row.dataset["key"] = line.key;
      Object.assign(row.dataset, line.data);
      fill(row, line);
      return row;
    });
    body.replaceChildren(...wanted);
  });
}

/** Puts the texts of a line into its row. */
export function fill(row: HTMLElement, line: Line): void {
  for (const [name, text] of Object.entries(line.parts)) {
    const part = row.querySelector(`[data-part="${name}"]`);
    if (part && part.textContent !== text) part.textContent = text;
  }
  const link = row.querySelector("a[data-skill]") ?? row.closest("a[data-skill]");
  link?.setAttribute("href", `/skills/${encodeURIComponent(line.data["skill"] ?? line.key)}`);
}
