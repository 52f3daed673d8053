import { describe, expect, it } from "vitest";
import { handIn, type Answer, type Step, type Wires } from "./upload";

const TAKEN = { number: 3, receipt: "AAAA-BBBB-CCCC", late: false, url: "/r" };
const REFUSAL = { error: { zh: "没有保存。", en: "Nothing was kept." } };

/** A played outside: what each request is answered with, in turn. */
function outside(announced: Answer[], sent: Answer[]) {
  const asked: string[] = [];
  const keys: string[] = [];
  const next = (answers: Answer[]): Answer => answers.shift() ?? { status: 0, body: null };
  const wires: Wires = {
    hash: async (_file, share) => {
      share(1);
      return "ab".repeat(32);
    },
    announce: async (said) => {
      asked.push("announce");
      keys.push(said.key);
      return next(announced);
    },
    send: async (key, _file, share) => {
      asked.push("send");
      keys.push(key);
      share(0.5);
      share(1);
      return next(sent);
    },
    wait: async () => {
      asked.push("wait");
    },
    key: () => "key-of-this-hand-in",
  };
  return { wires, asked, keys };
}

async function run(wires: Wires, signal = new AbortController().signal): Promise<Step[]> {
  const steps: Step[] = [];
  await handIn(new File(["PK"], "work.zip"), wires, (step) => steps.push(step), signal);
  return steps;
}

const OK: Answer = { status: 200, body: { announced_at: "2026-11-23T06:36:58Z" } };

describe("a hand-in on its way", () => {
  it("hashes, announces, sends, and says what was taken", async () => {
    const { wires, asked } = outside([OK], [{ status: 200, body: TAKEN }]);
    const kinds = (await run(wires)).map((step) => step.kind);
    expect(asked).toEqual(["announce", "send"]);
    expect([...new Set(kinds)]).toEqual([
      "hashing",
      "announcing",
      "announced",
      "sending",
      "storing",
      "taken",
    ]);
  });

  it("tries again with the same key until somebody answers", async () => {
    const gone: Answer = { status: 0, body: null };
    const { wires, asked, keys } = outside(
      [gone, OK],
      [gone, { status: 503, body: null }, { status: 200, body: TAKEN }],
    );
    const steps = await run(wires);
    expect(asked).toEqual(["announce", "wait", "announce", "send", "wait", "send", "wait", "send"]);
    expect(new Set(keys).size).toBe(1);
    expect(steps.filter((step) => step.kind === "offline")).toHaveLength(3);
    expect(steps.at(-1)).toEqual({ kind: "taken", taken: TAKEN });
  });

  it("passes on a refusal in both languages, and sends nothing after one", async () => {
    const { wires, asked } = outside([{ status: 413, body: REFUSAL }], []);
    expect((await run(wires)).at(-1)).toEqual({ kind: "refused", sentence: REFUSAL.error });
    expect(asked).toEqual(["announce"]);
  });

  it("says when the session is over or the answer has no sentence", async () => {
    expect((await run(outside([{ status: 401, body: null }], []).wires)).at(-1)?.kind).toBe(
      "signed_out",
    );
    expect((await run(outside([OK], [{ status: 500, body: null }]).wires)).at(-1)).toEqual({
      kind: "refused",
      sentence: null,
    });
  });

  it("stops when it is cancelled, even while it waits for the network", async () => {
    const stop = new AbortController();
    const { wires } = outside([OK], []);
    wires.wait = async () => stop.abort();
    expect((await run(wires, stop.signal)).at(-1)).toEqual({ kind: "cancelled" });
  });

  it("says when the file cannot be read any more", async () => {
    const { wires, asked } = outside([OK], []);
    wires.hash = async () => Promise.reject(new Error("moved"));
    expect((await run(wires)).at(-1)).toEqual({ kind: "unreadable" });
    expect(asked).toEqual([]);
  });
});
