// The public document of a skill, as the snapshot and the socket both send it.
import type { PeriodClock } from "../clock";

/** What a state is called: locked results are not official while places wait for a decision. */
export const SHOWN = ["not_started", "running", "paused", "frozen", "checking", "undecided", "final"] as const;
export type Shown = (typeof SHOWN)[number];

/** The states of a document itself. */
export type State = Exclude<Shown, "undecided">;
export const STATES = SHOWN.filter((one): one is State => one !== "undecided");

export const RELEASES = ["hidden", "automatic", "confirmed", "frozen", "final"] as const;
export type Release = (typeof RELEASES)[number];

export interface Skill {
  code: string;
  name_zh: string;
  name_en: string;
  sector_zh?: string;
  sector_en?: string;
  zone_zh?: string;
  zone_en?: string;
}

export const AWARDS = ["gold", "silver", "bronze", "medallion", "merit"] as const;
export type Award = (typeof AWARDS)[number];

export interface Standing {
  place: number | null; // null: not ranked yet
  shared: boolean;
  label_zh: string;
  label_en: string;
  delegation_zh?: string | null;
  delegation_en?: string | null;
  total: string; // two decimals
  parts?: (string | null)[]; // one for each of the board's criteria; null: nothing told yet
  released?: number;
  of?: number;
  // official results only
  undecided?: boolean; // a tie that waits for a figure, a vote or a ruling
  award?: Award | null; // null: none, whatever the place
  score?: number | null; // on the skill's scale, where its rules have one
  starred?: boolean; // marks were opened again after sign-off
  why_zh?: string[]; // why the line stands here, sentence by sentence
  why_en?: string[];
}

export interface Board {
  skill: Skill;
  sequence: number;
  state: State;
  release: Release;
  delay?: number; // minutes by which marks come out later
  top?: number | null; // only so many places are told
  criteria?: { letter: string; max: string }[];
  message_zh?: string | null;
  message_en?: string | null;
  clock: PeriodClock | null;
  progress: { released: number; of: number } | null;
  standings: Standing[];
  max: string;
  scale?: { name: string; version: number; approximation: boolean } | null;
}

/** The state that a document is shown under. */
export function shownState(board: Pick<Board, "state" | "standings">): Shown {
  return board.state === "final" && board.standings.some((line) => line.undecided) ? "undecided" : board.state;
}

/** The shape and colour beside the word of a state. */
export const signOf = (shown: Shown): State => (shown === "undecided" ? "checking" : shown);

/** Is this the document of a board? A proxy's sign-in page or an error is not. */
export function isBoard(value: unknown): value is Board {
  if (typeof value !== "object" || value === null) return false;
  const board = value as Partial<Board>;
  return (
    typeof board.sequence === "number" &&
    typeof board.skill?.code === "string" &&
    Array.isArray(board.standings) &&
    STATES.some((state) => state === board.state)
  );
}

/** A key for each line that stays when its place changes; two of one name get two keys. */
export function keys(standings: Standing[]): string[] {
  const seen = new Map<string, number>();
  return standings.map((line) => {
    const name = `${line.label_zh}|${line.delegation_zh ?? ""}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}|${times}`;
  });
}
