// @vitest-environment happy-dom
// What is typed is on the device at once, on the server a moment later, and survives a lost
// connection, a closed page and somebody else's save.
import { beforeEach, expect, test, vi } from "vitest";
import { Keeper } from "./keep";
import * as tree from "./tree";
import type { Body, Criterion, State } from "./types";

const first = tree.criterion({ sections: [], criteria: [] });
const BODY: Body = { sections: [], criteria: [first] };
const REPORT = { problems: [], notes: [] } as unknown as State["report"];
const named = (zh: string): Body => tree.changed<Criterion>(BODY, first.key, { zh });

function state(revision: number, body: Body, by = "李"): State {
  return { revision, by, mine: by === "我", at: "2026-11-28T02:31:00+00:00", report: REPORT, body };
}

function answer(status: number, told: unknown): Response {
  return new Response(JSON.stringify(told), { status });
}

class Store {
  private readonly kept = new Map<string, string>();
  getItem = (key: string): string | null => this.kept.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.kept.set(key, value);
  removeItem = (key: string): void => void this.kept.delete(key);
  get size(): number {
    return this.kept.size;
  }
}

let store: Store;
const ask = vi.fn<typeof fetch>();
const keeper = (from: State = state(1, BODY)): Keeper =>
  new Keeper("T17", from, () => undefined, store, ask);

beforeEach(() => {
  store = new Store();
  ask.mockReset();
});

test("saved on top of what was seen; then nothing stays on the device", async () => {
  ask.mockResolvedValue(answer(200, { ...state(2, BODY, "我"), body: undefined }));
  const one = keeper();
  one.type(named("甲"));
  expect(store.size).toBe(1);
  expect(one.now.status).toBe("saving");
  await one.save();
  expect(one.now.status).toBe("saved");
  expect(one.now.state.revision).toBe(2);
  expect(store.size).toBe(0);
  const sent = JSON.parse(ask.mock.calls[0]?.[1]?.body as string) as { base: number; body: Body };
  expect([sent.base, sent.body]).toEqual([1, named("甲")]);
});

test("without a connection it waits, and the next page on this device has it", async () => {
  ask.mockRejectedValue(new TypeError("offline"));
  const one = keeper();
  one.type(named("甲"));
  await one.save();
  expect(one.now.status).toBe("waiting");
  const theirs = { sections: [], criteria: [first, tree.criterion(BODY)] };
  const next = keeper(state(5, theirs));
  expect(next.now.body.criteria.map((it) => it.zh)).toEqual(["甲", ""]);
  expect(next.isDirty).toBe(true);
});

test("what somebody else saved is joined with mine, and the same place is told", async () => {
  ask.mockResolvedValueOnce(answer(409, { theirs: state(2, named("乙")) }));
  const one = keeper();
  one.type(named("甲"));
  await one.save();
  expect(one.now.body.criteria[0]?.zh).toBe("甲");
  expect(one.now.clashes.map((it) => it.theirs)).toEqual(["乙"]);
  expect(one.now.joined?.by).toBe("李");
  ask.mockResolvedValueOnce(answer(200, { ...state(3, BODY, "我"), body: undefined }));
  await one.save();
  const sent = JSON.parse(ask.mock.calls[1]?.[1]?.body as string) as { base: number };
  expect(sent.base).toBe(2);
  expect(one.now.status).toBe("saved");
});

test("an answer that was lost on its way is no other person's save", async () => {
  ask.mockRejectedValueOnce(new TypeError("lost"));
  const one = keeper();
  one.type(named("甲"));
  await one.save();
  one.type(named("甲乙"));
  ask.mockResolvedValueOnce(answer(409, { theirs: state(2, named("甲"), "我") }));
  await one.save();
  expect(one.now.body.criteria[0]?.zh).toBe("甲乙");
  expect([one.now.clashes, one.now.joined]).toEqual([[], null]);
});

test("a draft that was adopted meanwhile takes no more, and what was typed stays", async () => {
  ask.mockResolvedValue(answer(409, { theirs: null }));
  const one = keeper();
  one.type(named("甲"));
  await one.save();
  expect(one.now.status).toBe("gone");
  expect(store.size).toBe(1);
  await one.save();
  expect(ask).toHaveBeenCalledTimes(1);
});

test("a refusal is said, a failing server is waited for", async () => {
  ask.mockResolvedValueOnce(answer(400, { error: { zh: "不行", en: "no" } }));
  ask.mockResolvedValueOnce(answer(503, {}));
  const one = keeper();
  one.type(named("甲"));
  await one.save();
  expect([one.now.status, one.now.sentence?.zh]).toEqual(["refused", "不行"]);
  await one.save();
  expect(one.now.status).toBe("waiting");
});
