import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const asked: { keep: string[]; answer: MessagePort }[] = [];
const active = {
  postMessage: ({ keep }: { keep: string[] }, [answer]: [MessagePort]) =>
    void asked.push({ keep, answer }),
};

beforeEach(() => {
  asked.length = 0;
  vi.resetModules();
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  vi.stubGlobal("location", { origin: "https://podium", pathname: "/tablet/T17/" });
  vi.stubGlobal("document", {
    querySelectorAll: () => [{ href: "https://podium/static/dist/a.css" }, { href: "https://podium/me" }],
    scripts: [{ src: "https://podium/static/dist/a.js" }],
  });
  vi.stubGlobal("navigator", {
    serviceWorker: { register: () => Promise.resolve(), ready: Promise.resolve({ active }) },
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a page that opens without a network", () => {
  it("asks until the worker says that every part is kept", async () => {
    const { opensAgain, register } = await import("./offline");
    register("/tablet/");
    await vi.advanceTimersByTimeAsync(1_500);
    expect(asked[0]?.keep).toEqual([
      "https://podium/static/dist/a.css",
      "https://podium/static/dist/a.js",
      "https://podium/tablet/T17/",
    ]);
    expect(opensAgain()).toBe("later");
    asked[0]!.answer.postMessage(false); // the network was lost
    await vi.advanceTimersByTimeAsync(10_000); // to this one nobody answers
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toHaveLength(3);
    asked[2]!.answer.postMessage(true);
    await vi.waitFor(() => expect(opensAgain()).toBe("yes"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(3);
  });

  it("says where it never will", async () => {
    vi.stubGlobal("navigator", {});
    const { opensAgain, register } = await import("./offline");
    register("/tablet/");
    expect(opensAgain()).toBe("never");
  });
});
