// How news of a board arrives: pushed over Socket.IO; asked for over HTTP while that is blocked.
import { io, type Socket } from "socket.io-client";
import { inTime } from "../in_time";
import type { Document, Heard } from "./state";

const PATIENCE = 4_000; // ms without a push connection before asking over HTTP
const EVERY = 5_000; // ms between two questions; a CDN keeps the answer as long

export interface FeedSource<T extends Document> {
  snapshotUrl: string;
  ownUrl?: string; // the site's own, where the first is a file that may be gone (a hidden skill)
  watch: Record<string, string | boolean>; // what to tell the server after connecting
  event: string;
  is: (value: unknown) => value is T; // a proxy's sign-in page or an error is not
}

/** Spreads many clients over time: 0.75 to 1.5 of `ms`. */
export function jitter(ms: number, random: number = Math.random()): number {
  return Math.round(ms * (0.75 + random * 0.75));
}

/** A connection that comes back by itself. Hands back what it hears, never draws. */
export function openSocket(): Socket {
  return io({
    transports: ["websocket"], // needs no sticky sessions; where it is blocked we ask over HTTP
    reconnectionDelay: 1_000,
    reconnectionDelayMax: 20_000,
    randomizationFactor: 0.75,
  });
}

/** What an address answers, or null. */
async function fetchJson(url: string): Promise<unknown> {
  try {
    const answer = await inTime(url, { cache: "no-cache" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

export class Feed<T extends Document> {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly source: FeedSource<T>,
    private readonly tell: (heard: Heard<T>) => void,
    private readonly now: () => number,
    private readonly socket: Socket = openSocket(),
  ) {
    socket.on("connect", () => this.connected());
    socket.on("disconnect", () => this.disconnected());
    socket.on(source.event, (board: unknown) => this.pushed(board));
    socket.on("resync", () => void this.ask());
    socket.io.on("ping", () => {
      if (socket.connected) tell({ kind: "alive", at: now() });
    });
    this.later(PATIENCE);
  }

  /** Asks over HTTP once; the browser's cache sends the ETag. True when somebody answered. */
  async ask(): Promise<boolean> {
    for (const url of new Set([this.source.snapshotUrl, this.source.ownUrl ?? this.source.snapshotUrl])) {
      const board = await fetchJson(url);
      if (!this.source.is(board)) continue;
      this.tell({ kind: "board", board, at: this.now() });
      return true;
    }
    return false;
  }

  private connected(): void {
    this.socket.emit("watch", this.source.watch);
    this.tell({ kind: "link", link: "live" });
    this.later(PATIENCE); // the server answers "watch" with the board; if not, ask for it
  }

  private disconnected(): void {
    this.tell({ kind: "link", link: "connecting" });
    this.later(PATIENCE);
  }

  private pushed(board: unknown): void {
    if (!this.source.is(board)) return;
    clearTimeout(this.timer);
    this.tell({ kind: "board", board, at: this.now() });
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.turn(), jitter(ms));
  }

  private async turn(): Promise<void> {
    const answered = await this.ask();
    if (this.socket.connected) return;
    this.tell({ kind: "link", link: answered ? "polling" : "lost" });
    this.later(EVERY);
  }
}
