// What the page knows, and how it changes when it hears something. Pure.
import type { Board } from "./document";

/** live: pushed by the socket; polling: asked for every few seconds; lost: nothing answers. */
export type Link = "connecting" | "live" | "polling" | "lost";

/** A public document: of a skill, or of a kind over all skills. */
export interface Document {
  sequence: number;
  skill?: { code: string };
  kind?: string;
}

export interface Known<T extends Document = Board> {
  board: T;
  link: Link;
  asOf: number; // server time in ms at which the board was last known to be current
}

export type Heard<T extends Document = Board> =
  | { kind: "board"; board: T; at: number } // by push or by poll: one document, one path
  | { kind: "alive"; at: number } // the link answered, nothing new
  | { kind: "link"; link: Link };

/** A later document replaces the whole board, whatever was missed between; an older one, or one of
 *  something else, is ignored. So push and poll may overtake each other. */
export function hear<T extends Document>(known: Known<T>, heard: Heard<T>): Known<T> {
  switch (heard.kind) {
    case "link":
      return heard.link === known.link ? known : { ...known, link: heard.link };
    case "alive":
      return { ...known, asOf: Math.max(known.asOf, heard.at) };
    case "board": {
      const { board, at } = heard;
      if (subject(board) !== subject(known.board)) return known;
      if (board.sequence < known.board.sequence) return known;
      const asOf = Math.max(known.asOf, at);
      return board.sequence === known.board.sequence
        ? { ...known, asOf }
        : { ...known, board, asOf };
    }
  }
}

function subject(board: Document): string {
  return board.skill?.code ?? board.kind ?? "";
}
