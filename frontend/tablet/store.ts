// What the tablet keeps: marks not yet acknowledged first of all, then what it needs to work on
// without a network. "Owner" is one judge in one skill: several judges may share a browser.
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Card, Errand, Pack, Post, Sentence, Skill, Work } from "./types";

export interface Waiting {
  n?: number; // the order in which marks are sent
  owner: string;
  post: Post;
}

export interface Aside {
  key: string;
  owner: string;
  post: Post;
  sentence: Sentence;
}

/** What a tablet of the hall knows of itself. One row, or none. */
export interface HallRow {
  id: "this";
  token: string;
  number: number;
  skill: Skill;
  judges: Card[];
  lock_minutes: number;
}

/** By what a judge's PIN is compared without a network (`pin.ts`). */
export interface PinRow {
  judge: number;
  salt: Uint8Array;
  rounds: number;
  hash: Uint8Array;
  wrong: number; // tries since the last right one
}

interface Tables extends DBSchema {
  outbox: { key: number; value: Waiting; indexes: { owner: string } };
  aside: { key: string; value: Aside; indexes: { owner: string } };
  tokens: { key: string; value: { owner: string; token: string; label: string } };
  packs: { key: string; value: { owner: string; pack: Pack } };
  works: { key: [string, string]; value: { owner: string; code: string; work: Work } };
  hall: { key: string; value: HallRow };
  pins: { key: number; value: PinRow };
  errands: { key: number; value: Errand; indexes: { owner: string } };
}

export type Database = IDBPDatabase<Tables>;

// A mark is acknowledged to the finger when it is on the disk, not in a buffer.
const SAFE: IDBTransactionOptions = { durability: "strict" };

export function open(name = "podium-tablet"): Promise<Database> {
  return openDB<Tables>(name, 2, {
    upgrade(db, before) {
      db.createObjectStore("hall", { keyPath: "id" });
      db.createObjectStore("pins", { keyPath: "judge" });
      const errands = db.createObjectStore("errands", { keyPath: "n", autoIncrement: true });
      errands.createIndex("owner", "owner");
      if (before > 0) return; // what a tablet of the first version keeps stays as it is
      const outbox = db.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
      outbox.createIndex("owner", "owner");
      db.createObjectStore("aside", { keyPath: "key" }).createIndex("owner", "owner");
      db.createObjectStore("tokens", { keyPath: "owner" });
      db.createObjectStore("packs", { keyPath: "owner" });
      db.createObjectStore("works", { keyPath: ["owner", "code"] });
    },
  });
}

/** Keep marks; done when they are on the disk. */
export async function keep(db: Database, owner: string, posts: Post[]): Promise<void> {
  const tx = db.transaction("outbox", "readwrite", SAFE);
  for (const post of posts) void tx.store.add({ owner, post });
  await tx.done;
}

export const waiting = (db: Database, owner: string): Promise<Waiting[]> =>
  db.getAllFromIndex("outbox", "owner", owner);

/** How many marks wait here, by owner. */
export async function counts(db: Database): Promise<Map<string, number>> {
  const out = new Map<string, number>();
  for (const { owner } of await db.getAll("outbox")) out.set(owner, (out.get(owner) ?? 0) + 1);
  return out;
}

export interface Settled {
  waiting: Waiting;
  sentence: Sentence | null; // why it was set aside
}

/** The server has answered for these: the one way out of the outbox. */
export async function settle(db: Database, settled: Settled[]): Promise<void> {
  const tx = db.transaction(["outbox", "aside"], "readwrite", SAFE);
  for (const { waiting, sentence } of settled) {
    const { n, owner, post } = waiting;
    if (sentence) void tx.objectStore("aside").put({ key: post.key, owner, post, sentence });
    if (n !== undefined) void tx.objectStore("outbox").delete(n);
  }
  await tx.done;
}

export const asides = (db: Database, owner: string): Promise<Aside[]> =>
  db.getAllFromIndex("aside", "owner", owner);

export const dismiss = (db: Database, key: string): Promise<void> => db.delete("aside", key);

export async function token(db: Database, owner: string): Promise<string | null> {
  return (await db.get("tokens", owner))?.token ?? null;
}

/** Every token that is kept here, by owner. */
export const owners = async (db: Database): Promise<string[]> =>
  (await db.getAllKeys("tokens")) as string[];

export const labels = async (db: Database): Promise<Map<string, string>> =>
  new Map((await db.getAll("tokens")).map((one) => [one.owner, one.label]));

export async function keepToken(
  db: Database,
  owner: string,
  secret: string,
  label: string,
): Promise<void> {
  await db.put("tokens", { owner, token: secret, label });
}

export async function pack(db: Database, owner: string): Promise<Pack | null> {
  return (await db.get("packs", owner))?.pack ?? null;
}

export async function keepPack(db: Database, owner: string, found: Pack): Promise<void> {
  await db.put("packs", { owner, pack: found });
}

/** Every work read so far, by code. */
export async function works(db: Database, owner: string): Promise<Map<string, Work>> {
  const range = IDBKeyRange.bound([owner, ""], [owner, "\uffff"]);
  return new Map((await db.getAll("works", range)).map((one) => [one.code, one.work]));
}

export async function keepWork(db: Database, owner: string, work: Work): Promise<void> {
  await db.put("works", { owner, code: work.code, work });
}
