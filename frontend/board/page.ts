// What the board's page and the big screen share: the parts of the frame, the feed, the clock.
import { ServerTime } from "../clock";
import { language, pick } from "../words";
import type { Board } from "./document";
import { Feed } from "./feed";
import { clockFace, timeOfDay } from "./format";
import { hear, type Heard, type Known } from "./state";
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
export function turnState(badge: Element, state: Board["state"]): void {
  (badge as HTMLElement).dataset["state"] = state;
  const use = badge.querySelector("use");
  use?.setAttribute("href", (use.getAttribute("href") ?? "").replace(/#.*/, `#${state}`));
  const word = badge.querySelector("[data-word]");
  if (word) word.textContent = w[`state_${state}`];
}

function drawFrame(board: Board): void {
  turnState(need("#board .state"), board.state);
  need("#board").dataset["release"] = board.release;
  // a board that shows nothing yet says so, whatever it will show later
  put("release", w[`release_${board.standings.length ? board.release : "hidden"}`]);
  put("message", pick(board, "message", lang));
  need("#standings").hidden = board.standings.length === 0;
  need("#nothing").hidden = board.standings.length > 0;
}

function drawLink(known: Known): void {
  need("#board").dataset["link"] = known.link;
  put("link", w[`link_${known.link}`]);
  put("as-of", known.link === "live" ? "" : w.as_of(timeOfDay(known.asOf, true)));
}

function drawClock(board: Board, now: number): void {
  const face = clockFace(board.clock, now, w);
  const done = board.state === "checking" || board.state === "final";
  need("#clock").hidden = !board.clock || done;
  put("figures", board.clock && !done ? face.figures : "");
  put("clock-word", face.word);
  put("clock-detail", face.detail);
}

/** Follows the board in the page: `draw` is called with each new one, and the one before it. */
export function follow(draw: (board: Board, before: Board | null) => void): void {
  const time = new ServerTime();
  const first = JSON.parse(need("#board-data").textContent ?? "") as Board;
  let known: Known = { board: first, link: "connecting", asOf: time.now() };

  const take = (heard: Heard): void => {
    const before = known.board;
    known = hear(known, heard);
    if (known.board !== before) {
      drawFrame(known.board);
      draw(known.board, before);
    }
    drawLink(known);
  };
  const tick = (): void => drawClock(known.board, time.now());

  drawFrame(first);
  draw(first, null);
  drawLink(known);
  tick();
  setInterval(tick, 250);
  void time.ask();
  setInterval(() => void time.ask(undefined, 1), 300_000);
  new Feed(
    {
      snapshotUrl: need("#board").dataset["snapshot"] ?? "",
      watch: { skill: first.skill.code },
      event: "board",
    },
    take,
    () => time.now(),
  );
}
