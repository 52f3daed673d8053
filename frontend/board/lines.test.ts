// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import type { Standing } from "./document";
import { drawLines, sums } from "./lines";
import { WORDS } from "./words";

const line = (place: number, label: string, total: string, shared = false): Standing => ({
  place,
  shared,
  label_zh: `选手 ${label}`,
  label_en: `Competitor ${label}`,
  total,
});

let body: HTMLElement;
let template: HTMLTemplateElement;

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: true })); // reduced motion: no animation at all
  document.body.innerHTML = "<table><tbody></tbody></table><template></template>";
  body = document.querySelector("tbody") as HTMLElement;
  template = document.querySelector("template") as HTMLTemplateElement;
  const row = document.createElement("tr");
  for (const part of ["place", "shared", "label", "total"]) {
    row.appendChild(document.createElement("td")).dataset["part"] = part;
  }
  template.content.append(row.cloneNode(true)); // happy-dom loses a row in a template's text
  row.dataset["key"] = "选手 7F|";
  body.append(row);
});

const draw = (lines: Standing[], lang: "zh" | "en" = "zh"): void =>
  drawLines({ body, template, max: "100.00", lang, words: WORDS[lang] }, lines);
const texts = (part: string): (string | null)[] =>
  [...body.querySelectorAll(`[data-part="${part}"]`)].map((cell) => cell.textContent);

test("the server's rows are kept and moved, new ones are made, old ones go", () => {
  const first = body.querySelector("tr");
  draw([line(1, "K2", "45.50"), line(2, "7F", "41.15")]);
  expect(texts("label")).toEqual(["选手 K2", "选手 7F"]);
  expect(texts("total")).toEqual(["45.50", "41.15"]);
  expect(body.children[1]).toBe(first);
  draw([line(1, "K2", "45.50")]);
  expect(texts("label")).toEqual(["选手 K2"]);
});

test("a shared place is said in words; English pages say it in English", () => {
  draw([line(1, "K2", "45.50", true), line(1, "7F", "45.50", true)], "en");
  expect(texts("place")).toEqual(["1", "1"]);
  expect(texts("shared")).toEqual(["shared", "shared"]);
  expect(texts("label")).toEqual(["Competitor K2", "Competitor 7F"]);
});

test("with nothing released yet nobody has a place", () => {
  draw([
    { ...line(1, "K2", "0.00", true), released: 0, of: 40 },
    { ...line(1, "7F", "0.00", true), released: 0, of: 40 },
  ]);
  expect(texts("place")).toEqual(["–", "–"]);
  expect(texts("shared")).toEqual(["", ""]);
  expect((body.children[0] as HTMLElement).dataset["step"]).toBe("");
});

test("a name is text, never markup", () => {
  draw([{ ...line(1, "x", "1.00"), label_zh: "<b>王</b>" }]);
  expect(texts("label")).toEqual(["<b>王</b>"]);
  expect(body.querySelector("b")).toBeNull();
});

const official = (why: string[]): Standing => ({
  ...line(1, "7F", "41.15"),
  award: "gold",
  why_zh: why,
  why_en: ["Place 1 with 41.15."],
});

test("an official line shows its award and why it stands there; opened stays open", () => {
  const row = template.content.firstElementChild as HTMLElement;
  const award = row.appendChild(document.createElement("span"));
  award.dataset["part"] = "award";
  const why = row.appendChild(document.createElement("details"));
  why.dataset["part"] = "why";
  why.append(document.createElement("ul"));
  body.replaceChildren();
  draw([official(["第 1 名，总分 41.15。"])]);
  const details = body.querySelector("details") as HTMLDetailsElement;
  expect(texts("award")).toEqual(["金牌"]);
  expect([...details.querySelectorAll("li")].map((one) => one.textContent)).toEqual([
    "第 1 名，总分 41.15。",
  ]);
  details.open = true;
  draw([official(["第 1 名，总分 41.15，与 选手 K2 总分相同。"])]);
  expect(details.isConnected && details.open).toBe(true);
  expect(details.textContent).toContain("总分相同");
  draw([line(1, "7F", "41.15")]); // unlocked: nothing official is left
  expect(details.hidden && body.querySelector<HTMLElement>("[data-part=award]")?.hidden).toBe(true);
});

test("where awards are given the step is the medal's, else the place's", () => {
  const steps = (lines: Standing[]): (string | undefined)[] => {
    draw(lines);
    return ([...body.children] as HTMLElement[]).map((row) => row.dataset["step"]);
  };
  const three = [line(1, "7F", "3.00"), line(2, "K2", "2.00"), line(3, "P4", "1.00")];
  expect(steps(three)).toEqual(["1", "2", "3"]);
  const given = (awards: Standing["award"][]): Standing[] =>
    three.map((one, i) => ({ ...one, award: awards[i] ?? null }));
  expect(steps(given(["gold", "gold", "gold"]))).toEqual(["1", "1", "1"]);
  expect(steps(given(["gold", "merit", null]))).toEqual(["1", "", ""]);
});

test("the score on the skill's scale, or a dash for who has none", () => {
  const cell = template.content.firstElementChild?.appendChild(document.createElement("td"));
  if (cell) cell.dataset["part"] = "score";
  body.replaceChildren();
  draw([{ ...line(1, "7F", "3.00"), score: 738 }, { ...line(2, "K2", "2.00"), score: null }]);
  expect(texts("score")).toEqual(["738", "–"]);
});

test("a letter is never parted from its sum", () => {
  const told = { ...line(1, "7F", "3.00"), parts: ["3.00", null] };
  expect(sums(told, [{ letter: "A" }, { letter: "B" }])).toBe("A\u00a03.00  B\u00a0–");
});

test("a tie that waits for its ruling is not called shared, and stands on no step", () => {
  draw([{ ...line(1, "7F", "1.00"), undecided: true }]);
  expect(texts("shared")).toEqual(["待定"]);
  expect(texts("place")).toEqual(["1"]);
  expect(body.querySelector<HTMLElement>("tr")?.dataset["step"]).toBe("");
});
