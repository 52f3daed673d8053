// The big screen of a skill: pages that turn, a frame that never moves.
import "../board/sky.css";
import "../board/award.css";
import "./screen.css";
import type { Board } from "../board/document";
import { fit } from "../fit";
import { pageOf, pages } from "../board/format";
import { drawLines } from "../board/lines";
import { stayAwake } from "../playing/awake";
import { follow, lang, need, put, w } from "../board/page";

const MOST = 10; // lines that can be read from 20 m
const FEWEST = 6; // below this, lines grow no further
const TURN = 10_000; // ms a page stays

let board: Board | null = null;
let page = 0;

function draw(): void {
  if (!board) return;
  const { count, size } = pages(board.standings.length, MOST);
  page %= count;
  need("#standings").style.setProperty("--lines", String(Math.max(size, FEWEST)));
  put("page", count > 1 ? w.page(page + 1, count) : "");
  need("#turn").hidden = count < 2;
  drawLines(
    {
      body: need("#standings tbody"),
      template: need<HTMLTemplateElement>("#line"),
      max: board.max,
      lang,
      words: w,
    },
    board.standings,
    pageOf(board.standings, page, size),
  );
}

function turn(): void {
  if (!board) return;
  const { count } = pages(board.standings.length, MOST);
  if (count < 2) return;
  page = (page + 1) % count;
  draw();
  showTurn();
}

/** A line that fills until the page turns. */
function showTurn(): void {
  need("#turn").getAnimations().forEach((animation) => animation.cancel());
  need("#turn").animate([{ transform: "scaleX(0)" }, { transform: "scaleX(1)" }], TURN);
}

follow((now) => {
  board = now;
  draw();
});
setInterval(turn, TURN);
showTurn();

const fitNames = (): void => fit(need(".screen-names"));
addEventListener("resize", fitNames);
void document.fonts.ready.then(fitNames);

stayAwake();
