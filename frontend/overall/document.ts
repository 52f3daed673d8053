// The public documents over all skills, as the snapshot and the socket both send them.
import type { PeriodClock } from "../clock";
import type { Award, Shown } from "../board/document";

export const KINDS = ["now", "medals", "delegations", "timetable", "sponsors", "hour"] as const;

export interface Named {
  name_zh: string;
  name_en: string;
}

export interface Person {
  label_zh: string;
  label_en: string;
  delegation_zh?: string;
  delegation_en?: string;
}

interface SkillNamed extends Named {
  code: string;
  zone_zh: string;
  zone_en: string;
}

export interface NowSkill extends SkillNamed {
  state: Shown;
  clock: PeriodClock | null;
  gold: Person[];
}

export interface NowBoard {
  kind: "now";
  sequence: number;
  counts: Record<Shown, number>;
  skills: NowSkill[];
}

export interface MedalsSkill extends SkillNamed {
  winners: (Person & { award: Award })[];
  more: number;
  more_award: "medallion" | "merit" | null;
}

export interface MedalsBoard {
  kind: "medals";
  sequence: number;
  of: number;
  totals: { gold: number; silver: number; bronze: number };
  skills: MedalsSkill[];
}

export interface DelegationRow extends Named {
  code: string;
  entries: number;
  gold: number;
  silver: number;
  bronze: number;
  more: number;
  points: number;
  average_points: string;
  total_score: number;
  average_score: string | null;
  best: (Named & Person & { skill: string; score: number })[];
}

export interface DelegationsBoard {
  kind: "delegations";
  sequence: number;
  skills: { of: number; official: number; counted: number };
  small: number;
  rows: DelegationRow[];
  orders: Record<string, { ranked: { code: string; place: number; shared: boolean }[]; apart: string[] }>;
}

export interface Period extends SkillNamed {
  number: number;
  period_zh: string;
  period_en: string;
  starts_at: string; // as planned until it has started
  started: boolean;
  ends_at: string;
  paused_at: string | null;
  over: boolean;
}

export interface TimetableBoard {
  kind: "timetable";
  sequence: number;
  periods: Period[];
}

export interface Sponsor extends Named {
  logo: { of: string; sha256: string; width: number; height: number } | null; // of: a skill's code
  skills: string[];
}

export interface SponsorsBoard {
  kind: "sponsors";
  sequence: number;
  sponsors: Sponsor[];
}

export interface HourBoard {
  kind: "hour";
  sequence: number;
  code: string; // of the skill of the hour; "" for none
}

export type Overall =
  | NowBoard
  | MedalsBoard
  | DelegationsBoard
  | TimetableBoard
  | SponsorsBoard
  | HourBoard;

/** Is this such a document? A proxy's sign-in page or an error is not. */
export function isOverall(value: unknown): value is Overall {
  if (typeof value !== "object" || value === null) return false;
  const board = value as Partial<Overall>;
  return typeof board.sequence === "number" && KINDS.some((kind) => kind === board.kind);
}
