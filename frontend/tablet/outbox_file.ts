// "Save unsent marks as a file", for when the network never returns: the marks, notes and photos of
// everybody on this tablet, each judge's sealed with that judge's own token. They stay here too; sent
// twice is harmless.
import { base64, type Sealed, seal } from "./seal";
import * as store from "./store";
import type { Database } from "./store";
import type { Errand, Post } from "./types";

export interface Box extends Sealed {
  skill: string;
  judge: number;
}

export interface File {
  format: "podium-outbox/1";
  saved_at: string;
  boxes: Box[];
}

/** A note or a photo among the posts of a box, as judging/handed_in.py reads it. */
interface Note {
  remark: Record<string, unknown>;
  photo?: string; // base64
}

export interface Saved {
  name: string;
  marks: number;
  notes: number;
}

/** The file, and how many marks and notes are in it; null when nothing waits. `mine` and `errands`:
 * what is shown as unsent here, also what the disk would not take. A note with a photo stays here
 * whole where there is no room for photos: without its photo it would count as sent. */
export async function outboxFile(
  db: Database,
  owner: string,
  mine: Post[],
  errands: Errand[],
  at: Date,
  photos = true,
): Promise<{ file: File; marks: number; notes: number } | null> {
  const found = new Map<string, Post[]>([[owner, mine]]);
  for (const other of (await store.counts(db)).keys()) {
    if (other === owner) continue;
    const rows = await store.waiting(db, other);
    found.set(other, rows.map((row) => row.post));
  }
  const noted = await notes(db, errands, photos);
  const boxes: Box[] = [];
  const held = { marks: 0, notes: 0 };
  for (const one of new Set([...found.keys(), ...noted.keys()])) {
    const token = await store.token(db, one);
    const posts = found.get(one) ?? [];
    const beside = noted.get(one) ?? [];
    if (!token || posts.length + beside.length === 0) continue;
    const [skill = "", judge = "0"] = one.split("|");
    boxes.push({ skill, judge: Number(judge), ...seal(token, JSON.stringify([...posts, ...beside])) });
    held.marks += posts.length;
    held.notes += beside.length;
  }
  const file: File = { format: "podium-outbox/1", saved_at: at.toISOString(), boxes };
  return boxes.length > 0 ? { file, ...held } : null;
}

/** Owner → the notes and photos that wait, each once. */
async function notes(db: Database, memory: Errand[], photos: boolean): Promise<Map<string, Note[]>> {
  const kept = await db.getAll("errands");
  const known = new Set(kept.map((one) => one.key));
  const found = new Map<string, Note[]>();
  for (const one of [...kept, ...memory.filter((each) => !known.has(each.key))]) {
    if (one.kind !== "remark" || (one.photo && !photos)) continue;
    const note: Note = { remark: one.body };
    if (one.photo) note.photo = base64(new Uint8Array(await one.photo.arrayBuffer()));
    found.set(one.owner, [...(found.get(one.owner) ?? []), note]);
  }
  return found;
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
