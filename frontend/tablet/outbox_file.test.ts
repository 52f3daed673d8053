import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { fileName, outboxFile } from "./outbox_file";
import { seal } from "./seal";
import * as store from "./store";
import type { Errand, Post } from "./types";

const OWNER = "T17|1";
const AT = new Date("2026-11-23T08:00:00Z");
let db: store.Database;
let number = 0;

const post = (key: string, judge = 1): Post => ({
  key,
  code: "K-073",
  judge,
  device_at: AT.toISOString(),
  aspect: 1,
  value: 150,
});

beforeEach(async () => {
  db = await store.open(`file-${(number += 1)}`);
  await store.keepToken(db, OWNER, "secret", "李裁判");
});

describe("the file of unsent marks", () => {
  it("is sealed as the server opens it", () => {
    // the same figures stand in tests/judging/test_handed_in.py
    expect(seal("secret", "评分 [1, 2, 3] and enough text to need a second block", "00ff")).toEqual({
      nonce: "00ff",
      sealed: "9RFT9zhnGyK8DKNicPh+dZg0x0o2/Qvbq0UJRoN00FKmrmaBwXPm+oat0W4TFTzH+QJc8MW4cQ==",
      mac: "b80567dff97ac840c39ad8152b81294e72b633e814d63faffb93add1bf875752",
    });
  });

  it("holds the marks of everybody on the tablet, and leaves them there", async () => {
    await store.keep(db, OWNER, [post("one"), post("two")]);
    await store.keep(db, "T17|2", [post("theirs", 2)]);
    await store.keepToken(db, "T17|2", "other", "王裁判");
    const mine = [post("one"), post("two"), post("only in memory")];
    const made = await outboxFile(db, OWNER, mine, [], AT);
    expect(made?.marks).toBe(4);
    expect(made?.file.boxes.map((box) => [box.skill, box.judge])).toEqual([
      ["T17", 1],
      ["T17", 2],
    ]);
    expect(JSON.stringify(made?.file)).not.toContain("K-073"); // nor any vote
    expect(await store.waiting(db, OWNER)).toHaveLength(2);
  });

  it("holds notes and photos too, once each, but no call for help", async () => {
    const note = (key: string, owner = OWNER): Errand => ({
      owner,
      kind: "remark",
      key,
      body: { key, words: "左边够不到" },
    });
    const photo = new Blob([new Uint8Array([1, 2, 3])]);
    await db.add("errands", { ...note("kept"), photo });
    await db.add("errands", { ...note("theirs", "T17|2") });
    await db.add("errands", { ...note("help"), kind: "call" });
    await store.keepToken(db, "T17|2", "other", "王裁判");
    const memory = [...(await db.getAllFromIndex("errands", "owner", OWNER)), note("memory")];
    const made = await outboxFile(db, OWNER, [post("one")], memory, AT);
    expect([made?.marks, made?.notes]).toEqual([1, 3]);
    expect(made?.file.boxes.map((box) => box.judge)).toEqual([1, 2]);
    expect(JSON.stringify(made?.file)).not.toContain("左边");
    expect((await outboxFile(db, OWNER, [], [note("alone")], AT))?.notes).toBe(3);
  });

  it("leaves notes with a photo out whole where there is no room for photos", async () => {
    const note: Errand = { owner: OWNER, kind: "remark", key: "words", body: { key: "words" } };
    const photo = new Blob([new Uint8Array([1, 2, 3])]);
    const waiting = [note, { ...note, key: "seen", body: { key: "seen" }, photo }];
    const made = await outboxFile(db, OWNER, [post("one")], waiting, AT, false);
    expect([made?.marks, made?.notes]).toEqual([1, 1]);
    expect(await outboxFile(db, OWNER, [], [waiting[1]!], AT, false)).toBeNull();
  });

  it("is not made while nothing waits", async () => {
    expect(await outboxFile(db, OWNER, [], [], AT)).toBeNull();
  });

  it("bears the skill and the minute in its name", () => {
    expect(fileName("T17", new Date(2026, 10, 3, 8, 5))).toBe("podium-T17-unsent-20261103-0805.json");
  });
});
