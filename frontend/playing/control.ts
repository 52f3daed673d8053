// What a screen is told to show, as the snapshot and the socket both send it.
import type { Document } from "../board/state";

export const KINDS = ["skill", "delegations", "medals", "now", "countdown", "timetable", "text"] as const;
export type Kind = (typeof KINDS)[number];

export interface Entry {
  id: number;
  kind: Kind;
  seconds: number;
  skill?: string;
  by?: string;
  title_zh?: string;
  title_en?: string;
  text_zh?: string;
  text_en?: string;
}

export interface Play {
  entry: number; // its id
  since: string;
  held: boolean;
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

/** Which public document an entry is drawn from: the code of a skill or a kind; "" for none. */
export function subjectOf(entry: Entry): string {
  if (entry.kind === "skill") return entry.skill ?? "";
  if (entry.kind === "countdown") return "timetable";
  return entry.kind === "text" ? "" : entry.kind;
}

/** Where that document is asked for. */
export function snapshotOf(subject: string): string {
  const overall = ["delegations", "medals", "now", "timetable"].includes(subject);
  return overall ? `/boards/${subject}.json` : `/skills/${encodeURIComponent(subject)}/board.json`;
}

export function subjects(control: Control): string[] {
  return [...new Set(control.entries.map(subjectOf))].filter(Boolean);
}
