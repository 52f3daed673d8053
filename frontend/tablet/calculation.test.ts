import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { canGive, decimal, type Rule, work } from "./calculation";

interface Example {
  name: string;
  rule: Rule | null;
  max: number;
  cases: [string, number | null][];
}
const file = new URL("../../tests/judging/calculation_cases.json", import.meta.url);
const examples = JSON.parse(readFileSync(file, "utf-8")) as Example[];

describe("the worked cases that the server is held to as well", () => {
  const read = examples.filter((one) => one.rule);
  it("are there", () => expect(read.length).toBeGreaterThan(10));
  it.each(read.map((one) => [one.name, one] as const))("%s", (_name, one) => {
    for (const [observed, mark] of one.cases) {
      expect([observed, work(one.rule!, observed, one.max)]).toEqual([observed, mark]);
    }
  });
});

it.each([["1e3"], [""], ["."], ["--1"], ["1.2.3"], ["９".repeat(30)], ["0x1"]])(
  "%j is no number",
  (text) => expect(decimal(text)).toBeNull(),
);
it("full-width figures and one comma are understood", () =>
  expect(decimal("１２,５")).toBe(decimal("12.5")));

it("a choice gives the marks of its choices and no other", () => {
  const option = (number: number, deduction: string) =>
    ({ number, label: String(number), deduction, percent: false });
  const rule: Rule = { kind: "CHOICE", options: [option(1, "0"), option(2, "0.5")] };
  expect([100, 50, 0].map((mark) => canGive(rule, mark, 100))).toEqual([true, true, false]);
  expect(canGive(null, 0, 100)).toBe(true);
});
