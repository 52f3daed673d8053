// What the boards over all skills say, line by line, as text. Pure.
import { pick, type Language } from "../words";
import type { State } from "../board/document";
import { dayOf, timeOfDay } from "../board/format";
import type {
  DelegationRow,
  DelegationsBoard,
  MedalsSkill,
  NowSkill,
  Period,
  Person,
} from "./document";
import type { Words } from "./words";

export interface Line {
  key: string;
  parts: Record<string, string>;
  data: Record<string, string>; // data- attributes of the line
}

/** 张三 · 哈尔滨代表团 / 李四 · 大庆代表团 */
export function people(found: Person[], lang: Language): string {
  return found
    .map((one) => [pick(one, "label", lang), pick(one, "delegation", lang)].filter(Boolean).join(" · "))
    .join(" / ");
}

export function nowLine(skill: NowSkill, lang: Language): Line {
  const parts = {
    code: skill.code,
    name: pick(skill, "name", lang),
    zone: pick(skill, "zone", lang),
    gold: people(skill.gold, lang),
  };
  return { key: skill.code, parts, data: { state: skill.state } };
}

export function medalsLine(skill: MedalsSkill, lang: Language, w: Words): Line {
  const of = (award: string): string =>
    people(skill.winners.filter((one) => one.award === award), lang) || "–";
  const parts = {
    code: skill.code,
    name: pick(skill, "name", lang),
    gold: of("gold"),
    silver: of("silver"),
    bronze: of("bronze"),
    more: skill.more_award ? w[`more_${skill.more_award}`](skill.more) : "",
  };
  return { key: skill.code, parts, data: {} };
}

/** The table's lines in one order, and apart from them those too small for an average. */
export function delegationLines(
  board: DelegationsBoard,
  by: string,
  lang: Language,
  w: Words,
): { ranked: Line[]; apart: Line[] } {
  const order = board.orders[by] ?? { ranked: [], apart: [] };
  const rows = new Map(board.rows.map((row) => [row.code, row]));
  const line = (code: string, place: number | null, shared: boolean): Line[] => {
    const row = rows.get(code);
    return row ? [delegationLine(row, place, shared, lang, w)] : [];
  };
  return {
    ranked: order.ranked.flatMap((one) => line(one.code, one.place, one.shared)),
    apart: order.apart.flatMap((code) => line(code, null, false)),
  };
}

function delegationLine(
  row: DelegationRow,
  place: number | null,
  shared: boolean,
  lang: Language,
  w: Words,
): Line {
  const best = row.best.map((one) =>
    w.best(one.score, `${one.skill} ${pick(one, "name", lang)}`, pick(one, "label", lang)),
  );
  const numbers = ["gold", "silver", "bronze", "more", "points", "total_score"] as const;
  return {
    key: row.code,
    parts: {
      place: place === null ? "–" : String(place),
      shared: shared ? w.shared : "",
      name: pick(row, "name", lang),
      best: best.join("\n"),
      entries: String(row.entries),
      average_points: row.average_points,
      average_score: row.average_score ?? "–",
      ...Object.fromEntries(numbers.map((name) => [name, String(row[name])])),
    },
    data: { step: place === null ? "" : String(place) },
  };
}

/** Where a working period stands, as a state of a board, or over. */
export function periodState(period: Period): State | "over" {
  if (period.over) return "over";
  if (!period.started) return "not_started";
  return period.paused_at ? "paused" : "running";
}

export function periodLine(period: Period, lang: Language): Line {
  const starts = Date.parse(period.starts_at);
  const parts = {
    code: period.code,
    name: pick(period, "name", lang),
    period: pick(period, "period", lang),
    zone: pick(period, "zone", lang),
    day: dayOf(starts, lang),
    time: `${timeOfDay(starts)}–${timeOfDay(Date.parse(period.ends_at))}`,
  };
  return { key: `${period.code}/${period.number}`, parts, data: { skill: period.code } };
}

/** What the hall looks at: today's periods and those at work, none that is over; where there is
 *  none, those of the next day that has any. */
export function periodsAhead(periods: readonly Period[], now: number, lang: Language): Period[] {
  const day = (one: Period): string => dayOf(Date.parse(one.starts_at), lang);
  const ahead = periods.filter((one) => !one.over);
  const today = ahead.filter((one) => one.started || day(one) === dayOf(now, lang));
  if (today.length) return today;
  const later = ahead.filter((one) => Date.parse(one.starts_at) > now);
  return later.filter((one) => later[0] && day(one) === day(later[0]));
}

/** The periods that are at work, the one that ends first at the top. */
export function periodsAtWork(periods: readonly Period[]): Period[] {
  const found = periods.filter((one) => one.started && !one.over);
  return found.sort((a, b) => a.ends_at.localeCompare(b.ends_at) || a.code.localeCompare(b.code));
}

/** The period of a skill that its clock is about: the one at work, else the next, else the last. */
export function periodOf(periods: readonly Period[], code: string): Period | undefined {
  const own = periods.filter((one) => one.code === code);
  return own.find((one) => one.started && !one.over) ?? own.find((one) => !one.started) ?? own.at(-1);
}
