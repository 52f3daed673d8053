// The boards over all skills: what is on now, medals, delegations.
import "../board/board.css";
import "../board/award.css";
import "../board/embed.css";
import "../board/share.css";
import "../people/copy";
import "./map.css";
import "./overall.css";
import { SHOWN } from "../board/document";
import { clockFace } from "../board/format";
import { lang, listen, need, put, turnState, w as states } from "../board/page";
import { ServerTime, type PeriodClock } from "../clock";
import { isOverall, type DelegationRow, type Overall, type TimetableBoard } from "./document";
import { delegationLines, medalsLine, nowLine, periodLine, periodState, type Line } from "./lines";
import { levels } from "./map";
import { drawRows, fill } from "./rows";
import { WORDS } from "./words";

const w = WORDS[lang];
const time = new ServerTime();

const drawLines = (selector: string, lines: Line[]): void =>
  drawRows(need(selector), need<HTMLTemplateElement>("#line"), lines);

type Paged = Exclude<Overall, { kind: "sponsors" | "hour" }>; // those that have a page

function listOf(board: Paged): unknown[] {
  if (board.kind === "delegations") return board.rows;
  return board.kind === "timetable" ? board.periods : board.skills;
}

function isPaged(value: unknown): value is Paged {
  return isOverall(value) && value.kind !== "sponsors" && value.kind !== "hour";
}

function draw(board: Paged): void {
  const isEmpty = listOf(board).length === 0;
  need("#nothing").hidden = !isEmpty;
  need("#something").hidden = isEmpty;
  if (board.kind === "now") {
    for (const state of SHOWN) put(`count-${state}`, String(board.counts[state]));
    drawLines("#lines", board.skills.map((skill) => nowLine(skill, lang)));
    for (const skill of board.skills) {
      const card = need(`#lines [data-key="${CSS.escape(skill.code)}"]`);
      card.dataset["clock"] = JSON.stringify(skill.clock);
      const badge = card.querySelector(".state");
      if (badge) turnState(badge, skill.state);
    }
    tick();
  } else if (board.kind === "medals") {
    put("said", w.official(board.skills.length, board.of));
    for (const [award, n] of Object.entries(board.totals)) put(`total-${award}`, String(n));
    drawLines("#lines", board.skills.map((skill) => medalsLine(skill, lang, w)));
  } else if (board.kind === "timetable") {
    drawPeriods(board);
  } else {
    const sealed = board.skills.official - board.skills.counted;
    const said = [w.counted(board.skills.counted), ...(sealed ? [w.sealed(sealed)] : [])];
    put("said", said.join(lang === "zh" ? "；" : "; "));
    const by = need("#something").dataset["by"] ?? "points";
    const { ranked, apart } = delegationLines(board, by, lang, w);
    drawLines("#lines", ranked);
    drawLines("#apart", apart);
    drawMap(board.rows);
    need("#small").hidden = apart.length === 0;
  }
}

/** The tiles of the map, where the page has one. */
function drawMap(rows: DelegationRow[]): void {
  const tiles = [...document.querySelectorAll<HTMLElement>("[data-tile]")];
  const found = levels(rows, tiles.map((tile) => tile.dataset["tile"] ?? ""));
  for (const tile of tiles) {
    const { level, parts } = found[tile.dataset["tile"] ?? ""] ?? { level: 0, parts: {} };
    tile.dataset["level"] = String(level);
    fill(tile, { key: "", parts, data: {} });
  }
}

function drawPeriods(board: TimetableBoard): void {
  drawLines("#lines", board.periods.map((one) => periodLine(one, lang)));
  for (const period of board.periods) {
    const row = need(`#lines [data-key="${CSS.escape(periodLine(period, lang).key)}"]`);
    const state = periodState(period);
    row.dataset["over"] = String(state === "over");
    const badge = row.querySelector(".state");
    if (badge && state !== "over") turnState(badge, state);
  }
}

function tick(): void {
  for (const card of document.querySelectorAll<HTMLElement>("[data-clock]")) {
    const clock = JSON.parse(card.dataset["clock"] ?? "null") as PeriodClock | null;
    const face = clockFace(clock, time.now(), states);
    const write = (name: string, text: string): void => {
      const part = card.querySelector(`[data-part="${name}"]`);
      if (part && part.textContent !== text) part.textContent = text;
    };
    write("figures", clock ? face.figures : "");
    write("clock-word", clock ? face.word : "");
  }
}

const first = JSON.parse(need("#board-data").textContent ?? "") as Paged;
draw(first);
setInterval(tick, 250);
listen(first, { watch: { overall: first.kind }, event: "overall", is: isPaged }, time, draw);
