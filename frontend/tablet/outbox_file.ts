// "Save unsent marks as a file", for when the network never returns: the marks of everybody on this
// tablet, each judge's sealed with that judge's own token. They stay here too; sent twice is harmless.
import { type Sealed, seal } from "./seal";
import * as store from "./store";
import type { Database } from "./store";
import type { Post } from "./types";

export interface Box extends Sealed {
  skill: string;
  judge: number;
}

export interface File {
  format: "podium-outbox/1";
  saved_at: string;
  boxes: Box[];
}

export interface Saved {
  name: string;
  marks: number;
}

/** The file, and how many marks are in it; null when nothing waits. `mine`: what is shown as unsent
 * here, also what the disk would not take. */
export async function outboxFile(
  db: Database,
  owner: string,
  mine: Post[],
  at: Date,
): Promise<{ file: File; marks: number } | null> {
  const found = new Map<string, Post[]>([[owner, mine]]);
  for (const other of (await store.counts(db)).keys()) {
    if (other === owner) continue;
    const rows = await store.waiting(db, other);
    found.set(other, rows.map((row) => row.post));
  }
  const boxes: Box[] = [];
  let marks = 0;
  for (const [one, posts] of found) {
    const token = await store.token(db, one);
    if (!token || posts.length === 0) continue;
    const [skill = "", judge = "0"] = one.split("|");
    boxes.push({ skill, judge: Number(judge), ...seal(token, JSON.stringify(posts)) });
    marks += posts.length;
  }
  const file: File = { format: "podium-outbox/1", saved_at: at.toISOString(), boxes };
  return marks ? { file, marks } : null;
}

/** Put it into the tablet's downloads; works without a network. */
export function download(file: File, name: string): void {
  const blob = new Blob([JSON.stringify(file)], { type: "application/json" });
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** podium-T17-unsent-20261123-1437.json */
export function fileName(skill: string, at: Date): string {
  const two = (figure: number): string => String(figure).padStart(2, "0");
  const day = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  return `podium-${skill}-unsent-${day}-${two(at.getHours())}${two(at.getMinutes())}.json`;
}
