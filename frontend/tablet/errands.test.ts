// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Errands } from "./errands";
import * as store from "./store";
import type { Errand, Sentence } from "./types";

let db: store.Database;
let number = 0;
let status = 200;
let online = true;
let answer: object = { state: "taken", sentence: null };
const sent: { url: string; key: string; token: string; photo: boolean }[] = [];
const settled: [string, Sentence | null][] = [];

function server(): void {
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    if (!online) throw new TypeError("no network");
    const say = (body: object): Response => new Response(JSON.stringify(body), { status });
    if (!init.method) {
      const calls = sent.map(({ key }) => ({
        key, kind: "chief", at: null, taken_at: null, taker: "", done_at: null,
      }));
      return new Response(JSON.stringify({ calls }));
    }
    const form = init.body instanceof FormData ? init.body : null;
    const { key } = JSON.parse(form ? String(form.get("remark")) : String(init.body));
    const token = new Headers(init.headers).get("Authorization")?.slice(7) ?? "";
    sent.push({ url, key, token, photo: Boolean(form?.get("photo")) });
    return say(answer);
  });
}

function errands(owner = "T17|1"): Errands {
  const done = async (errand: Errand, refused: Sentence | null): Promise<void> => {
    settled.push([errand.key, refused]);
  };
  return new Errands(db, owner, (one) => store.token(db, one), () => undefined, done);
}

async function empty(): Promise<void> {
  await vi.waitFor(async () => expect(await db.count("errands")).toBe(0));
}

beforeEach(async () => {
  db = await store.open(`errands-${(number += 1)}`);
  await store.keepToken(db, "T17|1", "secret-1", "李裁判");
  [status, online, answer] = [200, true, { state: "taken", sentence: null }];
  sent.length = settled.length = 0;
  server();
});
afterEach(() => vi.useRealTimers());

it("keeps a call until there is a network, also for the next page, and sends it once", async () => {
  online = false;
  const first = errands();
  await first.call("medical", "K-073", "", new Date(0));
  expect(first.waiting.map((one) => one.body["kind"])).toEqual(["medical"]);
  expect(first.open).toBe(true);
  online = true;
  const next = errands();
  await next.load();
  await next.flush();
  await empty();
  expect(new Set(sent.map((one) => `${one.url} ${one.token} ${one.key}`))).toEqual(
    new Set([`/tablet/api/calls secret-1 ${sent[0]!.key}`]), // by two pages at once perhaps twice
  );
  expect(next.waiting).toEqual([]);
  expect(next.calls.map((one) => one.key)).toContain(sent[0]!.key);
});

it("makes one call of two quick presses, and says that it was called already", async () => {
  const one = errands();
  const press = (kind: string, code = "K-073"): Promise<void> => one.call(kind, code, "", new Date(0));
  await Promise.all([press("chief"), press("chief", "K-118")]);
  expect(one.again?.kind).toBe("chief");
  await empty();
  await vi.waitFor(() => expect(one.calls).toHaveLength(1));
  await press("chief"); // it is open at the server now
  expect(one.again?.kind).toBe("chief");
  expect(sent).toHaveLength(1);
  await press("medical");
  expect(one.again).toBeNull();
  await Promise.all([press("conflict", "K-073"), press("conflict", "K-118")]); // of two works
  await vi.waitFor(async () => {
    await one.flush();
    expect(sent).toHaveLength(4);
  });
});

it("sends the same key again when the answer was lost", async () => {
  status = 503;
  const one = errands();
  await one.add("remark", { code: "K-073", aspect: 1, judge: 1, words: "x" });
  await vi.waitFor(() => expect(sent.length).toBe(1));
  status = 200;
  await vi.waitFor(async () => {
    await one.flush();
    expect(await db.count("errands")).toBe(0);
  });
  expect(new Set(sent.map((each) => each.key)).size).toBe(1);
});

it("sends a photo with its note, and says why one does not count", async () => {
  answer = { state: "set_aside", sentence: { zh: "搁置", en: "set aside" } };
  const one = errands();
  const photo = new Blob(["jpeg"], { type: "image/jpeg" });
  await one.add("remark", { code: "K-073", aspect: 1, judge: 1, words: "" }, photo);
  await empty();
  expect(sent[0]).toMatchObject({ url: "/tablet/api/remarks", photo: true });
  expect(settled).toEqual([[sent[0]!.key, { zh: "搁置", en: "set aside" }]]);
});

it("sends what another judge left on this tablet by that judge's own token", async () => {
  await store.keepToken(db, "T17|2", "secret-2", "王裁判");
  const note: Errand = { owner: "T17|2", kind: "call", key: "k-2", body: { key: "k-2" } };
  await db.add("errands", note);
  await errands().flush();
  await empty();
  expect(sent.map((one) => one.token)).toEqual(["secret-2"]);
});
