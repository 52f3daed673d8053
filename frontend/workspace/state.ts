// What the server says about one competitor's own work, as state.json carries it.

import type { PeriodClock } from "../clock";

export interface Change {
  kind: "pause" | "extra" | "late_start";
  from?: string | null;
  minutes?: number;
  open?: boolean;
  reason: string;
}

export interface WorkClock extends PeriodClock {
  state: "waiting" | "running" | "paused" | "ended";
  reason: string;
  minutes: number;
  planned_at: string | null;
  changes: Change[];
}

export interface Check {
  title_zh: string;
  title_en: string;
  outcome: "passed" | "failed" | "undetermined" | "error";
  message_zh: string;
  message_en: string;
}

export interface HandIn {
  number: number;
  receipt: string;
  name: string;
  size: number;
  sha256: string;
  files: number;
  at: string;
  late: boolean;
  counts: boolean;
  state: "late" | "queued" | "building" | "checking" | "done" | "stuck";
  position: number;
  /** Until it has been judged, as far as that can be said; else why not. */
  seconds: number | null;
  no_estimate: "" | "unknown" | "slow" | "nobody";
  done: number;
  total: number;
  checks: Check[];
  url: string;
}

export interface Judging {
  state: "ready" | "building" | "no_docker" | "failed" | "absent";
  zh: string;
  en: string;
}

export interface State {
  now: string;
  clock: WorkClock;
  judging: Judging;
  submissions: HandIn[];
}

export interface PageData {
  state: State;
  state_url: string;
  announce_url: string;
  bytes_url: string;
  shapes: string;
  most_bytes: number;
  endings: string[];
  is_open: boolean;
}
