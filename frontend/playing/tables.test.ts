import { expect, test } from "vitest";
import { WORDS as BOARD_WORDS } from "../board/words";
import type { DelegationsBoard, MedalsBoard } from "../overall/document";
import { cityTable, delegationsTable, type Said } from "./tables";
import { WORDS } from "./words";

const row: DelegationsBoard["rows"][number] = {
  code: "HRB", name_zh: "哈尔滨代表团", name_en: "Harbin", entries: 5, gold: 0, silver: 0, bronze: 0, more: 1,
  points: 1, average_points: "0.20", total_score: 3533, average_score: "706.60",
  best: [{ skill: "W17", name_zh: "网站", name_en: "Web", label_zh: "张三", label_en: "Zhang San", score: 720 }],
};
const board: DelegationsBoard = {
  kind: "delegations", sequence: 1, skills: { of: 64, official: 1, counted: 1 }, small: 5, rows: [row], orders: {},
};
const medals: MedalsBoard = {
  kind: "medals", sequence: 1, of: 64, totals: { gold: 0, silver: 0, bronze: 0 }, skills: [],
};
const said = (lang: "zh" | "en"): Said => ({ lang, w: WORDS[lang], boards: BOARD_WORDS[lang] });

test("a scale score is called an approximation wherever a screen shows one", () => {
  expect(cityTable(board, medals, "HRB", said("zh")).rows[0]?.parts["award"]).toBe("换算分 720（近似）");
  expect(cityTable(board, medals, "HRB", said("en")).rows[0]?.parts["award"]).toBe("scale score 720 (approximation)");
  for (const by of ["average_score", "total_score"])
    expect(delegationsTable(board, by, said("zh")).said).toContain("近似");
  expect(delegationsTable(board, "points", said("zh")).said).not.toContain("近似");
});

test("a screen's code is told in the words of the board's own screen", () => {
  expect([WORDS.zh.scan, WORDS.en.scan]).toEqual(["扫码用手机看榜", "Scan to follow on a phone"]);
});
