import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decimal, type Rule, work } from "./calculation";

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
