import { expect, test } from "vitest";

import type { App } from "./app";
import type { VNode } from "./dom";
import { TEXT } from "./text";
import type { Progress } from "./types";
import { list } from "./views/list";

const words = (one: VNode): string => [one.text, ...one.kids.map(words)].filter(Boolean).join(" ");

const app = (aside: boolean, more: Partial<Progress> = {}): App =>
  ({
    text: TEXT.zh,
    language: "zh",
    link: "online",
    route: { code: null },
    onlyOpen: false,
    outbox: { posts: [] },
    errands: { waiting: [] },
    pack: { codes: ["F-627"], scheme: { criteria: [{ sub_criteria: [] }] } },
    progress: {
      codes: {
        "F-627": {
          ...{ of: 69, mine: 69, panel: 12, aside, differing: 0, new_votes: 0, proposals: 0 },
          ...{ sheets: 3, confirmed: 0, to_confirm: 0, ...more },
        },
      },
    },
  }) as unknown as App;

test("a work that the judge must not mark is not shown as complete", () => {
  expect(words(list(app(false)))).toContain("已完成");
  const shown = words(list(app(true)));
  expect(shown).toContain("回避");
  expect(shown).not.toContain("已完成");
  expect(shown).not.toContain("69/69");
  expect(shown).toContain("12/69");
});

test("a work of which nothing is asked of the judge is not shown as complete", () => {
  const shown = words(list(app(false, { asked: 0 })));
  expect(shown).toContain("不由您评");
  expect(shown).not.toContain("已完成");
  expect(shown).not.toContain("69/69");
});

test("a work whose only vote is asked for again has begun", () => {
  const shown = words(list(app(false, { mine: 0, new_votes: 1, asked: 69 })));
  expect(shown).not.toContain("未开始");
});
