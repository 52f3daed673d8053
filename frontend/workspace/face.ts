// What the competitor's clock shows at a moment. Pure: state and time in, words out.

import { hms, remaining } from "../clock";
import type { WorkClock } from "./state";
import type { Words } from "./words";

export interface Face {
  state: WorkClock["state"];
  left: string;
  leftWord: string;
  end: string;
  extra: string;
  reason: string;
  ms: number;
}

const MILESTONES = [60, 30, 15, 5, 1]; // minutes before the personal end

const SHANGHAI = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Shanghai",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** 14:36:58 in the competition's own zone, whatever the computer is set to. */
export function timeOfDay(at: string | number, seconds = true): string {
  const text = SHANGHAI.format(new Date(at));
  return seconds ? text : text.slice(0, 5);
}

export function face(clock: WorkClock, now: number, w: Words): Face {
  const { phase, ms } = remaining(clock, now);
  const extra = clock.changes.reduce((sum, c) => sum + (c.kind === "extra" ? (c.minutes ?? 0) : 0), 0);
  const shown: Face = {
    state: "running",
    left: hms(ms),
    leftWord: w.left,
    end: clock.ends_at ? w.ends(timeOfDay(clock.ends_at)) : "",
    extra: extra ? w.extra(extra) : "",
    reason: "",
    ms,
  };
  if (phase === "unknown") {
    const planned = clock.planned_at;
    return {
      ...shown,
      state: "waiting",
      left: hms(clock.minutes * 60_000),
      leftWord: w.whole(clock.minutes),
      end: planned ? w.planned(timeOfDay(planned, false)) : w.not_planned,
    };
  }
  if (phase === "before") return { ...shown, state: "waiting", leftWord: w.to_start };
  if (phase === "paused") {
    return {
      ...shown,
      state: "paused",
      end: clock.ends_at ? w.ends_paused(timeOfDay(clock.ends_at)) : "",
      reason: clock.reason ? w.reason(clock.reason) : "",
    };
  }
  if (phase === "over") {
    return { ...shown, state: "ended", end: clock.ends_at ? w.ended_at(timeOfDay(clock.ends_at)) : "" };
  }
  return shown;
}

/** The milestone in minutes that lies between two looks at a running clock; 0 for the end. */
export function milestone(before: number, after: number): number | null {
  if (before > 0 && after <= 0) return 0;
  const crossed = MILESTONES.filter((m) => before > m * 60_000 && after <= m * 60_000);
  return after > 0 ? (crossed.at(-1) ?? null) : null;
}
