import { expect, test } from "vitest";

import type { App } from "./app";
import type { VNode } from "./dom";
import { TEXT } from "./text";
import type { Aspect, Judged, Work } from "./types";
import { judgement } from "./views/votes";

const words = (one: VNode): string => [one.text, ...one.kids.map(words)].filter(Boolean).join(" ");

const LOOK = { id: 3, kind: "J", max: 200, code: "B1.01", rungs: [] } as unknown as Aspect;

const app = {
  text: TEXT.zh,
  language: "zh",
  route: { code: "K-073" },
  me: { id: 1 },
  pack: { panel: [{ id: 1, label: "李" }, { id: 2, label: "王" }] },
  outbox: { posts: [] },
  works: new Map(),
  errands: { waiting: [] },
  draft: () => "",
} as unknown as App;

function shown(more: Partial<Judged>): string {
  const cell = { round: 1, mine: 2, my_reason: "", voted: [1], rounds: [], checks: [], remarks: [] };
  const cells = { "3": { ...cell, needs_new_vote: false, agreed: false, mark: null, ...more } };
  return words(judgement(app, { cells, locked_at: null } as unknown as Work, LOOK));
}

test("a vote says whom it waits for, and not that it is shown soon where too few judges sit", () => {
  expect(shown({ panel: [1, 2] })).toContain("已投票 2，等待 1 人");
  expect(shown({ panel: [1], too_few: true })).toContain("裁判员不足");
  expect(shown({ panel: [1] })).toContain("正在揭示");
});
