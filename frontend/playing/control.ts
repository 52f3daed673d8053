// What a screen is told to show, as the snapshot and the socket both send it.
import type { Document } from "../board/state";
import { KINDS as OVERALL } from "../overall/document";

export const KINDS = [
  ...(["skill", "hour", "delegations", "city", "map", "medals", "now"] as const),
  ...(["countdown", "countdowns", "timetable", "sponsors", "text"] as const),
] as const;
export type Kind = (typeof KINDS)[number];

export interface Entry {
  id: number;
  kind: Kind;
  seconds: number;
  skill?: string;
  by?: string;
  delegation?: string; // its code
  title_zh?: string;
  title_en?: string;
  text_zh?: string;
  text_en?: string;
}

export interface Play {
  entry: number; // its id
  since: string;
  held: boolean;
  paused?: string | null; // since when nothing turns
}

export interface Control extends Document {
  kind: "screen";
  name: string;
  language: "zh" | "en" | "turns";
  theme: "dark" | "light";
  blank: boolean;
  message: { text_zh: string; text_en: string; at: string } | null;
  play: Play;
  entries: Entry[];
}

/** Is this what a screen is told? A proxy's sign-in page or an error is not. */
export function isControl(value: unknown): value is Control {
  if (typeof value !== "object" || value === null) return false;
  const told = value as Partial<Control>;
  return (
    told.kind === "screen" &&
    typeof told.sequence === "number" &&
    typeof told.play?.since === "string" &&
    Array.isArray(told.entries) &&
    told.entries.every((one) => KINDS.includes(one.kind) && one.seconds > 0)
  );
}

const DRAWN_FROM: Partial<Record<Kind, string[]>> = {
  text: [],
  city: ["delegations", "medals"],
  map: ["delegations"],
  countdown: ["timetable"],
  countdowns: ["timetable"],
};

/** Which public documents an entry is drawn from: codes of skills, kinds of boards over all. `hour`:
 *  the code of the skill of the hour, "" for none. */
export function subjectsOf(entry: Entry, hour: string): string[] {
  if (entry.kind === "skill") return [entry.skill ?? ""];
  if (entry.kind === "hour") return hour ? ["hour", hour] : ["hour"];
  return DRAWN_FROM[entry.kind] ?? [entry.kind];
}

/** Where such a document is asked for. */
export function snapshotOf(subject: string): string {
  const isOverall = (OVERALL as readonly string[]).includes(subject);
  return isOverall ? `/boards/${subject}.json` : `/skills/${encodeURIComponent(subject)}/board.json`;
}

export function subjects(control: Control, hour: string): string[] {
  return [...new Set(control.entries.flatMap((entry) => subjectsOf(entry, hour)))].filter(Boolean);
}
