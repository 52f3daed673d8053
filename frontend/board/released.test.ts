import { expect, test } from "vitest";
import { shownState, signOf, type Board, type Standing } from "./document";
import { released } from "./released";
import { WORDS } from "./words";

const board = (undecided: boolean): Board => ({
  skill: { code: "N03", name_zh: "数控", name_en: "CNC" },
  sequence: 1,
  state: "final",
  release: "final",
  clock: null,
  progress: null,
  max: "100.00",
  standings: [{ place: 1, shared: false, label_zh: "甲", label_en: "A", total: "9.00", undecided } as Standing],
});

test("locked results are not called official while places wait for a decision", () => {
  expect(shownState(board(false))).toBe("final");
  expect(released(board(false), WORDS.zh)).toBe("正式成绩，已由裁判长锁定");
  expect(shownState(board(true))).toBe("undecided");
  expect(signOf("undecided")).toBe("checking");
  expect(released(board(true), WORDS.zh)).toBe("已由裁判长锁定，有名次待定");
  expect(released(board(true), WORDS.en)).not.toContain("Official");
});
