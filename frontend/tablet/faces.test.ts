// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Faces } from "./faces";

const HOST = "https://hall.example";
let kept: Map<string, Response>;
let asked: string[];
let online: boolean;
let drawn: number;
let shown: Set<string>;

beforeEach(() => {
  kept = new Map();
  asked = [];
  online = true;
  drawn = 0;
  shown = new Set();
  vi.stubGlobal("caches", {
    open: async () => ({
      match: async (path: string) => kept.get(HOST + path)?.clone(),
      put: async (path: string, answer: Response) => void kept.set(HOST + path, answer),
      delete: async (one: { url: string }) => kept.delete(one.url),
      keys: async () => [...kept.keys()].map((url) => ({ url })),
    }),
  });
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (!online) throw new TypeError("no network");
    asked.push(`${new Headers(init.headers).get("Authorization")} ${path}`);
    return path.endsWith("gone") ? new Response(null, { status: 404 }) : new Response(path);
  });
  vi.stubGlobal("URL", {
    createObjectURL: (blob: Blob) => {
      const url = `blob:${shown.size}-${blob.size}`;
      shown.add(url);
      return url;
    },
    revokeObjectURL: (url: string) => shown.delete(url),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const faces = (): Faces => new Faces(() => (drawn += 1));

it("asks once, by the tablet's token, and shows what it has", async () => {
  const its = faces();
  expect(its.of("li")).toBeNull();
  await Promise.all([its.bring(["li"], "t"), its.bring(["li"], "t")]);
  await its.bring(["li"], "t");
  expect(asked).toEqual(["Bearer t /tablet/api/hall/photos/li"]);
  expect(its.of("li")).toMatch(/^blob:/);
  expect([its.of(null), its.of("wang"), drawn]).toEqual([null, null, 1]);
});

it("has them after a reload without a network", async () => {
  await faces().bring(["li"], "t");
  online = false;
  const its = faces();
  await its.bring(["li"], "t");
  expect(its.of("li")).toMatch(/^blob:/);
});

it("lets go of a photo that stands on no card any more", async () => {
  const its = faces();
  await its.bring(["li", "wang"], "t");
  await its.bring(["wang"], "t");
  expect(its.of("li")).toBeNull();
  expect([...kept.keys()]).toEqual([`${HOST}/tablet/api/hall/photos/wang`]);
  await its.forget();
  expect([kept.size, shown.size]).toEqual([0, 0]);
});

it("asks again for what it could not have, but not at every touch", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const its = faces();
  online = false;
  await its.bring(["li"], "t");
  online = true;
  await its.bring(["li"], "t");
  expect([asked.length, its.of("li"), drawn]).toEqual([0, null, 0]);
  vi.advanceTimersByTime(6_000);
  await its.bring(["li"], "t");
  expect(its.of("li")).toMatch(/^blob:/);
  vi.advanceTimersByTime(6_000);
  await its.bring(["li", "gone"], "t");
  expect(its.of("gone")).toBeNull();
});

it("works without a place to keep them", async () => {
  vi.stubGlobal("caches", undefined);
  Reflect.deleteProperty(globalThis, "caches");
  const its = faces();
  await its.bring(["li"], "t");
  expect(its.of("li")).toMatch(/^blob:/);
});
