import { describe, expect, test } from "vitest";
import { isOverall, type DelegationsBoard, type MedalsSkill } from "./document";
import { delegationLines, medalsLine, people } from "./lines";
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
    code: "W17", name_zh: "网站设计", name_en: "Web", zone_zh: "", zone_en: "", more: 1, undecided: false,
    winners: [
      { award: "gold", label_zh: "张三", label_en: "Zhang San", delegation_zh: "大庆", delegation_en: "Daqing" },
      { award: "gold", label_zh: "选手 P4", label_en: "Competitor P4" },
    ],
  };
  const { parts } = medalsLine(skill, "zh", WORDS.zh);
  expect([parts["gold"], parts["silver"], parts["more"]]).toEqual(["张三 · 大庆 / 选手 P4", "–", "优胜奖 1 个"]);
  expect(people([], "en")).toBe("");
});

test("a sign-in page or a skill's board is no board over all", () => {
  expect(isOverall(board)).toBe(true);
  for (const other of [null, "<html>", { sequence: 3 }, { sequence: 3, skill: { code: "W17" } }]) {
    expect(isOverall(other)).toBe(false);
  }
});
