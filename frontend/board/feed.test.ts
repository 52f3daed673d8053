import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Socket } from "socket.io-client";
import { isBoard } from "./document";
import { Feed, jitter } from "./feed";
import type { Heard } from "./state";

/** A socket whose other end is the test. */
class FakeSocket {
  connected = false;
  sent: unknown[][] = [];
  private heard = new Map<string, (value?: unknown) => void>();
  io = { on: (name: string, act: () => void) => this.heard.set(`manager ${name}`, act) };

  on(name: string, act: (value?: unknown) => void): void {
    this.heard.set(name, act);
  }

  emit(...message: unknown[]): void {
    this.sent.push(message);
  }

  happens(name: string, value?: unknown): void {
    if (name === "connect") this.connected = true;
    if (name === "disconnect") this.connected = false;
    this.heard.get(name)?.(value);
  }
}

const document = (sequence: number): unknown => ({
  skill: { code: "W17", name_zh: "网站设计", name_en: "Web Technologies" },
  sequence,
  state: "running",
  release: "automatic",
  clock: null,
  progress: null,
  standings: [],
  max: "100.00",
});

let socket: FakeSocket;
let heard: Heard[];
let answer: () => Promise<Response>;
const links = (): string[] => heard.flatMap((one) => (one.kind === "link" ? [one.link] : []));
const sequences = (): number[] =>
  heard.flatMap((one) => (one.kind === "board" ? [one.board.sequence] : []));

beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  heard = [];
  answer = () => Promise.resolve(Response.json(document(7)));
  vi.stubGlobal("fetch", vi.fn(() => answer()));
  new Feed(
    {
      snapshotUrl: "https://cdn.example/skills/W17/board.json",
      ownUrl: "/skills/W17/board.json",
      watch: { skill: "W17" },
      event: "board",
      is: isBoard,
    },
    (one) => heard.push(one),
    () => 1_000,
    socket as unknown as Socket,
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the feed of a board", () => {
  test("asks to watch after every connection, so that a reconnect misses nothing", () => {
    socket.happens("connect");
    socket.happens("disconnect");
    socket.happens("connect");
    expect(socket.sent).toEqual([
      ["watch", { skill: "W17" }],
      ["watch", { skill: "W17" }],
    ]);
    expect(links()).toEqual(["live", "connecting", "live"]);
  });

  test("a push is told as it is, and no question is asked while pushes come", async () => {
    socket.happens("connect");
    socket.happens("board", document(42));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sequences()).toEqual([42]);
    expect(fetch).not.toHaveBeenCalled();
  });

  test("where sockets are blocked it asks over HTTP, again and again", async () => {
    await vi.advanceTimersByTimeAsync(30_000);
    expect(links()[0]).toBe("polling");
    expect(vi.mocked(fetch).mock.calls.length).toBeGreaterThanOrEqual(3);
    const [url, how] = vi.mocked(fetch).mock.calls[0] ?? [];
    expect([url, how?.cache]).toEqual(["https://cdn.example/skills/W17/board.json", "no-cache"]);
    expect(sequences()[0]).toBe(7);
  });

  test("where the file is gone or says nothing of a board, the site itself is asked", async () => {
    vi.stubGlobal("fetch", vi.fn((url: string) =>
      url.startsWith("https://cdn") ? Promise.resolve(new Response("", { status: 404 })) : answer(),
    ));
    await vi.advanceTimersByTimeAsync(8_000);
    expect(links()[0]).toBe("polling");
    expect(sequences()[0]).toBe(7);
  });

  test("a network that hangs without failing is lost too", async () => {
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      const stop = new AbortController(); // the browser's own timer is not the test's
      setTimeout(() => stop.abort(), ms);
      return stop.signal;
    });
    vi.stubGlobal("fetch", (_: string, { signal }: { signal: AbortSignal }) =>
      new Promise((_, fail) => signal.addEventListener("abort", () => fail(new Error("late")))),
    );
    await vi.advanceTimersByTimeAsync(15_000);
    expect(links()).toEqual([]);
    await vi.advanceTimersByTimeAsync(20_000); // both addresses had their time
    expect(links().at(-1)).toBe("lost");
  });

  test("when nothing answers it says so, and goes on trying", async () => {
    answer = () => Promise.reject(new TypeError("no network"));
    await vi.advanceTimersByTimeAsync(8_000);
    expect(links().at(-1)).toBe("lost");
    answer = () => Promise.resolve(Response.json(document(8)));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(links().at(-1)).toBe("polling");
    expect(sequences()).toContain(8);
  });

  test("an error page is no news", async () => {
    answer = () => Promise.resolve(new Response("<html>", { status: 502 }));
    await vi.advanceTimersByTimeAsync(8_000);
    expect(links().at(-1)).toBe("lost");
    expect(sequences()).toEqual([]);
  });

  test("a server that says nothing after the connection is asked once", async () => {
    socket.happens("connect");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(links()).toEqual(["live"]);
  });

  test("a slow reader who was dropped fetches the snapshot", async () => {
    socket.happens("connect");
    socket.happens("board", document(5));
    socket.happens("resync");
    await vi.advanceTimersByTimeAsync(0);
    expect(sequences()).toEqual([5, 7]);
  });

  test("the server's ping is a sign of life", () => {
    socket.happens("connect");
    socket.happens("manager ping");
    expect(heard.at(-1)).toEqual({ kind: "alive", at: 1_000 });
  });
});

test("jitter spreads clients between three quarters and one and a half", () => {
  expect(jitter(4_000, 0)).toBe(3_000);
  expect(jitter(4_000, 1)).toBe(6_000);
});
