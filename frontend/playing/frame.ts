// One entry on a screen: the frame that never moves, and in it a board, a clock or a text.
import { isBoard, shownState, type Board } from "../board/document";
import { clockFace, dayOf, pageOf, pages, timeOfDay } from "../board/format";
import { drawLines } from "../board/lines";
import { released } from "../board/released";
import { WORDS as BOARD_WORDS } from "../board/words";
import type { PeriodClock } from "../clock";
import { fit } from "../fit";
import {
  isOverall,
  type DelegationsBoard,
  type Period,
  type Sponsor,
  type TimetableBoard,
} from "../overall/document";
import { periodOf, periodsAhead, periodsAtWork } from "../overall/lines";
import { WORDS as OVERALL_WORDS } from "../overall/words";
import { qr } from "../qr_code";
import { otherThan, pick, type Language } from "../words";
import { drawAside, drawClocks, drawMap, drawSponsors, only, type Tile } from "./cards";
import { subjectsOf, type Entry } from "./control";
import { countdownFace } from "./faces";
import { hourOf, type About } from "./link";
import { clone, drawTable, element, put, template, tickRows, turnState } from "./parts";
import type { Turn } from "./position";
import {
  cityTable,
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
const MOST_CLOCKS = 9;
const MOST_SPONSORS = 12;

export interface Start {
  version: string;
  pair: string; // where the office pairs screens
  skill: string; // a phone's page of the skill CODE
  boards: string; // a phone's boards over all skills
  tiles: Record<string, Tile>; // the map of prefectures; empty where delegations are none
}

/** Everything that decides what a frame says. */
export interface Shown {
  entry: Entry;
  about: About; // the documents it is drawn from
  page: number;
  lang: Language;
  now: number;
}

/** How many pages an entry has with what is known now. */
export function pagesOf(entry: Entry, about: About, now: number): number {
  const board = boardOf(entry, about);
  if (board) return pages(board.standings.length, MOST).count;
  const told = about(subjectsOf(entry, "")[0] ?? "")?.board;
  if (isOverall(told) && entry.kind === "countdowns" && told.kind === "timetable")
    return pages(periodsAtWork(told.periods).length, MOST_CLOCKS).count;
  if (isOverall(told) && told.kind === "sponsors") return pages(told.sponsors.length, MOST_SPONSORS).count;
  const table = tableOf(entry, about, now, "zh");
  return table ? pages(table.rows.length, table.most).count : 1;
}

/** The board of the skill that an entry shows: the one it names, or the skill of the hour. */
function boardOf(entry: Entry, about: About): Board | undefined {
  const code = entry.kind === "hour" ? hourOf(about) : entry.kind === "skill" ? entry.skill : "";
  const board = code ? about(code)?.board : undefined;
  return isBoard(board) ? board : undefined;
}

function tableOf(entry: Entry, about: About, now: number, lang: Language): Table | null {
  const said: Said = { lang, w: WORDS[lang], boards: BOARD_WORDS[lang] };
  const board = about(subjectsOf(entry, "")[0] ?? "")?.board;
  if (!isOverall(board)) return null;
  if (entry.kind === "now" && board.kind === "now") return nowTable(board, said);
  if (entry.kind === "medals" && board.kind === "medals") return medalsTable(board, said);
  if (entry.kind === "timetable" && board.kind === "timetable") return timetableTable(board, now, said);
  if (board.kind !== "delegations") return null;
  if (entry.kind === "delegations") return delegationsTable(board, entry.by ?? "points", said);
  const medals = about("medals")?.board;
  if (entry.kind === "city" && isOverall(medals) && medals.kind === "medals")
    return cityTable(board, medals, entry.delegation ?? "", said);
  return null;
}

export class Frame {
  readonly root = clone("frame");
  private readonly main = this.root.querySelector<HTMLElement>('[data-part="main"]') as HTMLElement;
  private readonly names = this.root.querySelector<HTMLElement>(".screen-names") as HTMLElement;
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
    const { lang } = shown;
    this.root.lang = lang === "zh" ? "zh-CN" : "en";
    this.clock(null, lang);
    this.page(0, 1, lang);
    put(this.root, "scan", WORDS[lang].scan);
    put(this.root, "demo", WORDS[lang].demo);
    const competition = this.root.querySelector<HTMLElement>('[data-part="competition"]');
    if (competition) competition.textContent = competition.dataset[lang] || competition.dataset["zh"] || "";
    this.words("", "", "");
    this.fill(shown);
    this.tick(shown.now);
    fit(this.main);
    fit(this.names);
  }

  private fill(shown: Shown): void {
    const { entry, lang, about } = shown;
    if (entry.kind === "text") return this.text(shown);
    const board = boardOf(entry, about);
    if (board) return this.skill(shown, board);
    const told = about(subjectsOf(entry, "")[0] ?? "")?.board;
    if (isOverall(told)) {
      if (told.kind === "sponsors") return this.sponsors(shown, told.sponsors);
      if (entry.kind === "hour" && told.kind === "hour" && !told.code) return this.noHour(shown);
      if (entry.kind === "countdown" && told.kind === "timetable")
        return this.countdown(shown, periodOf(told.periods, entry.skill ?? ""));
      if (entry.kind === "countdowns" && told.kind === "timetable") return this.countdowns(shown, told);
      if (entry.kind === "map" && told.kind === "delegations") return this.map(shown, told);
    }
    const table = tableOf(entry, about, shown.now, lang);
    if (table) this.table(shown, table);
    else this.only(entry.skill ?? "", WORDS[lang].waiting);
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
    const other = board.skill[`name_${otherThan(lang)}`];
    this.words(board.skill.code, pick(board.skill, "name", lang), other);
    turnState(this.root.querySelector<HTMLElement>(".screen-now .state"), shownState(board), w);
    put(this.root, "said", released(board, w));
    put(this.root, "zone", pick(board.skill, "zone", lang));
    this.root.dataset["release"] = board.release;
    if (entry.kind === "hour") put(this.root, "other", `${TITLES.hour[lang]} · ${other}`);
    this.phone(this.start.skill.replace("CODE", encodeURIComponent(board.skill.code)));
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

  /** Title and foot of what is made of all skills. */
  private head({ entry, lang }: Shown, said: string, board: string): void {
    const city = { zh: entry.title_zh ?? "", en: entry.title_en ?? "" };
    const title = entry.kind === "city" ? city : TITLES[entry.kind as keyof typeof TITLES];
    this.words("", title[lang], title[otherThan(lang)]);
    put(this.root, "said", said);
    this.phone(`${this.start.boards}${board}`);
  }

  private table(shown: Shown, told: Table): void {
    const { entry, page, lang } = shown;
    this.head(shown, told.said, entry.kind === "city" ? "delegations" : entry.kind);
    const { count, size } = pages(told.rows.length, told.most);
    this.page(page, count, lang);
    if (!told.rows.length) {
      this.only("", told.nothing);
      return;
    }
    const box = told.aside ? this.body(".playing-city", () => element("div", "playing-city")) : this.main;
    if (told.aside) drawAside(box, told.aside);
    const made = (): HTMLTableElement => element("table", "screen-lines playing-table");
    const table = told.aside ? only(box, "table", made) : this.body("table.playing-table", made);
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
    this.words(period.code, pick(period, "name", lang), period[`name_${otherThan(lang)}`]);
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

  private countdowns(shown: Shown, { periods }: TimetableBoard): void {
    const { page, lang, now } = shown;
    const w = WORDS[lang];
    const found = periodsAtWork(periods);
    this.head(shown, w.at_work(found.length), "timetable");
    const { count, size } = pages(found.length, MOST_CLOCKS);
    this.page(page, count, lang);
    if (!found.length) {
      const next = periodsAhead(periods, now, lang).find((one) => !one.started);
      return this.only("", next ? w.nothing_countdowns(`${dayOf(Date.parse(next.starts_at), lang)} ${timeOfDay(Date.parse(next.starts_at))}`) : w.nothing_now);
    }
    const box = this.body(".playing-cards", () => element("div", "playing-cards"));
    const tick = drawClocks(box, pageOf(found, page, size), lang);
    this.tickers.push(tick);
  }

  private sponsors(shown: Shown, found: readonly Sponsor[]): void {
    const { page, lang } = shown;
    this.head(shown, WORDS[lang].thanks, "now");
    const { count, size } = pages(found.length, MOST_SPONSORS);
    this.page(page, count, lang);
    if (!found.length) return this.only("", WORDS[lang].nothing_sponsors);
    const box = this.body(".playing-cards", () => element("div", "playing-cards"));
    drawSponsors(box, pageOf(found, page, size), lang);
  }

  private map(shown: Shown, board: DelegationsBoard): void {
    const { lang } = shown;
    const { tiles } = this.start;
    const away = board.rows.filter((row) => !(row.code in tiles)).length;
    const counted = OVERALL_WORDS[lang].counted(board.skills.counted);
    const said = [WORDS[lang].official_only, counted, away ? WORDS[lang].off_map(away) : ""];
    this.head(shown, said.filter(Boolean).join(" · "), "delegations");
    if (!Object.keys(tiles).length) return this.only("", WORDS[lang].nothing_map);
    const box = this.body(".playing-map", () => element("div", "map playing-map"));
    drawMap(box, board, tiles, lang);
  }

  private noHour(shown: Shown): void {
    this.head(shown, "", "now");
    this.only("", WORDS[shown.lang].nothing_hour);
  }

  private text({ entry, lang }: Shown): void {
    const other = otherThan(lang);
    this.words("", pick(entry, "title", lang), entry[`title_${other}`] ?? "");
    this.phone(`${this.start.boards}now`);
    const box = this.body(".playing-text", () => element("p", "playing-text"));
    box.textContent = pick(entry, "text", lang);
  }
}
