// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { App } from "./app";
import * as store from "./store";
import type { Answer, Aspect, Pack, Seen, SubCriterion, Work } from "./types";

const LI = 1;
const CHIEF = 9;
const CODE = "K-073";
const named = { name_zh: "", name_en: "" };
const FUEL = { id: 1, code: "A2.02", kind: "M", max: 100, rungs: [], ...named } as unknown as Aspect;
const SUB: SubCriterion = { id: 7, code: "A2", day: null, aspects: [FUEL], ...named };
const PACK = {
  codes: [CODE],
  scheme: { version: 1, total: 100, criteria: [{ letter: "A", ...named, sub_criteria: [SUB] }] },
} as unknown as Pack;

let app: App;
let number = 0;

const seen = (by: number, reason: string, decides = false): Seen => ({
  id: 4, value: 0, by, at: "2026-11-23T08:00:00Z", reason, decides,
});

/** The work as the server told it: a mark of 0.00, and whatever a test adds. */
function told(head: Seen, more: Partial<Work> = {}): void {
  const cells = { [FUEL.id]: { head, differing: [], proposal: null, checks: [] } };
  const work: Work = { code: CODE, locked_at: null, cells, sheets: {}, ...more };
  app.works.set(CODE, { work, etag: null });
}

beforeEach(async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("no network"); // whatever is given waits in the outbox
  });
  const db = await store.open(`undo-${(number += 1)}`);
  const urls = { home: "/", sign_in: "/", zh: "/", en: "/" };
  const skill = { code: "T17", name_zh: "网站", name_en: "Web" };
  const judge = { id: LI, label: "李裁判" };
  app = new App(db, { skill, judge, version: "v", urls }, "zh", () => undefined);
  app.pack = PACK;
  app.route = { code: CODE, sub: SUB.id };
});
afterEach(() => vi.unstubAllGlobals());

const opened = (at: number) => ({ by: "陈裁判长", at: new Date(at).toISOString(), reason: "再看" });

it.each([
  ["its sheet is signed", { closed: { 7: "signed" } }],
  ["its sub-criterion is locked", { closed: { 7: "locked" } }],
  ["the skill is locked", { locked_at: "2026-11-23T09:00:00Z" }],
  ["it was signed and sent back since", { reopened: { 7: opened(Date.now() + 60_000) } }],
] as [string, Partial<Work>][])("offers no undo once %s", (_, more) => {
  told(seen(LI, ""));
  app.give.measure(FUEL, 100);
  expect(app.back.next?.value).toBe(0);
  told(seen(LI, ""), more);
  expect(app.back.next).toBeNull();
});

it("undoes what was given after a sheet was sent back", () => {
  told(seen(LI, ""), { reopened: { 7: opened(Date.now() - 60_000) } });
  app.give.measure(FUEL, 100);
  expect(app.back.next?.value).toBe(0);
});

it("gives nothing on a sheet that was closed under an open dialog, and sends what it had", async () => {
  told(seen(LI, ""));
  app.give.measure(FUEL, 100);
  await vi.waitFor(() => expect(app.outbox.posts).toHaveLength(1));
  told(seen(LI, ""), { closed: { 7: "signed" } });
  app.show({ kind: "pad", aspect: FUEL, text: "0.50", fresh: true });
  app.give.measure(FUEL, 50);
  app.give.confirm(SUB);
  app.give.restIsMet(SUB);
  expect(app.dialog).toBeNull();
  expect(app.outbox.posts.map((post) => post.value)).toEqual([100]);
});

const last = (): [number | null | undefined, string | undefined] => {
  const post = app.outbox.posts.at(-1);
  return [post?.value, post?.reason];
};

it.each([
  ["the judge's own words", seen(LI, "我看到的"), "我看到的"],
  ["never the chief judge's", seen(CHIEF, "裁判长的话", true), "撤销，恢复原来的分数"],
])("gives back with a mark %s", (_, head, reason) => {
  told(head);
  app.give.measure(FUEL, 100);
  app.back.undo();
  expect(last()).toEqual([0, reason]);
});

it("gives back with a mark what it was worked out from", () => {
  told({ ...seen(LI, ""), value: 40, observed: "2" });
  app.give.measure(FUEL, 100, "", "5");
  app.back.undo();
  expect(app.outbox.posts.at(-1)).toMatchObject({ value: 40, observed: "2" });
});

it("gives back a mark that nothing was counted for without a count", () => {
  told(seen(LI, ""));
  app.give.measure(FUEL, 100, "", "5");
  app.back.undo();
  expect(app.outbox.posts.at(-1)).not.toHaveProperty("observed");
});

/** The server answers a post: counted, or set aside. */
const answers = (key: string, state: "taken" | "set_aside"): void =>
  app.outbox["hooks"].settled({ key, code: CODE, judge: LI, device_at: "", aspect: FUEL.id }, {
    key, state, id: null, sentence: null,
  } as Answer);

it("offers no undo for what was set aside, and goes back to what stood before it", () => {
  told(seen(LI, ""));
  app.give.measure(FUEL, 100);
  const [first] = app.back.steps;
  app.give.measure(FUEL, 50);
  const second = app.back.next;
  expect([first?.value, second?.value]).toEqual([0, 100]);
  answers(first?.key ?? "", "set_aside"); // the 100 never counted
  expect(app.back.steps.map((one) => [one.key, one.value])).toEqual([[second?.key, 0]]);
  answers(second?.key ?? "", "set_aside");
  expect(app.back.next).toBeNull();
});
