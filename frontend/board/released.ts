// How the standings of a skill come out, in words.
import { shownState, type Board } from "./document";
import type { Words } from "./words";

/** The policy, and what keeps some of it back. */
export function released(board: Board, w: Words): string {
  if (!board.standings.length) return w.release_hidden;
  const release = shownState(board) === "undecided" ? "undecided" : board.release;
  const said: string[] = [w[`release_${release}`]];
  if (board.delay) said.push(w.later(board.delay));
  if (board.top) said.push(w.first_places(board.top));
  return said.join(" · ");
}
