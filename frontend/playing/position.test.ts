import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { due, turn } from "./position";

interface Cases {
  entries: { id: number; seconds: number }[];
  since: string;
  cases: {
    says: string;
    entry: number;
    held: boolean;
    paused?: number;
    after: number;
    index: number;
    due_since: number;
    round: number;
  }[];
}
// The same file holds tests/judging/test_playing_rules.py.
const file = new URL("../../tests/judging/playing_cases.json", import.meta.url);
const { entries, since, cases } = JSON.parse(readFileSync(file, "utf-8")) as Cases;
const began = Date.parse(since);

describe("what is due", () => {
  test.each(cases)("$says", ({ entry, held, paused, after, index, due_since, round }) => {
    const stopped = paused === undefined ? null : new Date(began + paused).toISOString();
    expect(due(entries, { entry, since, held, paused: stopped }, began + after)).toEqual({
      index,
      since: began + due_since,
      round,
    });
  });
  test("nothing of an empty playlist", () => {
    expect(due([], { entry: 1, since, held: false }, began)).toBeNull();
  });
});

describe("which frame of an entry", () => {
  const at = { index: 0, since: 0, round: 0 };
  const frames = (seconds: number, count: number, round = 0): number[] => {
    const seen: number[] = [];
    for (let ms = 0; ms < seconds * 1000; ms += 100)
      seen.push(turn(seconds, count, { ...at, round }, false, ms).frame);
    return seen.filter((one, i) => one !== seen[i - 1]);
  };
  test("all of them within its time, each as long", () => {
    expect(frames(20, 2)).toEqual([0, 1]);
    expect(frames(30, 3)).toEqual([0, 1, 2]);
    expect(turn(20, 2, at, false, 10_000)).toEqual({ frame: 1, since: 10_000, lasts: 10_000 });
  });
  test("no page so short that it cannot be read: the rest comes with the next pass", () => {
    expect(frames(12, 5)).toEqual([0, 1]);
    expect(frames(12, 5, 1)).toEqual([2, 3]);
    expect(frames(12, 5, 2)).toEqual([4, 0]);
  });
  test("no page longer than twelve seconds where there are others", () => {
    expect(frames(60, 2)).toEqual([0, 1, 0, 1, 0, 1]);
  });
  test("one page stays; held, pages go on turning", () => {
    expect(turn(20, 1, at, false, 19_000).frame).toBe(0);
    expect([0, 9_999, 10_000, 25_000, 30_000].map((ms) => turn(20, 3, at, true, ms).frame)).toEqual([
      0, 0, 1, 2, 0,
    ]);
  });
});
