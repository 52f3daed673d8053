// What stands on a screen for each kind of entry: titles, sentences, rows. Text only, no drawing.
import { SHOWN, type Shown } from "../board/document";
import { dayOf } from "../board/format";
import type { Words as BoardWords } from "../board/words";
import type { PeriodClock } from "../clock";
import type { DelegationsBoard, MedalsBoard, NowBoard, TimetableBoard } from "../overall/document";
import {
  delegationLines,
  medalsLine,
  nowLine,
  periodLine,
  periodState,
  periodsAhead,
  type Line,
} from "../overall/lines";
import { WORDS as OVERALL } from "../overall/words";
import { pick, type Language } from "../words";
import type { Words } from "./words";

export interface Row extends Line {
  state?: Shown;
  clock?: PeriodClock | null;
}

export interface Table {
  head: [part: string, word: string][];
  rows: Row[];
  most: number; // rows that can be read from 20 m
  said: string;
  nothing: string; // where there are no rows
  aside?: Aside;
}

/** What stands beside a table: figures with their words. */
export interface Aside {
  figures: [part: string, word: string, figure: string][];
  note: string;
}

export interface Said {
  lang: Language;
  w: Words;
  boards: BoardWords;
}

export function nowTable(board: NowBoard, { lang, w, boards }: Said): Table {
  const atWork = board.skills.filter((one) => one.state !== "final");
  const shown = atWork.length ? atWork : board.skills;
  const counts = SHOWN.map((one): [string, number] => [boards[`state_${one}`], board.counts[one]]);
  return {
    head: [["code", ""], ["name", w.skill], ["state", w.state], ["clock", w.clock]],
    rows: shown.map((one) => ({ ...nowLine(one, lang), state: one.state, clock: one.clock })),
    most: 9,
    said: w.counts(counts.filter(([, n]) => n > 0)),
    nothing: w.nothing_now,
  };
}

export function medalsTable(board: MedalsBoard, { lang, w, boards }: Said): Table {
  return {
    head: [
      ["name", w.skill],
      ["gold", boards.award_gold],
      ["silver", boards.award_silver],
      ["bronze", boards.award_bronze],
    ],
    rows: board.skills.map((one) => medalsLine(one, lang, OVERALL[lang])),
    most: 6,
    said: OVERALL[lang].official(board.skills.length, board.of),
    nothing: w.nothing_medals,
  };
}

export function delegationsTable(board: DelegationsBoard, by: string, { lang, w, boards }: Said): Table {
  const { ranked, apart } = delegationLines(board, by, lang, OVERALL[lang]);
  const measures = ["points", "average_points", "average_score", "total_score"] as const;
  return {
    head: [
      ["place", w.place],
      ["name", w.delegation],
      ["gold", boards.award_gold],
      ["silver", boards.award_silver],
      ["bronze", boards.award_bronze],
      ...measures.map((one): [string, string] => [one, w[one]]),
    ],
    rows: [...ranked, ...apart],
    most: 9,
    said: [
      w.official_only,
      OVERALL[lang].counted(board.skills.counted),
      ...(by.endsWith("_score") ? [w.scale_note] : []),
    ].join(" · "),
    nothing: w.nothing_delegations,
  };
}

/** A delegation's own table: who won what, and beside it where the delegation stands. */
export function cityTable(
  board: DelegationsBoard,
  medals: MedalsBoard,
  code: string,
  { lang, w, boards }: Said,
): Table {
  const row = board.rows.find((one) => one.code === code);
  const table: Table = {
    head: [["code", ""], ["name", w.competitor], ["award", w.medals]],
    rows: [],
    most: 7,
    said: `${w.official_only} · ${OVERALL[lang].counted(board.skills.counted)}`,
    nothing: w.nothing_city,
  };
  if (!row) return table;
  const metals = ["gold", "silver", "bronze"] as const;
  const won = metals.flatMap((award) =>
    medals.skills.flatMap((skill) =>
      skill.winners
        .filter((one) => one.award === award && one.delegation_zh === row.name_zh)
        .map((one): Row => {
          const parts = {
            code: skill.code,
            name: pick(one, "label", lang),
            skill: pick(skill, "name", lang),
            award: boards[`award_${award}`],
          };
          return { key: `${skill.code} ${parts.name}`, parts, data: { award } };
        }),
    ),
  );
  const best = row.best.map((one): Row => {
    const parts = {
      code: one.skill,
      name: pick(one, "label", lang),
      skill: pick(one, "name", lang),
      award: w.score(one.score),
    };
    return { key: `${one.skill} ${parts.name}`, parts, data: { award: "" } };
  });
  const place = board.orders["points"]?.ranked.find((one) => one.code === code);
  const figures: Aside["figures"] = [
    ["place", w.place, place ? String(place.place) : "–"],
    ...metals.map((one): [string, string, string] => [one, boards[`award_${one}`], String(row[one])]),
    ["points", w.points, String(row.points)],
    ["average_points", w.average_points, row.average_points],
  ];
  return { ...table, rows: won.length ? won : best, aside: { figures, note: won.length ? "" : w.no_medal } };
}

export function timetableTable(board: TimetableBoard, now: number, { lang, w }: Said): Table {
  const ahead = periodsAhead(board.periods, now, lang);
  const last = ahead.at(-1); // those at work may have begun the day before
  return {
    head: [["time", w.time], ["code", ""], ["name", w.skill], ["state", w.state]],
    rows: ahead.map((one) => {
      const state = periodState(one);
      return { ...periodLine(one, lang), ...(state === "over" ? {} : { state }) };
    }),
    most: 9,
    said: last ? dayOf(Date.parse(last.starts_at), lang) : "",
    nothing: w.nothing_timetable,
  };
}
