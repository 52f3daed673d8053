// Two people on one draft: nothing of either is lost.
import { expect, test } from "vitest";
import { merge, withTheirs } from "./merge";
import * as tree from "./tree";
import type { Aspect, Body, Criterion } from "./types";

const BASE: Body = (() => {
  const first = tree.criterion({ sections: [], criteria: [] });
  first.sub_criteria[0]?.aspects.push(tree.aspect(), tree.aspect());
  return { sections: [], criteria: [first, tree.criterion({ sections: [], criteria: [first] })] };
})();
const [one, two, three] = tree.aspects(BASE).map((it) => it.key) as [string, string, string];
const A = BASE.criteria[0] as Criterion;
const edit = (body: Body, key: string, part: Partial<Aspect>): Body =>
  tree.changed<Aspect>(body, key, part);

test("different fields and different nodes go together", () => {
  const mine = edit(edit(BASE, one, { zh: "我" }), two, { max: "2" });
  const theirs = edit(edit(BASE, one, { en: "they" }), three, { max: "3" });
  const { body, clashes } = merge(BASE, mine, theirs);
  expect(clashes).toEqual([]);
  const found = tree.aspects(body);
  expect([found[0]?.zh, found[0]?.en, found[1]?.max, found[2]?.max]).toEqual(
    ["我", "they", "2", "3"],
  ); // prettier-ignore
});

test("the order of fields in what the server answers is no change", () => {
  const sorted = JSON.parse(
    JSON.stringify(BASE, (_, value: unknown) =>
      value && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort())
        : value,
    ),
  ) as Body;
  const mine = edit(BASE, one, { calculation: { kind: "CHOICE" } });
  const { body, clashes } = merge(BASE, mine, sorted);
  expect(clashes).toEqual([]);
  expect(tree.aspects(body)[0]?.calculation.kind).toBe("CHOICE");
});

test("the same field changed by both stays mine and is told", () => {
  const mine = edit(BASE, one, { zh: "我", calculation: { kind: "CHOICE" } });
  const theirs = edit(BASE, one, { zh: "他", calculation: { kind: "PARTIAL_MARK" } });
  const { body, clashes } = merge(BASE, mine, theirs);
  expect(tree.aspects(body)[0]?.zh).toBe("我");
  expect(clashes.map((it) => it.field).sort()).toEqual(["calculation", "zh"]);
  const taken = clashes.reduce(withTheirs, body);
  expect(tree.aspects(taken)[0]).toEqual(tree.aspects(theirs)[0]);
});

test("added by both, both are there; removed by one and changed by the other, it stays", () => {
  const mine = tree.after(tree.removed(BASE, two), one, tree.aspect());
  const theirs = tree.after(edit(BASE, two, { zh: "改了" }), three, tree.aspect());
  const found = tree.aspects(merge(BASE, mine, theirs).body);
  expect(found).toHaveLength(6);
  expect(found.find((it) => it.key === two)?.zh).toBe("改了");
  expect(tree.aspects(merge(BASE, tree.removed(BASE, two), BASE).body)).toHaveLength(3);
  expect(tree.aspects(merge(BASE, BASE, tree.removed(BASE, two)).body)).toHaveLength(3);
});

test("what one put into a part that the other removed keeps its part", () => {
  const mine = tree.removed(BASE, A.key);
  const theirs = edit(BASE, one, { zh: "还在写" });
  const { body } = merge(BASE, mine, theirs);
  expect(body.criteria.map((it) => it.letter)).toContain("A");
  expect(tree.aspects(body).find((it) => it.key === one)?.zh).toBe("还在写");
});

test("moved by one and reordered by the other", () => {
  const mine = tree.moved(BASE, one, BASE.criteria[1]?.sub_criteria[0]?.key ?? "");
  const theirs = tree.shifted(BASE, three, -1);
  const { body } = merge(BASE, mine, theirs);
  expect(tree.label(body, one)).toBe("B1.02");
  expect(tree.label(body, three)).toBe("A1.01");
  expect(merge(BASE, BASE, theirs).body).toEqual(theirs);
  expect(merge(BASE, mine, BASE).body).toEqual(mine);
});
