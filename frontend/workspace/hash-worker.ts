// Runs beside the page: the SHA-256 of files, four megabytes at a time.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

export type Job = { id: number; file: Blob } | { id: number; stop: true };
export type Told = { id: number; share: number } | { id: number; hex: string | null };

const PIECE = 4 << 20;
const stopped = new Set<number>();

function tell(told: Told): void {
  self.postMessage(told);
}

async function digest(id: number, file: Blob): Promise<void> {
  const hash = sha256.create();
  for (let at = 0; at < file.size; at += PIECE) {
    hash.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
    if (stopped.has(id)) return;
    tell({ id, share: Math.min(1, (at + PIECE) / file.size) });
  }
  tell({ id, hex: bytesToHex(hash.digest()) });
}

self.addEventListener("message", ({ data: job }: MessageEvent<Job>) => {
  if ("stop" in job) stopped.add(job.id);
  else digest(job.id, job.file).catch(() => tell({ id: job.id, hex: null }));
});
