// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { App } from "./app";
import * as store from "./store";
import { Sync } from "./sync";

const JUDGE = { id: 1, label: "李裁判" };
const START = {
  skill: { code: "T17", name_zh: "网站", name_en: "Web" },
  judge: JUDGE,
  version: "v",
  urls: { home: "/", sign_in: "/", zh: "/language/zh", en: "/language/en" },
};
const PACK = { codes: [], criteria: [], chiefs: [] };
let number = 0;
let online = true;
let signedIn = true;
let counts = ""; // the token that the server takes
let pairs = 0;
let app: App;
let sync: Sync;

function server(): void {
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    if (!online) throw new TypeError("no network");
    const say = (body: object, status = 200): Response =>
      new Response(JSON.stringify(body), { status });
    const no = { error: { zh: "不", en: "no" } };
    if (url === "/tablet/pair") {
      pairs += 1;
      if (!signedIn) return say(no, 401);
      counts = `token-${pairs}`;
      return say({ token: counts, judge: JUDGE });
    }
    if (!url.startsWith("/tablet/api/")) return new Response(null, { status: 304 });
    const token = new Headers(init.headers).get("Authorization");
    if (token !== `Bearer ${counts}`) return say(no, 401);
    if (url.endsWith("/pack")) return say(PACK);
    return say({ codes: {}, calls: [], answers: [], others: [] });
  });
}

/** The page is opened with a token that was taken out of use. */
async function opened(): Promise<void> {
  const db = await store.open(`sync-${(number += 1)}`);
  await store.keepToken(db, "T17|1", "revoked", JUDGE.label);
  app = new App(db, START, "zh", () => undefined);
  sync = new Sync(app);
  await sync.begin();
}

beforeEach(() => {
  online = signedIn = true;
  counts = "";
  pairs = 0;
  server();
});
afterEach(() => sync.stop());

it("a page that was just opened by the judge who is signed in pairs anew by itself", async () => {
  await opened();
  expect([app.link, pairs]).toEqual(["online", 1]);
});

it("so it does where the network failed while it opened", async () => {
  online = false;
  await opened();
  expect([app.link, pairs]).toEqual(["offline", 0]);
  online = true;
  await sync.look(); // hears that its token does not count
  expect(app.link).toBe("unpaired");
  await sync.look();
  expect([app.link, pairs]).toEqual(["online", 1]);
});

it("a tablet that is taken out of use while it is open asks the judge to sign in", async () => {
  await opened();
  counts = "another";
  await sync.look();
  await sync.look();
  await sync.look();
  expect([app.link, pairs]).toEqual(["unpaired", 1]);
});

it("asks once whether it may pair, where nobody is signed in", async () => {
  signedIn = false;
  await opened();
  await sync.look();
  await sync.look();
  expect([app.link, pairs]).toEqual(["unpaired", 1]);
});
