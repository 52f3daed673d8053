import { expect, test } from "vitest";
import type { DelegationRow } from "./document";
import { levels } from "./map";

const row = (code: string, gold: number, silver: number, bronze: number): DelegationRow =>
  ({ code, gold, silver, bronze }) as DelegationRow;

test("the most medals are the strongest, none is none, and others do not count", () => {
  const found = levels(
    [row("2301", 5, 3, 0), row("2306", 0, 1, 1), row("2302", 0, 0, 0), row("4401", 90, 0, 0)],
    ["2301", "2306", "2302", "2327"],
  );
  const codes = ["2301", "2306", "2302", "2327"];
  expect(codes.map((code) => found[code]?.level)).toEqual([4, 1, 0, 0]);
  expect(found["2301"]?.parts).toEqual({ gold: "5", silver: "3", bronze: "0" });
  expect(found["2327"]?.parts["gold"]).toBe("0");
});

test("without any result every tile is empty", () => {
  expect(levels([], ["2301"])["2301"]?.level).toBe(0);
});
