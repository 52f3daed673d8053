// Figures and times as the public pages write them.
import { hms, remaining, type PeriodClock } from "../clock";
import type { Language } from "../words";
import type { Words } from "./words";

const ZONE = "Asia/Shanghai"; // the competition's time, wherever the spectator is

/** 14:37 of the competition's day. */
export function timeOfDay(at: number, seconds = false): string {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" as const } : {}),
    hourCycle: "h23",
    timeZone: ZONE,
  }).format(at);
}

/** 11月24日, or 24 Nov, of the competition's day. */
export function dayOf(at: number, lang: Language): string {
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", {
    day: "numeric",
    month: lang === "zh" ? "long" : "short",
    timeZone: ZONE,
  }).format(at);
}

export interface ClockFace {
  figures: string; // 04:37:12
  word: string; // what the figures mean
  detail: string; // when it starts or ends
}

/** What a clock shows at a moment, in words. */
export function clockFace(clock: PeriodClock | null, now: number, w: Words): ClockFace {
  const { phase, ms } = remaining(clock, now);
  const ends = clock?.ends_at ? w.ends_at(timeOfDay(Date.parse(clock.ends_at))) : "";
  switch (phase) {
    case "before":
      return {
        figures: hms(ms),
        word: w.until_start,
        detail: w.starts_at(timeOfDay(Date.parse(clock?.starts_at ?? ""))),
      };
    case "working":
      return { figures: hms(ms), word: w.left, detail: ends };
    case "paused":
      return { figures: hms(ms), word: w.stopped, detail: "" };
    case "over":
      return { figures: hms(0), word: w.over, detail: ends };
    case "unknown":
      return { figures: "--:--:--", word: w.no_clock, detail: "" };
  }
}

/** Lines of one page of a screen. */
export function pageOf<T>(lines: readonly T[], page: number, size: number): T[] {
  return lines.slice(page * size, (page + 1) * size);
}

/** How many pages; equal ones rather than a last page with one line. */
export function pages(lines: number, most: number): { count: number; size: number } {
  const count = Math.max(1, Math.ceil(lines / most));
  return { count, size: Math.ceil(lines / count) || most };
}
