// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { choose, chosen, tell } from "./spoken";

const URLS = { zh: "/language/zh", en: "/language/en" };

/** A server that remembers the language and gives the page in it. */
function server(): { language: string; asked: string[] } {
  const its = { language: "zh", asked: [] as string[] };
  vi.stubGlobal("fetch", async (url: string) => {
    its.asked.push(url);
    if (url.startsWith("/language/")) {
      its.language = url.slice(-2);
      return new Response(null, { status: 200 });
    }
    const lang = its.language === "zh" ? "zh-CN" : "en";
    return new Response(`<!doctype html><html lang="${lang}">`);
  });
  return its;
}

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

it("stays on the tablet until the server has it, and is asked again", async () => {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("no network");
  });
  choose("T17|1", "en");
  await tell("T17|1", URLS);
  expect(chosen("T17|1")).toBe("en");
  const its = server();
  await tell("T17|1", URLS);
  expect(its.language).toBe("en");
  expect(chosen("T17|1")).toBeNull();
});

it("stays while the server fails, or gives the page in the other language", async () => {
  choose("T17|1", "en");
  vi.stubGlobal("fetch", async () => new Response("busy", { status: 503 }));
  await tell("T17|1", URLS);
  vi.stubGlobal("fetch", async () => new Response('<html lang="zh-CN">'));
  await tell("T17|1", URLS);
  expect(chosen("T17|1")).toBe("en");
});

it("asks nothing without a choice, and keeps one judge's choice from another", async () => {
  const its = server();
  choose("T17|1", "en");
  await tell("T17|2", URLS);
  expect(its.asked).toEqual([]);
  expect(chosen("T17|2")).toBeNull();
});
