// The lines of a board in the page: kept by key, filled with text, put in order.
import { pick, type Language } from "../words";
import { AWARDS, keys, type Standing } from "./document";
import { glide } from "./flip";
import type { Words } from "./words";

const STEPS: Partial<Record<string, string>> = { gold: "1", silver: "2", bronze: "3" };

interface Drawing {
  body: HTMLElement; // the <tbody>; its rows carry data-key
  template: HTMLTemplateElement; // one empty row
  max: string;
  criteria?: { letter: string }[] | undefined;
  lang: Language;
  words: Words;
}

/** Draws `lines` and glides those that move. Rows the server drew are taken over by their key. */
export function drawLines(drawing: Drawing, all: Standing[], lines: Standing[] = all): void {
  const keyOf = new Map(keys(all).map((key, i) => [all[i], key]));
  const rows = (): HTMLElement[] => [...drawing.body.children] as HTMLElement[];
  glide(rows, () => {
    const present = new Map(rows().map((row) => [row.dataset["key"], row]));
    const wanted = lines.map((line) => {
      const key = keyOf.get(line) ?? "";
      const row = present.get(key) ?? emptyRow(drawing.template, key);
      fill(row, line, drawing);
      return row;
    });
    drawing.body.replaceChildren(...wanted);
  });
}

function emptyRow(template: HTMLTemplateElement, key: string): HTMLElement {
  const row = template.content.firstElementChild?.cloneNode(true) as HTMLElement;
  row.dataset["key"] = key;
  return row;
}

function fill(row: HTMLElement, line: Standing, { max, criteria, lang, words }: Drawing): void {
  const put = (part: string, text: string): void => {
    const cell = row.querySelector(`[data-part="${part}"]`);
    if (cell && cell.textContent !== text) cell.textContent = text;
  };
  // With nothing released yet everybody is equal: that is no place worth showing.
  const place = line.place === null || line.released === 0 ? "" : String(line.place);
  row.dataset["step"] = step(line, place);
  put("place", place || "–");
  put("shared", !place ? "" : line.undecided ? words.undecided : line.shared ? words.shared : "");
  put("label", pick(line, "label", lang));
  row.toggleAttribute("data-long", long(pick(line, "label", lang) + pick(line, "delegation", lang)));
  put("delegation", pick(line, "delegation", lang));
  put("star", line.starred ? `★ ${words.star}` : "");
  put("sums", sums(line, criteria ?? []));
  drawAward(row, line, words);
  drawWhy(row, (lang === "zh" ? line.why_zh : line.why_en) ?? []);
  put("released", line.of ? `${line.released ?? 0} / ${line.of}` : "");
  put("total", line.total);
  put("score", String(line.score ?? "–"));
  const bar = row.querySelector("progress");
  if (bar) {
    bar.max = Number(max) || 100;
    bar.value = Number(line.total) || 0;
  }
}

/** The step a line stands on: of its medal where awards are given, else of its place; none while a
 *  tie waits. */
function step(line: Standing, place: string): string {
  if (line.undecided) return "";
  return line.award === undefined ? place : (STEPS[line.award ?? ""] ?? "");
}

/** The sums of a line, criterion by criterion; a dash where nothing is told yet. A letter is
 *  never parted from its figure. */
export function sums(line: Standing, criteria: { letter: string }[]): string {
  if (!line.parts) return "";
  return criteria.map(({ letter }, i) => `${letter}\u00a0${line.parts?.[i] ?? "–"}`).join("  ");
}

function drawAward(row: HTMLElement, line: Standing, words: Words): void {
  const badge = row.querySelector<HTMLElement>('[data-part="award"]');
  if (!badge) return;
  const award = AWARDS.find((one) => one === line.award);
  badge.hidden = !award;
  badge.dataset["award"] = award ?? "";
  badge.textContent = award ? words[`award_${award}`] : "";
}

/** The sentences behind "why this place"; what somebody has opened stays open. */
function drawWhy(row: HTMLElement, sentences: string[]): void {
  const why = row.querySelector<HTMLElement>('[data-part="why"]');
  const list = why?.querySelector("ul");
  if (!why || !list) return;
  why.hidden = sentences.length === 0;
  const said = [...list.children].map((one) => one.textContent);
  if (said.join("\n") === sentences.join("\n")) return;
  list.replaceChildren(
    ...sentences.map((sentence) => {
      const item = document.createElement("li");
      item.textContent = sentence;
      return item;
    }),
  );
}

/** Too long for one line at full size; a Chinese character is twice as wide as a letter. */
export function long(text: string): boolean {
  let width = 0;
  for (const letter of text) width += letter > "\u2e80" ? 2 : 1;
  return width > 34;
}
