// The page's side of the hash worker. The worker is started with the page and kept: later, when a
// file is chosen, there may be no network to load it from.

import type { Job, Told } from "./hash-worker";

interface Waiting {
  share: (done: number) => void;
  end: (hex: string | null) => void;
}

export class Hasher {
  private readonly worker = new Worker(new URL("./hash-worker.ts", import.meta.url), {
    type: "module",
  });
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<Told>) => {
      const one = this.waiting.get(data.id);
      if ("share" in data) one?.share(data.share);
      else one?.end(data.hex);
    };
    this.worker.onerror = () => {
      for (const one of this.waiting.values()) one.end(null);
    };
  }

  /** The file's SHA-256 in hexadecimal; rejects when it cannot be read or is cancelled. */
  hash(file: Blob, share: (done: number) => void, signal?: AbortSignal): Promise<string> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      const end = (hex: string | null): void => {
        this.waiting.delete(id);
        if (hex) resolve(hex);
        else reject(new Error("not hashed"));
      };
      this.waiting.set(id, { share, end });
      signal?.addEventListener("abort", () => {
        this.say({ id, stop: true });
        end(null);
      });
      this.say({ id, file });
    });
  }

  private say(job: Job): void {
    this.worker.postMessage(job);
  }
}
