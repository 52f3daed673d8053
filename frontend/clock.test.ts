import { afterEach, expect, test, vi } from "vitest";
import { ServerTime } from "./clock";

afterEach(() => vi.unstubAllGlobals());

test("the server's time is halfway between asking and hearing", () => {
  let monotonic = 0;
  const time = new ServerTime(() => monotonic, () => 0);
  time.heard(100_000, 1_000, 1_200);
  monotonic = 1_100;
  expect(time.now()).toBe(100_000);
  monotonic = 61_100;
  expect(time.now()).toBe(160_000);
});

test("of three answers the quickest counts", async () => {
  let monotonic = 0;
  const travel = [900, 20, 400];
  const time = new ServerTime(() => monotonic, () => 0);
  vi.stubGlobal("fetch", () => {
    const there = monotonic + 10; // the server reads its clock, true time = 1,000,000 + monotonic
    const answer = Response.json({ now: new Date(1_000_000 + there).toISOString() });
    monotonic += travel.shift() ?? 0;
    return Promise.resolve(answer);
  });
  expect(await time.ask()).toBe(true);
  expect(time.now() - (1_000_000 + monotonic)).toBe(0);
});

test("without a network the clock goes on from what it knew", async () => {
  let monotonic = 0;
  const time = new ServerTime(() => monotonic, () => 500_000);
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
  monotonic = 2_000;
  expect(await time.ask()).toBe(false);
  expect(time.now()).toBe(502_000);
});
