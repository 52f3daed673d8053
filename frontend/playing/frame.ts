// One entry on a screen: the frame that never moves, and in it a board, a clock or a text.
import { isBoard, type Board } from "../board/document";
import { clockFace, pageOf, pages, timeOfDay } from "../board/format";
import { drawLines } from "../board/lines";
import { released } from "../board/released";
import type { Known, Document } from "../board/state";
import { WORDS as BOARD_WORDS } from "../board/words";
import type { PeriodClock } from "../clock";
import { isOverall, type Period } from "../overall/document";
import { periodOf } from "../overall/lines";
import { pick, type Language } from "../words";
import type { Entry } from "./control";
import { clone, drawTable, element, fit, put, qr, template, tickRows, turnState } from "./parts";
import type { Turn } from "./position";
import {
  delegationsTable,
  medalsTable,
  nowTable,
  timetableTable,
  type Said,
  type Table,
} from "./tables";
import { TITLES, WORDS } from "./words";

const MOST = 10; // lines of a skill that can be read from 20 m
const FEWEST = 6; // below this, lines grow no further

export interface Start {
  version: string;
  pair: string; // where the office pairs screens
  skill: string; // a phone's page of the skill CODE
  boards: string; // a phone's boards over all skills
}

/** Everything that decides what a frame says. */
export interface Shown {
  entry: Entry;
  known: Known<Document> | undefined; // the document it is drawn from
  page: number;
  lang: Language;
  now: number;
}

/** How many pages an entry has with what is known now. */
export function pagesOf(entry: Entry, known: Known<Document> | undefined, now: number): number {
  const board = known?.board;
  if (entry.kind === "skill") return isBoard(board) ? pages(board.standings.length, MOST).count : 1;
  const table = tableOf(entry, board, now, "zh");
  return table ? pages(table.rows.length, table.most).count : 1;
}

function tableOf(entry: Entry, board: unknown, now: number, lang: Language): Table | null {
  const said: Said = { lang, w: WORDS[lang], boards: BOARD_WORDS[lang] };
  if (!isOverall(board)) return null;
  if (entry.kind === "now" && board.kind === "now") return nowTable(board, said);
  if (entry.kind === "medals" && board.kind === "medals") return medalsTable(board, said);
  if (entry.kind === "timetable" && board.kind === "timetable") return timetableTable(board, now, said);
  if (entry.kind === "delegations" && board.kind === "delegations")
    return delegationsTable(board, entry.by ?? "points", said);
  return null;
}

export class Frame {
  readonly root = clone("frame");
  private readonly main = this.root.querySelector<HTMLElement>('[data-part="main"]') as HTMLElement;
  private address = "";
  private turned = "";
  private tickers: ((now: number) => void)[] = [];

  constructor(
    readonly entry: Entry,
    private readonly start: Start,
  ) {
    this.root.dataset["kind"] = entry.kind;
    this.main.dataset["kind"] = entry.kind;
    if (entry.by) this.main.dataset["by"] = entry.by;
  }

  /** Draws it anew, or where it is the same already changes only what differs. */
  draw(shown: Shown): void {
    const { entry, lang, known } = shown;
    this.root.lang = lang === "zh" ? "zh-CN" : "en";
    this.clock(null, lang);
    this.page(0, 1, lang);
    put(this.root, "scan", WORDS[lang].scan);
    put(this.root, "demo", WORDS[lang].demo);
    const competition = this.root.querySelector<HTMLElement>('[data-part="competition"]');
    if (competition) competition.textContent = competition.dataset[lang] || competition.dataset["zh"] || "";
    this.words("", "", "");
    const board = known?.board;
    if (entry.kind === "text") this.text(shown);
    else if (entry.kind === "skill" && isBoard(board)) this.skill(shown, board);
    else if (entry.kind === "countdown" && isOverall(board) && board.kind === "timetable")
      this.countdown(shown, periodOf(board.periods, entry.skill ?? ""));
    else {
      const table = tableOf(entry, board, shown.now, lang);
      if (table) this.table(shown, table);
      else this.only(entry.skill ?? "", WORDS[lang].waiting);
    }
    this.tick(shown.now);
    fit(this.main);
  }

  /** Writes what changes every second. */
  tick(now: number): void {
    for (const ticker of this.tickers) ticker(now);
  }

  /** How it is heard, and with a link that is not live the time of what is shown. */
  link(lang: Language, way: string, asOf: number | null): void {
    const w = BOARD_WORDS[lang];
    const stale = way !== "live" && asOf !== null;
    const lost = way === "lost" || way === "connecting";
    this.root.dataset["link"] = lost ? "lost" : way;
    put(this.root, "link", way === "live" || (lost && stale) ? "" : w[`link_${way as "polling"}`]);
    const time = stale ? timeOfDay(asOf, true) : "";
    put(this.root, "as-of", !stale ? "" : lost ? WORDS[lang].lost_since(time) : w.as_of(time));
  }

  private page(page: number, count: number, lang: Language): void {
    put(this.root, "page", count > 1 ? BOARD_WORDS[lang].page(page + 1, count) : "");
  }

  /** A line that fills until the next page or entry. */
  turn({ since, lasts }: Turn, now: number): void {
    const line = this.root.querySelector<HTMLElement>('[data-part="turn"]');
    if (!line || this.turned === `${since}/${lasts}`) return;
    this.turned = `${since}/${lasts}`;
    line.getAnimations().forEach((animation) => animation.cancel());
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || !Number.isFinite(lasts);
    line.hidden = still;
    if (still) return;
    const filling = line.animate([{ transform: "scaleX(0)" }, { transform: "scaleX(1)" }], lasts);
    filling.currentTime = Math.max(0, now - since);
  }

  private words(code: string, title: string, other: string): void {
    put(this.root, "code", code);
    put(this.root, "title", title);
    put(this.root, "other", other);
    put(this.root, "said", "");
    put(this.root, "zone", "");
    turnState(this.root.querySelector<HTMLElement>(".screen-now .state"), undefined, BOARD_WORDS.zh);
  }

  private phone(address: string): void {
    if (address === this.address) return;
    this.address = address;
    this.root.querySelector('[data-part="qr"]')?.replaceChildren(qr(address));
  }

  /** The clock of the corner: what is left of a period, or the time of day. */
  private clock(period: PeriodClock | null, lang: Language): void {
    this.tickers = [];
    this.tickers.push((now) => {
      const face = period ? clockFace(period, now, BOARD_WORDS[lang]) : null;
      put(this.root, "figures", face ? face.figures : timeOfDay(now));
      put(this.root, "clock-word", face ? [face.word, face.detail].filter(Boolean).join(" · ") : "");
    });
  }

  private body<T extends HTMLElement>(selector: string, make: () => T): T {
    const there = this.main.querySelector<T>(selector);
    if (there && there.parentElement === this.main && this.main.childElementCount === 1) return there;
    const made = make();
    this.main.replaceChildren(made);
    return made;
  }

  /** Nothing but a sentence. */
  private only(code: string, text: string): void {
    if (!this.root.querySelector('[data-part="code"]')?.textContent) put(this.root, "code", code);
    const box = this.body(".playing-only", () => element("div", "playing-only night"));
    if (!box.querySelector(".sky")) box.append(template("night").content.cloneNode(true));
    const sentence = box.querySelector("p") ?? box.appendChild(element("p", "screen-message"));
    sentence.textContent = text;
  }

  private skill({ entry, page, lang }: Shown, board: Board): void {
    const w = BOARD_WORDS[lang];
    const done = board.state === "checking" || board.state === "final" || board.state === "frozen";
    this.clock(done ? null : board.clock, lang);
    this.words(board.skill.code, board.skill.name_zh, board.skill.name_en);
    turnState(this.root.querySelector<HTMLElement>(".screen-now .state"), board.state, w);
    put(this.root, "said", released(board, w));
    put(this.root, "zone", pick(board.skill, "zone", lang));
    this.root.dataset["release"] = board.release;
    this.phone(this.start.skill.replace("CODE", encodeURIComponent(entry.skill ?? "")));
    const { count, size } = pages(board.standings.length, MOST);
    this.page(page, count, lang);
    if (!board.standings.length) {
      this.only("", pick(board, "message", lang) || w.release_hidden);
      return;
    }
    const table = this.body("table.screen-lines", () => {
      const made = element("table", "screen-lines");
      made.append(clone("columns-skill"), document.createElement("tbody"));
      return made;
    });
    table.style.setProperty("--lines", String(Math.max(size, FEWEST)));
    drawLines(
      { body: table.tBodies[0] as HTMLElement, template: template("row-skill"), max: board.max, lang, words: w },
      board.standings,
      pageOf(board.standings, page, size),
    );
  }

  private table({ entry, page, lang }: Shown, told: Table): void {
    const title = TITLES[entry.kind as keyof typeof TITLES];
    this.words("", title[lang], title[lang === "zh" ? "en" : "zh"]);
    put(this.root, "said", told.said);
    this.phone(`${this.start.boards}${entry.kind}`);
    const { count, size } = pages(told.rows.length, told.most);
    this.page(page, count, lang);
    if (!told.rows.length) {
      this.only("", told.nothing);
      return;
    }
    const table = this.body("table.playing-table", () => element("table", "screen-lines playing-table"));
    table.dataset["kind"] = entry.kind;
    table.dataset["by"] = entry.by ?? "";
    table.style.setProperty("--lines", String(Math.max(size, FEWEST)));
    const rows = pageOf(told.rows, page, size);
    drawTable(table, entry.kind, told, rows, BOARD_WORDS[lang]);
    this.tickers.push((now) => tickRows(table, rows, now, BOARD_WORDS[lang]));
  }

  private countdown({ entry, lang }: Shown, period: Period | undefined): void {
    const w = WORDS[lang];
    this.phone(this.start.skill.replace("CODE", encodeURIComponent(entry.skill ?? "")));
    if (!period) {
      this.words(entry.skill ?? "", entry.skill ?? "", "");
      this.only("", w.nothing_countdown);
      return;
    }
    this.words(period.code, period.name_zh, period.name_en);
    const state = period.over ? undefined : period.paused_at ? "paused" : period.started ? "running" : "not_started";
    turnState(this.root.querySelector<HTMLElement>(".screen-now .state"), state, BOARD_WORDS[lang]);
    put(this.root, "said", pick(period, "period", lang));
    put(this.root, "zone", pick(period, "zone", lang));
    const box = this.body(".playing-countdown", () => {
      const made = element("div", "playing-countdown night");
      made.append(template("night").content.cloneNode(true));
      for (const line of ["screen-clock-word", "figure playing-big", "screen-message"])
        made.append(element("p", line));
      return made;
    });
    const [word, big, detail] = box.querySelectorAll("p");
    this.tickers.push((now) => {
      const face = countdownFace(period, now, lang);
      if (word) word.textContent = face.word;
      if (big) big.textContent = face.figures;
      if (detail) detail.textContent = face.detail;
    });
  }

  private text({ entry, lang }: Shown): void {
    const other = lang === "zh" ? "en" : "zh";
    this.words("", pick(entry, "title", lang), entry[`title_${other}`] ?? "");
    this.phone(`${this.start.boards}now`);
    const box = this.body(".playing-text", () => element("p", "playing-text"));
    box.textContent = pick(entry, "text", lang);
  }
}

/** What the large clock says: until the beginning, then until the end. */
function countdownFace(period: Period, now: number, lang: Language) {
  const w = BOARD_WORDS[lang];
  const { starts_at, ends_at, paused_at, started, over } = period;
  if (!started && now >= Date.parse(starts_at))
    return { word: WORDS[lang].about_to_begin, figures: "00:00:00", detail: w.starts_at(timeOfDay(Date.parse(starts_at))) };
  if (over) return { word: w.over, figures: "00:00:00", detail: w.ends_at(timeOfDay(Date.parse(ends_at))) };
  return clockFace({ starts_at, ends_at, paused_at }, now, w);
}
