// PINs without a network: what a tablet of the hall keeps to know one again.
//
// A judge whose PIN the server found right on this very tablet leaves a slow, salted hash of it here;
// nobody else's is ever on it. It keeps colleagues and passers-by from marking under another name
// while the network is away: five wrong tries, and only the server says whether a PIN is right. It is
// no safe: whoever takes the tablet apart can try the ten thousand PINs of four figures against it in
// hours. Hence PINs open nothing but a tablet that is paired, longer ones are allowed, and unpairing
// wipes this and ends the tokens at the server.
import { pbkdf2Async } from "@noble/hashes/pbkdf2.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { Database, PinRow } from "./store";

/** Rounds of PBKDF2 with SHA-256: as OWASP advises; and by script, over plain HTTP, where the
 * browser's own cryptography is missing. */
export const ROUNDS = { own: 600_000, script: 60_000 };
export const TRIES = 5;

export type Said = "right" | "wrong" | "full" | "unknown";

/** Keep what a PIN that the server has just taken is compared by; the count of tries starts anew. */
export async function keep(db: Database, judge: number, pin: string): Promise<void> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const rounds = crypto.subtle ? ROUNDS.own : ROUNDS.script;
  const hash = await slow(plain(pin), salt, rounds);
  await db.put("pins", { judge, salt, rounds, hash, wrong: 0 });
}

/** Compare a PIN without the server. A try is written down before it is compared. */
export async function compare(db: Database, judge: number, pin: string): Promise<Said> {
  const tx = db.transaction("pins", "readwrite", { durability: "strict" });
  const kept: PinRow | undefined = await tx.store.get(judge);
  if (kept && kept.wrong < TRIES) await tx.store.put({ ...kept, wrong: kept.wrong + 1 });
  await tx.done;
  if (!kept) return "unknown";
  if (kept.wrong >= TRIES) return "full";
  const found = await slow(plain(pin), kept.salt, kept.rounds);
  if (!same(found, kept.hash)) return kept.wrong + 1 >= TRIES ? "full" : "wrong";
  await db.put("pins", { ...kept, wrong: 0 });
  return "right";
}

const plain = (pin: string): string => pin.normalize("NFKC").trim();

async function slow(pin: string, salt: Uint8Array, rounds: number): Promise<Uint8Array> {
  if (!crypto.subtle) return pbkdf2Async(sha256, utf8ToBytes(pin), salt, { c: rounds, dkLen: 32 });
  const bytes = utf8ToBytes(pin) as Uint8Array<ArrayBuffer>;
  const key = await crypto.subtle.importKey("raw", bytes, "PBKDF2", false, ["deriveBits"]);
  const how = {
    name: "PBKDF2",
    hash: "SHA-256",
    salt: salt as Uint8Array<ArrayBuffer>,
    iterations: rounds,
  };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256));
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  let differs = one.length ^ other.length;
  one.forEach((byte, at) => {
    differs |= byte ^ (other[at] ?? 0);
  });
  return differs === 0;
}
