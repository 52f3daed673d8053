import { describe, expect, test } from "vitest";
import { isOverall, type DelegationsBoard, type MedalsSkill, type Period } from "./document";
import { delegationLines, medalsLine, people, periodOf, periodState, periodsAhead } from "./lines";
import { WORDS } from "./words";

const row = (code: string, points: number): DelegationsBoard["rows"][number] => ({
  code,
  name_zh: `${code}代表团`,
  name_en: code,
  entries: 5,
  gold: 1,
  silver: 0,
  bronze: 0,
  more: 2,
  points,
  average_points: "1.20",
  total_score: 3533,
  average_score: null,
  best: [
    { skill: "W17", name_zh: "网站设计", name_en: "Web", label_zh: "张三", label_en: "Zhang San", score: 761 },
  ],
});

const board: DelegationsBoard = {
  kind: "delegations",
  sequence: 3,
  skills: { of: 64, official: 2, counted: 1 },
  small: 5,
  rows: [row("HRB", 8), row("DQ", 6)],
  orders: {
    points: { ranked: [{ code: "HRB", place: 1, shared: false }, { code: "DQ", place: 2, shared: false }], apart: [] },
    average_score: { ranked: [{ code: "DQ", place: 1, shared: true }], apart: ["HRB"] },
  },
};

describe("delegations", () => {
  test("each order of the document, with its places", () => {
    const by = (measure: string): string[] =>
      delegationLines(board, measure, "zh", WORDS.zh).ranked.map((one) => `${one.parts["place"]} ${one.key}`);
    expect(by("points")).toEqual(["1 HRB", "2 DQ"]);
    expect(by("average_score")).toEqual(["1 DQ"]);
    expect(by("unheard of")).toEqual([]);
  });

  test("who is too small for an average stands apart, without a place", () => {
    const [apart] = delegationLines(board, "average_score", "en", WORDS.en).apart;
    expect(apart?.parts).toMatchObject({ place: "–", name: "HRB", average_score: "–" });
    expect(apart?.parts["best"]).toBe("Best: 761, W17 Web, Zhang San");
  });
});

test("two of one medal stand side by side; a lacking medal is a dash", () => {
  const skill: MedalsSkill = {
    code: "W17", name_zh: "网站设计", name_en: "Web", zone_zh: "", zone_en: "", more: 1, more_award: "medallion",
    winners: [
      { award: "gold", label_zh: "张三", label_en: "Zhang San", delegation_zh: "大庆", delegation_en: "Daqing" },
      { award: "gold", label_zh: "选手 P4", label_en: "Competitor P4" },
    ],
  };
  const { parts } = medalsLine(skill, "zh", WORDS.zh);
  expect([parts["gold"], parts["silver"], parts["more"]]).toEqual(["张三 · 大庆 / 选手 P4", "–", "优胜奖 1 个"]);
  expect(medalsLine(skill, "en", WORDS.en).parts["more"]).toBe("Medallions for Excellence: 1");
  const none: MedalsSkill = { ...skill, more: 0, more_award: null };
  expect(medalsLine(none, "en", WORDS.en).parts["more"]).toBe("");
  expect(people([], "en")).toBe("");
});

test("a sign-in page or a skill's board is no board over all", () => {
  expect(isOverall(board)).toBe(true);
  for (const other of [null, "<html>", { sequence: 3 }, { sequence: 3, skill: { code: "W17" } }]) {
    expect(isOverall(other)).toBe(false);
  }
});

describe("the timetable", () => {
  const period = (number: number, day: number, more: Partial<Period> = {}): Period => ({
    code: "W17",
    name_zh: "网站",
    name_en: "Web",
    zone_zh: "",
    zone_en: "",
    number,
    period_zh: "赛段",
    period_en: "Period",
    starts_at: `2026-11-${day}T01:00:00Z`,
    started: false,
    ends_at: `2026-11-${day}T06:00:00Z`,
    paused_at: null,
    over: false,
    ...more,
  });
  const over = period(1, 23, { started: true, over: true });
  const late = period(2, 23);
  const now = Date.parse("2026-11-24T02:00:00Z");
  const numbers = (found: Period[]): number[] => found.map((one) => one.number);

  test("today's periods and those at work; else those of the next day that has any", () => {
    const night = period(3, 23, { started: true });
    const all = [over, late, night, period(4, 24), period(5, 25), period(6, 25), period(7, 26)];
    expect(numbers(periodsAhead(all, now, "zh"))).toEqual([3, 4]);
    expect(numbers(periodsAhead([over, late, ...all.slice(4)], now, "en"))).toEqual([5, 6]);
    expect(periodsAhead([over, late], now, "zh")).toEqual([]);
  });
  test("a skill's clock is about the period at work, else the next, else the last", () => {
    const paused = period(3, 24, { started: true, paused_at: "2026-11-24T02:00:00Z" });
    expect(periodOf([over, paused, period(4, 24)], "W17")?.number).toBe(3);
    expect(periodOf([over, period(4, 24)], "W17")?.number).toBe(4);
    expect(periodOf([over], "W17")?.number).toBe(1);
    expect(periodOf([over], "W10")).toBeUndefined();
    expect([over, paused, late].map(periodState)).toEqual(["over", "paused", "not_started"]);
  });
});
