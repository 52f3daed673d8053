// What the board's page and the big screen share: the parts of the frame, the feed, the clock.
import { ServerTime } from "../clock";
import { language, pick } from "../words";
import { isBoard, shownState, signOf, type Board, type Shown } from "./document";
import { Feed, type FeedSource } from "./feed";
import { clockFace, timeOfDay } from "./format";
import { released } from "./released";
import { hear, type Document, type Heard, type Known } from "./state";
import { WORDS } from "./words";

export const lang = language();
export const w = WORDS[lang];

/** An element that the template promises. */
export function need<T extends Element = HTMLElement>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (!found) throw new Error(`the page lacks ${selector}`);
  return found;
}

/** Writes `text` wherever the page shows `name`. */
export function put(name: string, text: string): void {
  for (const place of document.querySelectorAll(`[data-show="${name}"]`)) {
    if (place.textContent !== text) place.textContent = text;
  }
}

/** Turns a state badge: word, shape and colour together. */
export function turnState(badge: Element, state: Shown): void {
  const sign = signOf(state);
  (badge as HTMLElement).dataset["state"] = sign;
  const use = badge.querySelector("use");
  use?.setAttribute("href", (use.getAttribute("href") ?? "").replace(/#.*/, `#${sign}`));
  const word = badge.querySelector("[data-word]");
  if (word) word.textContent = w[`state_${state}`];
}

function drawFrame(board: Board): void {
  turnState(need("#board .state"), shownState(board));
  need("#board").dataset["release"] = board.release;
  // a board that shows nothing yet says so, whatever it will show later
  put("release", released(board, w));
  put("message", pick(board, "message", lang));
  need("#standings").hidden = board.standings.length === 0;
  need("#nothing").hidden = board.standings.length > 0;
}

function drawLink(known: Known<Document>): void {
  need("#board").dataset["link"] = known.link;
  const isStill = known.link === "live" && "release" in known.board && known.board.release === "frozen";
  put("link", isStill ? w.link_still : w[`link_${known.link}`]);
  put("as-of", known.link === "live" ? "" : w.as_of(timeOfDay(known.asOf, true)));
}

function drawClock(board: Board, now: number): void {
  const face = clockFace(board.clock, now, w);
  const done = ["checking", "final", "frozen"].includes(board.state); // the work is over
  need("#clock").hidden = !board.clock || done;
  put("figures", board.clock && !done ? face.figures : "");
  put("clock-word", face.word);
  put("clock-detail", face.detail);
}

/** Follows the board in the page: `draw` is called with each new one, and the one before it. */
export function follow(draw: (board: Board, before: Board | null) => void): void {
  const time = new ServerTime();
  const first = JSON.parse(need("#board-data").textContent ?? "") as Board;
  let board = first;
  const tick = (): void => drawClock(board, time.now());
  drawFrame(first);
  draw(first, null);
  tick();
  setInterval(tick, 250);
  listen(first, { watch: { skill: first.skill.code }, event: "board", is: isBoard }, time, (now) => {
    const before = board;
    board = now;
    drawFrame(now);
    draw(now, before);
  });
}

/** Listens for later documents in the place of `first`, by push or by poll; says how it hears. */
export function listen<T extends Document>(
  first: T,
  source: Omit<FeedSource<T>, "snapshotUrl">,
  time: ServerTime,
  draw: (board: T) => void,
): void {
  let known: Known<T> = { board: first, link: "connecting", asOf: time.now() };
  const take = (heard: Heard<T>): void => {
    const before = known.board;
    known = hear(known, heard);
    if (known.board !== before) draw(known.board);
    drawLink(known);
  };
  drawLink(known);
  void time.ask();
  setInterval(() => void time.ask(undefined, 1), 300_000);
  const { snapshot = "", own = snapshot } = need("#board").dataset;
  new Feed({ ...source, snapshotUrl: snapshot, ownUrl: own }, take, () => time.now());
}
