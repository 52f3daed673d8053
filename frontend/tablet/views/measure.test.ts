// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { expect, it, vi } from "vitest";
import { App } from "../app";
import { draw } from "../dom";
import * as store from "../store";
import type { Aspect, Pack, Seen, Work } from "../types";
import { measurement } from "./measure";

const [LI, WANG] = [1, 2];
const named = { name_zh: "燃料", name_en: "Fuel" };
const texts = { extra_zh: "", extra_en: "", requirement_zh: "", requirement_en: "" };
const plain = { id: 1, code: "A2.02", kind: "M", max: 100, rungs: [], partial: false };
const FUEL = { ...plain, ...named, ...texts } as unknown as Aspect;
const seen = (by: number, value: number): Seen => ({
  id: value + 1, value, by, at: "2026-11-23T08:00:00Z", reason: "", decides: false,
});

it.each([
  ["another judge", WANG, "也可由其中一人改成一致"],
  ["oneself on another tablet", LI, "您在两台平板上给的分值不一致"],
])("says of a difference with %s who can settle it", async (_, by, said) => {
  const app = await opened(`differs-${by}`);
  const cell = { head: seen(LI, 100), differing: [seen(by, 0)], proposal: null, checks: [] };
  const work: Work = { code: "K-073", locked_at: null, cells: { 1: cell }, sheets: {} };
  expect(drawn(app, work, FUEL).querySelector(".t-differs")?.textContent).toContain(said);
});

it("says of an aspect that checks judge that none has seen it, and what may be given", async () => {
  const app = await opened("awaited");
  const said = (more: Partial<Aspect>, work: Work | null = null): string | undefined =>
    drawn(app, work, { ...FUEL, ...more }).querySelector(".t-awaited")?.textContent ?? undefined;
  expect(said({ automatic: true })).toContain("只能评达到或未达到");
  expect(said({ automatic: true, partial: true })).toBe("这件作品还没有自动检查结果。");
  expect(said({ automatic: false })).toBeUndefined();
  const cell = { head: null, differing: [], proposal: seen(0, 100), checks: [] };
  const work: Work = { code: "K-073", locked_at: null, cells: { 1: cell }, sheets: {} };
  expect(said({ automatic: true }, work)).toBeUndefined();
});

function drawn(app: App, work: Work | null, aspect: Aspect): HTMLElement {
  const root = document.createElement("div");
  draw(root, [measurement(app, work, aspect)]);
  return root;
}

async function opened(name: string): Promise<App> {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  const start = {
    skill: { code: "T17", name_zh: "", name_en: "" },
    judge: { id: LI, label: "李裁判" },
    version: "v",
    urls: { home: "/", sign_in: "/", zh: "/", en: "/" },
  };
  const app = new App(await store.open(name), start, "zh", () => undefined);
  const panel = [{ id: LI, label: "李裁判" }, { id: WANG, label: "王裁判" }];
  app.pack = { panel, codes: [], scheme: { criteria: [] } } as unknown as Pack;
  return app;
}
