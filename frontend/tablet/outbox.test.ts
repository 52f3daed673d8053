import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Outbox } from "./outbox";
import * as store from "./store";
import type { Answer, Post } from "./types";

const OWNER = "T17|1";
let db: store.Database;
let number = 0;

const post = (key: string): Post => ({
  key,
  code: "K-073",
  judge: 1,
  device_at: "2026-11-23T08:00:00Z",
  aspect: 1,
  value: 150,
});
const taken = (one: Post): Answer => ({ key: one.key, state: "taken", id: 1, sentence: null });
const aside = (one: Post): Answer => ({
  key: one.key,
  state: "set_aside",
  id: 2,
  sentence: { zh: "搁置", en: "set aside" },
});

/** A server that answers each post so; null: it is not reached. Gives the batches it saw. */
function server(answer: ((one: Post) => Answer) | number | null): Post[][] {
  const batches: Post[][] = [];
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    if (answer === null) throw new TypeError("no network");
    const { posts } = JSON.parse(String(init.body)) as { posts: Post[] };
    batches.push(posts);
    if (typeof answer === "number") {
      return new Response(JSON.stringify({ error: { zh: "不", en: "no" } }), { status: answer });
    }
    return new Response(JSON.stringify({ answers: posts.map(answer) }));
  });
  return batches;
}

function outbox(): Outbox {
  return new Outbox(db, OWNER, {
    changed: () => undefined,
    heard: () => undefined,
    settled: () => undefined,
  });
}

async function quiet(box: Outbox): Promise<void> {
  await vi.waitFor(() => expect((box as unknown as { busy: boolean }).busy).toBe(false));
}

beforeEach(async () => {
  db = await store.open(`test-${(number += 1)}`);
  await store.keepToken(db, OWNER, "secret", "李裁判");
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("the outbox", () => {
  it("keeps a mark on the disk while there is no network, also for the next page", async () => {
    server(null);
    const box = outbox();
    await box.add([post("one"), post("two")]);
    await quiet(box);
    expect(box.posts.map((one) => one.key)).toEqual(["one", "two"]);
    const reopened = outbox();
    await reopened.load();
    expect(reopened.posts.map((one) => one.key)).toEqual(["one", "two"]);
  });

  it("lets go of a mark only when the server has answered for it, in the order of the taps", async () => {
    server(null);
    const box = outbox();
    await box.add([post("one")]);
    await box.add([post("two")]);
    await quiet(box);
    const batches = server(taken);
    await box.flush();
    expect(batches.flat().map((one) => one.key)).toEqual(["one", "two"]);
    expect(box.posts).toEqual([]);
    expect(await store.waiting(db, OWNER)).toEqual([]);
  });

  it("keeps what was set aside in sight until it is dismissed", async () => {
    server(aside);
    const box = outbox();
    await box.add([post("one")]);
    await quiet(box);
    await vi.waitFor(() => expect(box.asides).toHaveLength(1));
    expect(box.posts).toEqual([]);
    const reopened = outbox();
    await reopened.load();
    expect(reopened.asides[0]).toMatchObject({ key: "one", sentence: { en: "set aside" } });
    await reopened.dismiss("one");
    expect(reopened.asides).toEqual([]);
  });

  it.each([401, 403, 404, 500, 503])(
    "keeps everything when the server answers %s",
    async (status) => {
      server(status);
      const box = outbox();
      await box.add([post("one"), post("two")]);
      await quiet(box);
      expect(await store.waiting(db, OWNER)).toHaveLength(2);
    },
  );

  it("keeps everything when something else answers in the server's place", async () => {
    vi.stubGlobal("fetch", async () => new Response("<h1>Wi-Fi login</h1>"));
    const box = outbox();
    await box.add([post("one")]);
    await quiet(box);
    expect(await store.waiting(db, OWNER)).toHaveLength(1);
  });

  it("one mark that cannot be read does not hold up the others", async () => {
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
      const { posts } = JSON.parse(String(init.body)) as { posts: Post[] };
      const bad = posts.some((one) => one.key === "bad");
      const body = bad ? { error: { zh: "不", en: "no" } } : { answers: posts.map(taken) };
      return new Response(JSON.stringify(body), { status: bad ? 400 : 200 });
    });
    const box = outbox();
    await box.add([post("one"), post("bad"), post("two")]);
    await quiet(box);
    await vi.waitFor(() => expect(box.posts).toEqual([]));
    expect(box.asides.map((one) => one.key)).toEqual(["bad"]);
  });

  it("an answer that is missing sets its mark aside with a sentence rather than losing it", async () => {
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ answers: [] })));
    const box = outbox();
    await box.add([post("one")]);
    await quiet(box);
    await vi.waitFor(() => expect(box.asides).toHaveLength(1));
  });

  it("sends another judge's marks with that judge's own token, or keeps them", async () => {
    await store.keep(db, "T17|2", [{ ...post("theirs"), judge: 2 }]);
    const tokens: string[] = [];
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
      tokens.push((init.headers as Record<string, string>)["Authorization"] ?? "");
      const { posts } = JSON.parse(String(init.body)) as { posts: Post[] };
      return new Response(JSON.stringify({ answers: posts.map(taken) }));
    });
    const box = outbox();
    await box.flush();
    expect(await store.waiting(db, "T17|2")).toHaveLength(1);
    expect(box.others).toEqual(new Map([["T17|2", 1]]));
    await store.keepToken(db, "T17|2", "other", "王裁判");
    await box.flush();
    expect(tokens).toEqual(["Bearer other"]);
    expect(await store.waiting(db, "T17|2")).toEqual([]);
  });

  it("a refusal that was meant for the token before does not count after pairing anew", async () => {
    const heard: string[] = [];
    const box = new Outbox(db, OWNER, {
      changed: () => undefined,
      heard: (reply) => heard.push(reply.kind),
      settled: () => undefined,
    });
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
      const { posts } = JSON.parse(String(init.body)) as { posts: Post[] };
      if (new Headers(init.headers).get("Authorization") === "Bearer new") {
        return new Response(JSON.stringify({ answers: posts.map(taken) }));
      }
      await store.keepToken(db, OWNER, "new", "李裁判"); // while the refusal is on its way
      return new Response("{}", { status: 401 });
    });
    await box.add([post("one")]);
    await quiet(box);
    expect(box.posts).toEqual([]);
    expect(heard).toEqual(["ok"]);
  });

  it("a large outbox goes in batches and says how many still wait", async () => {
    server(null);
    const box = outbox();
    await box.add(Array.from({ length: 230 }, (_, i) => post(`key-${i}`)));
    await quiet(box);
    const waits: number[] = [];
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
      const body = JSON.parse(String(init.body)) as { posts: Post[]; waiting: number };
      waits.push(body.waiting);
      return new Response(JSON.stringify({ answers: body.posts.map(taken) }));
    });
    await box.flush();
    expect(waits).toEqual([180, 130, 80, 30, 0]);
  });

  it("marks go out from memory when the disk refuses them", async () => {
    const batches = server(taken);
    const box = outbox();
    vi.spyOn(db, "transaction").mockImplementationOnce(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await box.add([post("one")]);
    // An outbox of the test before may still be sending its own rest on a slow machine.
    const sent = () => batches.flat().filter(({ key }) => key === "one");
    await vi.waitFor(() => expect(sent()).toHaveLength(1));
    await vi.waitFor(() => expect(box.posts).toEqual([]));
  });

  it("does not send at once again what the disk will not let go", async () => {
    const batches = server(taken);
    const box = outbox();
    const open = db.transaction.bind(db) as (...all: unknown[]) => never;
    const broken = vi.spyOn(db, "transaction").mockImplementation((...all: unknown[]) => {
      if (Array.isArray(all[0])) throw new DOMException("broken", "UnknownError"); // letting go
      return open(...all);
    });
    await box.add([post("one")]);
    await quiet(box);
    expect(batches.flat().filter(({ key }) => key === "one")).toHaveLength(1);
    expect(box.posts).toHaveLength(1);
    broken.mockRestore();
    await box.flush();
    expect(box.posts).toEqual([]);
  });
});
