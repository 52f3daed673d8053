import { expect, test } from "vitest";
import type { Board } from "./document";
import { spoken } from "./spoken";
import { WORDS } from "./words";

const board = (...labels: string[]): Board => ({
  skill: { code: "W17", name_zh: "网站", name_en: "Web" },
  sequence: 1, state: "running", release: "confirmed", clock: null, progress: null, max: "100.00",
  standings: labels.map((label, i) => ({
    place: i + 1, shared: false, label_zh: `选手 ${label}`, label_en: `Competitor ${label}`, total: "1.00",
  })),
});
const after = (was: Board, is: Board, said: string): string => spoken(was, is, said, "en", WORDS.en);

test("a new first place is said, and stays said while it leads", () => {
  const said = after(board("7F", "5Y"), board("5Y", "7F"), "");
  expect(said).toBe("Competitor 5Y is now in place 1");
  expect(after(board("5Y", "7F"), board("5Y"), said)).toBe(said);
});

test("nothing is said of who led once the board is hidden", () => {
  expect(after(board("5Y"), board(), "Competitor 5Y is now in place 1")).toBe("");
});
