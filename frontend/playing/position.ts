// What is due on a screen at a moment, by the clock alone: judging/rules/playing.py has the same
// rule, and both are held to tests/judging/playing_cases.json. Pure.

interface Lasting {
  id: number;
  seconds: number;
}

export interface Due {
  index: number; // of the entry in the playlist
  since: number; // ms
  round: number; // passes of the playlist that are over
}

/** The moment that counts: while a screen is paused, the one at which it was. */
export function clockOf(play: { paused?: string | null }, now: number): number {
  return play.paused ? Date.parse(play.paused) : now;
}

export function due(
  entries: readonly Lasting[],
  play: { entry: number; since: string; held: boolean; paused?: string | null },
  time: number,
): Due | null {
  if (!entries.length) return null;
  const now = clockOf(play, time);
  const first = Math.max(0, entries.findIndex((one) => one.id === play.entry));
  let since = Date.parse(play.since);
  if (play.held) return { index: first, since, round: 0 };
  const whole = 1000 * entries.reduce((sum, one) => sum + one.seconds, 0);
  const round = Math.max(0, Math.floor((now - since) / whole));
  since += whole * round;
  for (let step = 0; ; step++) {
    const index = (first + step) % entries.length;
    const lasts = 1000 * (entries[index]?.seconds ?? 0);
    if (now < since + lasts || step >= entries.length - 1) return { index, since, round };
    since += lasts;
  }
}

export interface Turn {
  frame: number;
  since: number; // ms
  lasts: number; // ms
}

const SHORTEST = 6_000; // ms in which a page can be read
const LONGEST = 12_000; // ms a page stays where there are others
const HELD = 10_000; // ms a page stays while the entry does

/** Which of an entry's frames (its pages, in each language) is shown. All are shown within the
 *  entry's time where they can be read in it; else as many as can, and in the next pass the next. */
export function turn(seconds: number, frames: number, at: Due, held: boolean, now: number): Turn {
  const passed = Math.max(0, now - at.since);
  if (frames < 2) return { frame: 0, since: at.since, lasts: held ? Infinity : seconds * 1000 };
  if (held) {
    const turned = Math.floor(passed / HELD);
    return { frame: turned % frames, since: at.since + turned * HELD, lasts: HELD };
  }
  const ms = seconds * 1000;
  const readable = Math.max(1, Math.floor(ms / SHORTEST));
  const shown = frames > readable ? readable : frames * Math.ceil(ms / (LONGEST * frames));
  const lasts = ms / shown;
  const turned = Math.min(shown - 1, Math.floor(passed / lasts));
  return {
    frame: (at.round * shown + turned) % frames,
    since: at.since + turned * lasts,
    lasts,
  };
}
