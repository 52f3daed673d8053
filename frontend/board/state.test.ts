import { describe, expect, test } from "vitest";
import { isBoard, keys, type Board, type Standing } from "./document";
import { hear, type Document, type Known } from "./state";

function board(sequence: number, total = "10.00", code = "W17"): Board {
  return {
    skill: { code, name_zh: "网站设计", name_en: "Web Technologies" },
    sequence,
    state: "running",
    release: "automatic",
    clock: null,
    progress: null,
    standings: [line("选手 7F", total)],
    max: "100.00",
  };
}

function line(label: string, total = "10.00"): Standing {
  return { place: 1, shared: false, label_zh: label, label_en: label, total };
}

const known: Known = { board: board(41), link: "connecting", asOf: 1_000 };

describe("what the page knows", () => {
  test("a later document replaces the board, whatever was missed between", () => {
    const next = hear(known, { kind: "board", board: board(44, "45.50"), at: 2_000 });
    expect(next.board.standings[0]?.total).toBe("45.50");
    expect(next.board.sequence).toBe(44);
    expect(next.asOf).toBe(2_000);
  });

  test("an older document is ignored, and does not make the page look fresh", () => {
    expect(hear(known, { kind: "board", board: board(40, "99.00"), at: 2_000 })).toBe(known);
  });

  test("the same document again keeps what is drawn and is fresh", () => {
    const next = hear(known, { kind: "board", board: board(41, "10.00"), at: 2_000 });
    expect(next.board).toBe(known.board);
    expect(next.asOf).toBe(2_000);
  });

  test("a poll that answers late does not undo a push", () => {
    const pushed = hear(known, { kind: "board", board: board(43, "43.00"), at: 2_000 });
    const polled = hear(pushed, { kind: "board", board: board(42, "42.00"), at: 3_000 });
    expect(polled.board.standings[0]?.total).toBe("43.00");
  });

  test("a board of another skill is ignored", () => {
    expect(hear(known, { kind: "board", board: board(99, "1.00", "W18"), at: 2_000 })).toBe(known);
  });

  test("boards over all skills go by the same rule, each kind for itself", () => {
    const now: Known<Document> = {
      board: { kind: "now", sequence: 5 },
      link: "live",
      asOf: 1_000,
    };
    const at = 2_000;
    const take = (board: Document): number => hear(now, { kind: "board", board, at }).board.sequence;
    expect(take({ kind: "now", sequence: 6 })).toBe(6);
    expect(take({ kind: "now", sequence: 4 })).toBe(5);
    expect(take({ kind: "medals", sequence: 9 })).toBe(5);
  });

  test("losing and finding the link keeps the last good board", () => {
    const lost = hear(known, { kind: "link", link: "lost" });
    expect(lost).toEqual({ ...known, link: "lost" });
    const back = hear(lost, { kind: "link", link: "live" });
    const fresh = hear(back, { kind: "board", board: board(42), at: 9_000 });
    expect(fresh).toMatchObject({ link: "live", asOf: 9_000, board: { sequence: 42 } });
  });

  test("a sign of life moves only the time, and never back", () => {
    expect(hear(known, { kind: "alive", at: 5_000 })).toEqual({ ...known, asOf: 5_000 });
    expect(hear(known, { kind: "alive", at: 500 }).asOf).toBe(1_000);
  });
});

describe("documents", () => {
  test("a sign-in page, an error or an older shape is not a board", () => {
    expect(isBoard(board(1))).toBe(true);
    for (const other of [null, "<html>", {}, { error: { zh: "…" } }, { sequence: 3 }]) {
      expect(isBoard(other)).toBe(false);
    }
    expect(isBoard({ ...board(1), state: "unheard of" })).toBe(false);
  });

  test("two people of one name get two keys, and keep them when they move", () => {
    const wang = { ...line("王伟"), delegation_zh: "哈尔滨" };
    const [a, b] = [wang, { ...wang, delegation_zh: "大庆" }];
    expect(keys([a, b])).toEqual(["王伟|哈尔滨", "王伟|大庆"]);
    expect(keys([b, a])).toEqual(["王伟|大庆", "王伟|哈尔滨"]);
    expect(new Set(keys([a, { ...a }])).size).toBe(2);
  });
});
