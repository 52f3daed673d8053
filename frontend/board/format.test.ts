import { describe, expect, test } from "vitest";
import { hms, remaining } from "../clock";
import { clockFace, pageOf, pages, timeOfDay } from "./format";
import { long } from "./lines";
import { WORDS } from "./words";

const clock = {
  starts_at: "2026-11-23T01:00:00.000Z",
  ends_at: "2026-11-23T06:00:00.000Z",
  paused_at: null,
};
const at = (iso: string): number => Date.parse(iso);

describe("the clock", () => {
  test.each([
    ["2026-11-23T00:59:30Z", "before", "00:00:30"],
    ["2026-11-23T01:00:00Z", "working", "05:00:00"],
    ["2026-11-23T05:59:59.500Z", "working", "00:00:01"], // zero only when it is over
    ["2026-11-23T06:00:00Z", "over", "00:00:00"],
  ])("at %s: %s, %s", (now, phase, figures) => {
    const found = remaining(clock, at(now));
    expect(found.phase).toBe(phase);
    expect(hms(found.ms)).toBe(figures);
  });

  test("stands still while paused", () => {
    const paused = { ...clock, paused_at: "2026-11-23T02:00:00Z" };
    for (const now of ["2026-11-23T02:00:00Z", "2026-11-23T09:00:00Z"]) {
      expect(remaining(paused, at(now))).toEqual({ phase: "paused", ms: 4 * 3_600_000 });
    }
  });

  test("without a time it says so", () => {
    expect(clockFace(null, 0, WORDS.zh)).toMatchObject({ figures: "--:--:--", word: "未安排时间" });
    const open = { ...clock, ends_at: null };
    expect(remaining(open, at("2026-11-23T02:00:00Z")).phase).toBe("unknown");
  });

  test("speaks both languages, in the competition's own time of day", () => {
    const now = at("2026-11-23T05:00:00Z");
    expect(clockFace(clock, now, WORDS.zh)).toEqual({
      figures: "01:00:00",
      word: "剩余",
      detail: "14:00 结束",
    });
    expect(clockFace(clock, now, WORDS.en).detail).toBe("Ends 14:00");
    expect(timeOfDay(at("2026-11-23T16:05:09Z"), true)).toBe("00:05:09");
  });
});

describe("pages of a screen", () => {
  test.each([
    [0, 1, 10],
    [7, 1, 7],
    [10, 1, 10],
    [11, 2, 6],
    [14, 2, 7],
    [41, 5, 9],
  ])("%i lines: %i pages of %i", (lines, count, size) => {
    expect(pages(lines, 10)).toEqual({ count, size });
  });

  test("every line is on exactly one page", () => {
    const lines = Array.from({ length: 41 }, (_, i) => i);
    const { count, size } = pages(lines.length, 10);
    const shown = Array.from({ length: count }, (_, page) => pageOf(lines, page, size)).flat();
    expect(shown).toEqual(lines);
  });

  test("names of two words' length are set smaller, never cut", () => {
    expect(long("选手 7F")).toBe(false);
    expect(long("欧阳·买买提江·艾合麦提大兴安岭地区代表团")).toBe(true);
    expect(long("Muhammad-Alexander Bartholomew Featherstonehaugh")).toBe(true);
  });
});
