// The server's time in the browser, and what is left of a period.
import { inTime } from "./in_time";

export interface PeriodClock {
  starts_at: string | null;
  ends_at: string | null; // as it stands now; while paused: as if work went on at paused_at
  paused_at: string | null;
}

/** Keeps the server's time on a monotonic timer: a changed wall clock does not move it. */
export class ServerTime {
  private offset: number;

  constructor(
    private readonly monotonic: () => number = () => performance.now(),
    wall: () => number = () => Date.now(),
  ) {
    this.offset = wall() - this.monotonic();
  }

  now(): number {
    return this.monotonic() + this.offset;
  }

  /** One reading: the server said `now` somewhere between asking and hearing. */
  heard(serverNow: number, asked: number, heard: number): void {
    this.offset = serverNow - (asked + heard) / 2;
  }

  /** Asks three times and keeps the answer that came back fastest. */
  async ask(url = "/time.json", times = 3): Promise<boolean> {
    let best = Infinity;
    for (let i = 0; i < times; i++) {
      const asked = this.monotonic();
      try {
        const answer = await inTime(url, { cache: "no-store" });
        const heard = this.monotonic();
        const { now } = (await answer.json()) as { now: string };
        const at = Date.parse(now);
        if (Number.isFinite(at) && heard - asked < best) {
          best = heard - asked;
          this.heard(at, asked, heard);
        }
      } catch {
        // No network: the clock goes on from the last answer.
      }
    }
    return best < Infinity;
  }
}

export type Phase = "before" | "working" | "paused" | "over" | "unknown";

/** What the clock of a period shows at a moment: the phase and the milliseconds left in it. */
export function remaining(clock: PeriodClock | null, now: number): { phase: Phase; ms: number } {
  if (!clock?.starts_at) return { phase: "unknown", ms: 0 };
  const starts = Date.parse(clock.starts_at);
  const ends = clock.ends_at ? Date.parse(clock.ends_at) : Number.NaN;
  if (clock.paused_at) return { phase: "paused", ms: ends - Date.parse(clock.paused_at) };
  if (now < starts) return { phase: "before", ms: starts - now };
  if (Number.isNaN(ends)) return { phase: "unknown", ms: 0 };
  return now < ends ? { phase: "working", ms: ends - now } : { phase: "over", ms: 0 };
}

/** 04:37:12. Rounds up, so that zero shows only when the time is over. */
export function hms(ms: number): string {
  const s = Math.max(0, Math.ceil(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}
