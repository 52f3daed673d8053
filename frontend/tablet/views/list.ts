// The list of codes: how far each work is, and what needs this judge.
import type { App } from "../app";
import { h, type Kid, shape, type VNode } from "../dom";
import { isDone, needsMe, subCriteria } from "../sheet";
import { CLOSED_TEXT } from "../text_closed";
import { MORE_TEXT } from "../text_more";
import type { Progress } from "../types";
import { helpButton } from "./help";
import { matrixButton } from "./matrix";
import { scanButton } from "./scan";

export function list(app: App): VNode {
  const { text, pack } = app;
  if (!pack) return nothing(app, app.link === "offline" ? text.noPackOffline : text.loading);
  if (!pack.scheme.criteria.length) return nothing(app, text.noPackYet);
  const rows = pack.codes.map((code) => ({ code, progress: progressOf(app, code) }));
  const open = rows.filter(({ progress }) => !finished(progress));
  const shown = app.onlyOpen ? open : rows;
  return h(
    "div",
    { class: "t-list", key: "list" },
    h(
      "div",
      { class: "t-list-head" },
      h("p", { class: "soft" }, text.worksLead),
      h("div", { class: "t-tools" }, scanButton(app), matrixButton(app), helpButton(app)),
      h(
        "button",
        {
          class: "btn btn-quiet t-filter",
          type: "button",
          "aria-pressed": String(app.onlyOpen),
          onclick: () => {
            app.onlyOpen = !app.onlyOpen;
            app.changed();
          },
        },
        app.onlyOpen ? shape("yes") : null,
        text.onlyOpen(open.length),
      ),
    ),
    shown.length
      ? h(
          "ul",
          { class: "t-cards" },
          shown.map((row) => card(app, row.code, row.progress)),
        )
      : h("div", { class: "empty" }, h("h2", null, text.allDone), h("p", null, text.allDoneNext)),
  );
}

function nothing(app: App, words: string): VNode {
  return h(
    "div",
    { class: "t-list", key: "nothing" },
    h("div", { class: "empty" }, h("h2", null, app.text.noPack), h("p", null, words)),
  );
}

/** What the server counted, moved on by what waits here; counted here when there is no network. */
export function progressOf(app: App, code: string): Progress {
  const told = app.progress?.codes[code];
  const waits = app.outbox.posts.some((post) => post.code === code);
  if (told && !waits && app.link === "online") return told;
  const aspects = subCriteria(app.pack!).flatMap((sub) => sub.aspects);
  const work = app.work(code);
  const none = { differing: 0, new_votes: 0, proposals: 0, sheets: 0, confirmed: 0, to_confirm: 0 };
  return {
    ...none,
    panel: 0,
    ...told,
    of: aspects.length,
    mine: aspects.filter((one) => isDone(work, one)).length,
    new_votes: aspects.filter((one) => one.kind === "J" && needsMe(work, one)).length,
  };
}

/** Nothing of it is theirs to do, so nothing of it is done by them. */
const isOthers = (one: Progress): boolean => one.aside === true || one.asked === 0;

const finished = (one: Progress): boolean =>
  isOthers(one) ||
  (one.mine === one.of && !one.reopened && !one.differing && !one.new_votes && !one.to_confirm);

function card(app: App, code: string, one: Progress): VNode {
  const { text } = app;
  const others = isOthers(one);
  const begun = one.mine > 0 || one.new_votes > 0; // a vote that is asked for again was given
  const state = others ? "aside" : finished(one) ? "done" : begun ? "part" : "none";
  const { finished: done, partly: part, notStarted: none } = text;
  const more = MORE_TEXT[app.language];
  const word = { aside: one.aside ? more.aside : more.othersMark, done, part, none }[state];
  const sign = { aside: "no", done: "final", part: "checking", none: "not_started" }[state];
  const pick = (event: Event): void => {
    event.preventDefault();
    app.pick(code);
  };
  return h(
    "li",
    { key: code },
    h(
      "a",
      { class: "facet t-card", "data-state": state, href: `#/${encodeURIComponent(code)}`, onclick: pick },
      h("strong", { class: "t-card-code" }, code),
      h("span", { class: "t-card-state" }, shape(sign), word),
      others ? null : bar(text.mine, one.mine, one.of),
      bar(text.panel, one.panel, one.of),
      h("span", { class: "t-needs" }, needs(app, one)),
    ),
  );
}

function bar(label: string, value: number, of: number): VNode {
  return h(
    "span",
    { class: "t-measure" },
    h("span", null, label),
    h("progress", { class: "measure", value, max: of || 1, "aria-label": label }),
    h("span", { class: "figure" }, `${value}/${of}`),
  );
}

function needs(app: App, one: Progress): Kid[] {
  const { text } = app;
  const all: [number, string, string][] = [
    [one.differing, text.differing(one.differing), "paused"],
    [one.reopened ?? 0, CLOSED_TEXT[app.language].sentBack(one.reopened ?? 0), "paused"],
    [one.new_votes, text.newVotes(one.new_votes), "paused"],
    [one.to_confirm, text.toConfirm(one.to_confirm), "checking"],
    [one.proposals, text.proposals(one.proposals), "frozen"],
  ];
  return all
    .filter(([n]) => n > 0)
    .map(([, words, kind]) =>
      h("span", { class: "t-need", "data-kind": kind, key: kind + words }, words),
    );
}
