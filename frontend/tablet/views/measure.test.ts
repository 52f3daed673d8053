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
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  const start = {
    skill: { code: "T17", name_zh: "", name_en: "" },
    judge: { id: LI, label: "李裁判" },
    version: "v",
    urls: { home: "/", sign_in: "/", zh: "/", en: "/" },
  };
  const app = new App(await store.open(`differs-${by}`), start, "zh", () => undefined);
  const panel = [{ id: LI, label: "李裁判" }, { id: WANG, label: "王裁判" }];
  app.pack = { panel, codes: [], scheme: { criteria: [] } } as unknown as Pack;
  const cell = { head: seen(LI, 100), differing: [seen(by, 0)], proposal: null, checks: [] };
  const work: Work = { code: "K-073", locked_at: null, cells: { 1: cell }, sheets: {} };
  const root = document.createElement("div");
  draw(root, [measurement(app, work, FUEL)]);
  expect(root.querySelector(".t-differs")?.textContent).toContain(said);
});
