// Changes to the tree leave the old one as it was, and keys and ids stay apart.
import { expect, test } from "vitest";
import * as tree from "./tree";
import type { Aspect, Body } from "./types";

function body(): Body {
  const first = tree.criterion({ sections: [], criteria: [] });
  const one = { sections: [], criteria: [first] };
  return { sections: [], criteria: [first, tree.criterion(one)] };
}

test("letters and ids go on where they stopped", () => {
  const made = body();
  expect(made.criteria.map((one) => one.letter)).toEqual(["A", "B"]);
  expect(made.criteria[1]?.sub_criteria[0]?.id).toBe("B1");
  const copy = tree.copied(made, made.criteria[0]?.sub_criteria[0]?.key ?? "");
  expect(copy.body.criteria[0]?.sub_criteria.map((one) => one.id)).toEqual(["A1", "A2"]);
  const whole = tree.copied(copy.body, made.criteria[0]?.key ?? "");
  expect(whole.body.criteria.map((one) => one.letter)).toEqual(["A", "C", "B"]);
  expect(whole.body.criteria[1]?.sub_criteria.map((one) => one.id)).toEqual(["C1", "C2"]);
  const keys = tree.aspects(whole.body).map((one) => one.key);
  expect(new Set(keys).size).toBe(keys.length);
});

test("two changes between two drawings are both kept", () => {
  const made = body();
  const key = tree.aspects(made)[0]?.key ?? "";
  const step = (part: object) => (now: Aspect) => ({ calculation: { ...now.calculation, ...part } });
  const first = tree.changed<Aspect>(made, key, step({ target: "1" }));
  const second = tree.changed<Aspect>(first, key, step({ step: "2" }));
  expect(tree.aspects(second)[0]?.calculation).toEqual({ kind: "PASS_FAIL", target: "1", step: "2" });
});

test("an aspect moves, is copied and removed, and its number follows its place", () => {
  const made = body();
  const form = made.criteria[0]?.sub_criteria[0];
  const key = form?.aspects[0]?.key ?? "";
  const two = tree.after(made, key, tree.aspect(form?.aspects[0]));
  expect(tree.label(two, key)).toBe("A1.01");
  expect(tree.label(tree.shifted(two, key, 1), key)).toBe("A1.02");
  expect(tree.shifted(two, key, -1).criteria).toEqual(two.criteria);
  const into = made.criteria[1]?.sub_criteria[0]?.key ?? "";
  expect(tree.label(tree.moved(two, key, into), key)).toBe("B1.02");
  expect(tree.aspects(tree.removed(two, key))).toHaveLength(2);
  expect(tree.aspects(made)).toHaveLength(2); // untouched
});
