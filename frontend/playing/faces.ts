// What the large clock of a working period says: until its beginning, then until its end.
import { clockFace, timeOfDay } from "../board/format";
import { WORDS as BOARD_WORDS } from "../board/words";
import type { Period } from "../overall/document";
import type { Language } from "../words";
import { WORDS } from "./words";

export function countdownFace(period: Period, now: number, lang: Language): ReturnType<typeof clockFace> {
  const w = BOARD_WORDS[lang];
  const { starts_at, ends_at, paused_at, started, over } = period;
  if (!started && now >= Date.parse(starts_at))
    return { word: WORDS[lang].about_to_begin, figures: "00:00:00", detail: w.starts_at(timeOfDay(Date.parse(starts_at))) };
  if (over) return { word: w.over, figures: "00:00:00", detail: w.ends_at(timeOfDay(Date.parse(ends_at))) };
  return clockFace({ starts_at, ends_at, paused_at }, now, w);
}
