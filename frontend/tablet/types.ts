// What the server tells a tablet and what a tablet posts, as JSON. Marks are hundredths.
import type { Rule } from "./calculation";

export interface Named {
  name_zh: string;
  name_en: string;
}

export interface Judge {
  id: number;
  label: string;
}

/** A judge as a locked tablet of the hall shows them. */
export interface Card extends Judge {
  pin: boolean; // has set one
  photo?: string | null; // its name (`faces.ts`)
}

export interface Skill extends Named {
  code: string;
}

export interface Rung {
  zh: string;
  en: string;
}

export interface Aspect extends Named {
  id: number;
  code: string;
  kind: "M" | "J";
  max: number;
  partial: boolean;
  automatic: boolean;
  calculation?: Rule | null; // how what is observed becomes the mark; null: met or not met
  extra_zh: string;
  extra_en: string;
  requirement_zh: string;
  requirement_en: string;
  rungs: Rung[];
}

export interface SubCriterion extends Named {
  id: number;
  code: string;
  day: string | null;
  aspects: Aspect[];
}

export interface Criterion extends Named {
  letter: string;
  sub_criteria: SubCriterion[];
}

export interface Pack {
  skill: Skill;
  judge: Judge;
  panel: Judge[];
  chiefs?: string[]; // missing in what an older page kept, as all that is optional here
  codes: string[];
  clock: { starts_at: string | null; ends_at: string | null; paused_at: string | null };
  scheme: { version: number; total: number; criteria: Criterion[] };
}

export interface Seen {
  id: number;
  value: number | null;
  observed?: string | null; // what was measured, where the mark was worked out from it
  by: number | null;
  at: string | null;
  reason: string;
  decides: boolean;
}

export interface Evidence {
  kind: string;
  type: string;
  url: string;
}

export interface Check {
  title_zh: string;
  title_en: string;
  outcome: string;
  message_zh: string;
  message_en: string;
  evidence: Evidence[];
}

/** A note or a photo at an aspect. `waits`: it is still on this tablet only. */
export interface Remark {
  key: string;
  by: number;
  label: string;
  at: string | null;
  words: string;
  photo: string | null;
  waits?: boolean;
}

/** What became of a call for help. */
export interface Call {
  key: string;
  kind: string;
  code: string; // of the work that was open
  at: string | null;
  taken_at: string | null;
  taker: string;
  done_at: string | null;
}

export interface Measured {
  head: Seen | null;
  differing: Seen[];
  proposal: Seen | null;
  weighed?: number | null; // the proposal that the value was given on; missing in what an older page kept
  checks: Check[];
  remarks?: Remark[]; // missing in what an older page kept
  star?: boolean; // given anew after its sheet had been signed
}

export interface Vote {
  by: number;
  value: number;
  reason: string;
}

export interface Judged {
  round: number; // the round in which a vote would be taken now
  mine: number | null;
  mine_id?: number | null; // of my newest word in this round; missing in what an older page kept
  my_reason: string;
  panel?: number[]; // who has voted in this round, and who is waited for
  voted: number[];
  rounds: { number: number; votes: Vote[] }[];
  needs_new_vote: boolean;
  too_few?: boolean; // no mark whoever votes: a judge must be appointed
  agreed: boolean;
  mark: number | null;
  checks: Check[];
  remarks?: Remark[];
  star?: boolean;
}

export type Cell = Measured | Judged;

export type WhyNot = "locked" | "closed" | "confirmed" | "incomplete" | "own" | "once";

export interface Sheet {
  last: number;
  confirmed: { by: number; at: string | null } | null;
  confirming: number[];
  may_confirm: boolean;
  why: WhyNot | null;
}

/** Why a sheet takes no marks: it is signed, or its sub-criterion or the whole skill is locked. */
export type Closed = "signed" | "locked" | "skill";

/** That a signed sheet was opened again, by whom and why. */
export interface Reopened {
  by: string;
  at: string;
  reason: string;
}

export interface Work {
  code: string;
  locked_at: string | null;
  aside?: boolean; // this judge must not mark the work
  contact?: Evidence | null; // one picture of all checks; missing in what an older page kept
  cells: Record<string, Cell>;
  sheets: Record<string, Sheet>;
  closed?: Record<string, Closed>; // by sub-criterion; missing in what an older page kept
  reopened?: Record<string, Reopened>;
}

export interface Progress {
  of: number;
  mine: number;
  panel: number;
  differing: number;
  new_votes: number;
  proposals: number;
  sheets: number;
  confirmed: number;
  to_confirm: number;
  reopened?: number; // sent back and not signed again; missing in what an older page kept
  aside?: boolean;
  asked?: number; // of me; missing in what an older page kept
}

export interface AllProgress {
  locked_at: string | null;
  codes: Record<string, Progress>;
}

export interface Post {
  key: string;
  code: string;
  judge: number;
  device_at: string;
  aspect?: number;
  value?: number | null;
  observed?: string;
  round?: number;
  base?: number | null;
  reason?: string;
  sub_criterion?: number;
  upto?: number;
}

export interface Sentence {
  zh: string;
  en: string;
}

export interface Answer {
  key: string | null;
  state: "taken" | "set_aside" | "refused";
  id: number | null;
  sentence: Sentence | null;
}

/** What is sent beside marks, each by itself: a call for help, a note, a photo. */
export interface Errand {
  n?: number;
  owner: string; // "T17|12"; "hall" from a locked tablet
  kind: "call" | "remark";
  key: string;
  body: Record<string, unknown>;
  photo?: Blob;
}

/** How this tablet has a sheet open, and who else marks it. */
export interface Present {
  watching: boolean;
  taken_by: string | null;
  others: { label: string; number: number | null }[];
}
