// The competitor's workspace: a personal clock that never stops, the hand-ins, and how each stands.
import "./list.css";
import "./receipt.css";
import "./task.css";
import "./workspace.css";
import { ServerTime } from "../clock";
import { language } from "../words";
import { Before } from "./before";
import { face, milestone, timeOfDay } from "./face";
import { Hasher } from "./hasher";
import { drawRow, whyWaiting } from "./list";
import { keepShapes, make, notice, place, put, shapeAddress } from "./page";
import { openPanel } from "./panel";
import { Poll } from "./poll";
import type { Change, PageData, State } from "./state";
import { browserWires } from "./wires";
import { WORDS } from "./words";

const SHAPE = { waiting: "not_started", running: "running", paused: "paused", ended: "final" };
const NEAR_THE_END = 10 * 60_000;

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
const data = document.querySelector("#work-data")?.textContent;
if (data) work(JSON.parse(data) as PageData);

function work(page: PageData): void {
  const lang = language();
  const w = WORDS[lang];
  const setting = { w, lang, shapes: page.shapes };
  const time = new ServerTime();
  time.heard(Date.parse(page.state.now), performance.now(), performance.now());
  let state = page.state;
  let connected = true;
  let before = face(state.clock, time.now(), w).ms;
  const hasher = new Hasher();
  const beforeStart = document.querySelector("#example") ? new Before(setting, time, hasher) : null;

  const poll = new Poll(page.state_url, hear, isBusy);

  function hear(heard: State | null): void {
    connected = heard !== null;
    if (heard) {
      state = heard;
      if (!page.is_open && state.clock.state !== "waiting" && beforeStart) location.reload();
      drawState();
    }
    drawClock();
  }

  function isBusy(): boolean {
    const { ms, state: now } = face(state.clock, time.now(), w);
    const judging = state.submissions.some((one) => !["late", "done", "stuck"].includes(one.state));
    return judging || now === "waiting" || (now === "running" && ms < NEAR_THE_END);
  }

  function drawState(): void {
    const rows = state.submissions;
    const list = document.querySelector("#list");
    const drawn = rows.map((one) => drawRow(one, setting));
    const asText = drawn.map((row) => row.outerHTML).join("");
    if (list && list.innerHTML !== asText) list.replaceChildren(...drawn);
    const none = place("none-yet");
    if (none) none.hidden = rows.length > 0;
    put("judging", whyWaiting(rows, state.judging, w, lang), true);
    drawChanges(state.clock.changes);
    drawRule();
    beforeStart?.draw(state, connected);
  }

  function drawRule(): void {
    const counting = state.submissions.find((one) => one.counts);
    const ended = face(state.clock, time.now(), w).state === "ended";
    const which = counting ? w.counting(counting.number, timeOfDay(counting.at)) : "";
    const at = place("rule");
    if (!at) return;
    const said = ended ? [which || w.nothing_counts, w.late_rule] : [which];
    at.replaceChildren(...said.filter(Boolean).map((text) => make("span", "", text)));
    document.querySelector("#hand-in")?.classList.toggle("work-over", ended);
  }

  function drawChanges(changes: Change[]): void {
    const box = place("changes-box");
    if (box) box.hidden = changes.length === 0;
    place("changes")?.replaceChildren(
      ...changes.map((change) =>
        make("li", "", make("span", "", changeWord(change)), make("span", "soft", change.reason)),
      ),
    );
  }

  function changeWord(change: Change): string {
    const from = change.from ? timeOfDay(change.from, false) : "";
    if (change.kind === "extra") return w.extra_time(change.minutes ?? 0);
    if (change.kind === "late_start") return w.late_start(from);
    return change.open ? w.paused_open(from) : w.paused_from(from, change.minutes ?? 0);
  }

  /** Only when the state changes: a <use> that is set again fetches its shape again. */
  function drawChip(now: keyof typeof SHAPE): void {
    const chip = place("state");
    if (!chip || chip.dataset["state"] === now) return;
    chip.dataset["state"] = now;
    chip.querySelector("use")?.setAttribute("href", shapeAddress(page.shapes, SHAPE[now]));
    const word = chip.querySelector("[data-word]");
    if (word) word.textContent = w[now];
    document.querySelector("#clock")?.setAttribute("data-state", now);
  }

  function drawClock(): void {
    const now = time.now();
    const shown = face(state.clock, now, w);
    drawChip(shown.state);
    put("left", shown.left);
    put("left-word", shown.leftWord);
    put("end", shown.end);
    put("extra", shown.extra, true);
    put("reason", shown.reason, true);
    put("server-time", w.server(timeOfDay(now)));
    put("link", connected ? w.link_ok : w.link_lost);
    const link = place("link-box");
    if (link) link.dataset["link"] = connected ? "ok" : "lost";
    if (shown.state === "running" || shown.state === "ended") passMilestone(shown.ms);
    before = shown.ms;
  }

  function passMilestone(ms: number): void {
    const passed = milestone(before, ms);
    if (passed === null) return;
    if (passed === 0) {
      drawRule();
      void poll.now();
    }
    const words = passed === 0 ? w.over : `${w.milestone(passed)} ${w.milestone_hint}`;
    const dismiss = make("button", "bar-tool work-dismiss", w.dismiss);
    dismiss.type = "button";
    const box = notice(page.shapes, passed === 0 || passed <= 5 ? "warning" : "info", words, dismiss);
    dismiss.addEventListener("click", () => box.remove());
    document.querySelector("#notices")?.replaceChildren(box);
  }

  if (page.is_open) {
    openPanel({
      ...setting,
      mostBytes: page.most_bytes,
      endings: page.endings,
      wires: browserWires(page, hasher),
      taken: () => void poll.now(),
    });
  }
  void keepShapes(page.shapes);
  drawState();
  drawClock();
  setInterval(drawClock, 250);
  void time.ask().then(() => void poll.now());
  setInterval(() => void time.ask(undefined, 1), 300_000);
}
