// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Hall } from "./hall";
import { ROUNDS } from "./pin";
import * as store from "./store";

const LI = { id: 1, label: "李裁判", pin: true };
const WANG = { id: 2, label: "王裁判", pin: true };
const SKILL = { code: "T17", name_zh: "网站", name_en: "Web" };
const URLS = { home: "/", sign_in: "/", zh: "/language/zh", en: "/language/en" };
Object.assign(ROUNDS, { own: 200, script: 100 });
let db: store.Database;
let number = 0;
let online = true;
let here = 200;
let signed = false;
let unlocks: Record<string, unknown>[] = [];
const marks: string[] = [];

/** A server for one tablet: code ABCD2345, PINs 2580 and 1470. */
function server(): void {
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    if (!online) throw new TypeError("no network");
    const asked = init.body ? JSON.parse(String(init.body)) : {};
    const token = new Headers(init.headers).get("Authorization") ?? "";
    const say = (body: object, status = 200): Response =>
      new Response(JSON.stringify(body), { status });
    const no = { error: { zh: "不", en: "no" } };
    if (url.endsWith("/hall/pair")) {
      if (asked.code !== "ABCD2345") return say(no, 409);
      return say({ token: "hall-token", number: 2, skill: SKILL });
    }
    if (url.endsWith("/hall/here")) {
      if (here !== 200) return say(no, here);
      return say({ number: 2, skill: SKILL, judges: [LI, WANG], lock_minutes: 3 });
    }
    if (url.endsWith("/hall/unlock")) {
      unlocks.push(asked);
      const right = { 1: "2580", 2: "1470" }[asked.judge as 1 | 2];
      if (asked.pin !== right) return say(no, 403);
      const given = asked.held ? null : `token-${asked.judge}`;
      return say({ token: given, judge: { id: asked.judge, label: "x" } });
    }
    if (url.includes("/hall/sign-off")) {
      if (here !== 200) return say(no, here);
      if (url.endsWith("/look")) return asked.pin === "2580" ? say({ sheets: [] }) : say(no, 403);
      return say({ locked: signed, competitors: [], subs: [], sheets: [], people: [] });
    }
    if (url.endsWith("/marks")) {
      for (const post of asked.posts) marks.push(`${token.slice(7)} ${post.key}`);
      const answers = asked.posts.map((post: { key: string }) => ({
        key: post.key, state: "taken", id: 1, sentence: null,
      }));
      return say({ answers });
    }
    return new Response(null, { status: 304 });
  });
}

async function paired(): Promise<Hall> {
  const hall = new Hall(db, { hall: true, version: "v", urls: URLS }, "zh", () => undefined);
  hall.typed = "ABCD2345";
  await hall.pair();
  return hall;
}

async function unlock(hall: Hall, who: typeof LI, pin: string): Promise<void> {
  hall.choose(who);
  hall.type(pin);
  await hall.unlock();
}

beforeEach(async () => {
  db = await store.open(`hall-${(number += 1)}`);
  online = true;
  here = 200;
  signed = false;
  unlocks = [];
  marks.length = 0;
  vi.stubGlobal("scrollTo", () => undefined);
  server();
});
afterEach(() => {
  vi.useRealTimers();
});

it("is paired once, knows its panel, and keeps that for the next start", async () => {
  const hall = await paired();
  expect(hall.row?.judges.map((one) => one.label)).toEqual(["李裁判", "王裁判"]);
  expect((await db.get("hall", "this"))?.token).toBe("hall-token");
});

it("says what is wrong with a code, and pairs nothing", async () => {
  const hall = new Hall(db, { hall: true, version: "v", urls: URLS }, "en", () => undefined);
  hall.typed = "WRONG234";
  await hall.pair();
  expect(hall.said).toEqual({ zh: "不", en: "no" });
  online = false;
  await hall.pair();
  expect(hall.said).toBe(hall.text.pairOffline);
  expect(await db.get("hall", "this")).toBeUndefined();
});

it("lets in by the server, without it who was let in here before, and nobody else", async () => {
  const hall = await paired();
  await unlock(hall, LI, "1111");
  expect(hall.app).toBeNull();
  await unlock(hall, LI, "2580");
  expect(hall.app?.me.id).toBe(1);
  await vi.waitFor(async () => expect(await db.get("pins", 1)).toBeDefined());
  hall.lock();
  online = false;
  await unlock(hall, WANG, "1470");
  expect(hall.said).toBe(hall.text.unknown);
  await unlock(hall, LI, "2581");
  expect(hall.said).toBe(hall.text.wrong);
  await unlock(hall, LI, "2580");
  expect(hall.app?.me.id).toBe(1);
  hall.lock();
});

it("shows the server the token it holds, so that it stays the same", async () => {
  const hall = await paired();
  await unlock(hall, LI, "2580");
  hall.lock();
  await unlock(hall, LI, "2580");
  expect(unlocks.map((one) => one["held"])).toEqual(["", "token-1"]);
  expect(await store.token(db, "T17|1")).toBe("token-1");
  hall.lock();
});

it("sends each mark by its own judge's token, also while it is locked", async () => {
  const hall = await paired();
  await unlock(hall, LI, "2580");
  hall.lock();
  const post = { key: "k-000001", code: "K-1", judge: 1, device_at: "2026-11-23T08:00:00Z" };
  await store.keep(db, "T17|1", [post]);
  await unlock(hall, WANG, "1470");
  hall.lock();
  await hall.beat();
  await vi.waitFor(() => expect(marks).toContain("token-1 k-000001"));
  expect(await store.counts(db)).toEqual(new Map());
});

it("locks itself when nobody has touched it for its time", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
  const hall = new Hall(db, { hall: true, version: "v", urls: URLS }, "zh", () => undefined);
  await hall.begin();
  hall.typed = "ABCD2345";
  await hall.pair();
  await unlock(hall, LI, "2580");
  vi.advanceTimersByTime(170_000);
  expect(hall.app).not.toBeNull();
  dispatchEvent(new Event("pointerdown"));
  vi.advanceTimersByTime(170_000);
  expect(hall.app).not.toBeNull();
  vi.advanceTimersByTime(12_000);
  expect(hall.app).toBeNull();
});

it("forgets who may open it when it is unpaired, and keeps what was not sent", async () => {
  const hall = await paired();
  await unlock(hall, LI, "2580");
  await vi.waitFor(async () => expect(await db.get("pins", 1)).toBeDefined());
  const post = { key: "k-000009", code: "K-1", judge: 9, device_at: "2026-11-23T08:00:00Z" };
  await store.keep(db, "T17|9", [post]); // of a judge whose token is not here
  here = 401;
  await hall.beat();
  expect(hall.app).toBeNull();
  expect(hall.ended).toBe(true);
  expect(await db.getAll("pins")).toEqual([]);
  expect(await db.get("hall", "this")).toBeUndefined();
  expect((await store.counts(db)).get("T17|9")).toBe(1);
});

it("signs off with the server only, forgets a PIN and closes when nobody touches it", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
  const hall = await paired();
  await hall.begin();
  hall.signOff(true);
  await vi.waitFor(() => expect(hall.signing?.told?.subs).toEqual([]));
  const li = { role: "judge" as const, ...LI, waits: 1 };
  hall.signing?.choose(li);
  hall.signing?.type("1111");
  await hall.signing?.look();
  expect([hall.signing?.typed, hall.signing?.said]).toEqual(["", { zh: "不", en: "no" }]);
  online = false;
  hall.signing?.type("2580");
  await hall.signing?.look();
  expect(hall.signing?.said).toBe(hall.signing?.text.offline);
  online = true;
  hall.signing?.type("2580");
  await hall.signing?.look();
  expect(hall.signing?.shown).toEqual([]);
  hall.signing?.choose(null);
  expect(hall.signing?.typed).toBe("");
  vi.advanceTimersByTime(185_000);
  expect(hall.signing).toBeNull();
});

it("goes to the signatures of a sheet, and shows what was signed elsewhere since", async () => {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
  const hall = await paired();
  await hall.begin();
  await unlock(hall, LI, "2580");
  hall.app?.signOff?.(7);
  expect([hall.app, hall.signing?.sub]).toEqual([null, 7]);
  await vi.waitFor(() => expect(hall.signing?.told?.locked).toBe(false));
  signed = true;
  await vi.advanceTimersByTimeAsync(6_000);
  await vi.waitFor(() => expect(hall.signing?.told?.locked).toBe(true));
});

it("leaves sign-off when it is unpaired", async () => {
  const hall = await paired();
  here = 401;
  hall.signOff(true);
  await vi.waitFor(() => expect([hall.ended, hall.signing]).toEqual([true, null]));
});
