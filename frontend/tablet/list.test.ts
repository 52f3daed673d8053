import { expect, test } from "vitest";

import type { App } from "./app";
import type { VNode } from "./dom";
import { TEXT } from "./text";
import { list } from "./views/list";

const words = (one: VNode): string => [one.text, ...one.kids.map(words)].filter(Boolean).join(" ");

const app = (aside: boolean): App =>
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
          ...{ sheets: 3, confirmed: 0, to_confirm: 0 },
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
