// One measurement: what to look at, what the machine saw, three large buttons, what became of it.
import { pick } from "../../words";
import type { App } from "../app";
import { canGive } from "../calculation";
import { h, type Kid, shape, type VNode } from "../dom";
import { closedBy, measured, points } from "../sheet";
import type { Aspect, Measured, Seen, Work } from "../types";
import { evidence } from "./evidence";
import { star } from "./closed";
import { begin, observedWord } from "./observe";
import { clockTime, judgeName, valueWords } from "./format";
import { remarksButton } from "./remarks";

export function measurement(app: App, work: Work | null, aspect: Aspect): VNode {
  const { text } = app;
  const cell = measured(work, aspect);
  const value = cell.head?.value ?? null;
  const open = value === null;
  return h(
    "article",
    {
      class: "t-row",
      key: String(aspect.id),
      "data-aspect": aspect.id,
      "data-active": app.active === aspect.id,
      "data-done": !open,
      "data-differs": cell.differing.length > 0,
      onpointerdown: () => {
        app.active = aspect.id;
      },
    },
    h(
      "div",
      { class: "t-what" },
      h(
        "p",
        { class: "t-aspect" },
        h("span", { class: "mono" }, aspect.code),
        h("span", { class: "soft" }, `${text.max} ${points(aspect.max)}`),
      ),
      h("h4", null, pick(aspect, "name", app.language)),
      about(app, aspect),
      evidence(app, aspect, cell),
    ),
    h(
      "div",
      { class: "t-give" },
      buttons(app, work, aspect, cell),
      status(app, aspect, cell),
      remarksButton(app, aspect),
    ),
  );
}

export function about(app: App, aspect: Aspect): Kid {
  const { text, language } = app;
  const lines = [
    [text.need, pick(aspect, "requirement", language)],
    [text.look, pick(aspect, "extra", language)],
  ].filter(([, words]) => words);
  if (!lines.length) return null;
  return h(
    "dl",
    { class: "t-about" },
    lines.map(([label, words]) => h("div", null, h("dt", null, label), h("dd", null, words))),
  );
}

function buttons(app: App, work: Work | null, aspect: Aspect, cell: Measured): VNode {
  const { text } = app;
  const value = cell.head?.value ?? null;
  const proposal = value === null ? (cell.proposal?.value ?? null) : null;
  const skipped = value === null && app.skipped.has(`${app.route.code}/${aspect.id}`);
  const locked = closedBy(work, app.sub()) !== null || app.presence.watching;
  const can = (mark: number): boolean => canGive(aspect.calculation, mark, aspect.max);
  const give = (to: number | null) => () => app.give.measure(aspect, to);
  const partial = proposal !== null && proposal !== 0 && proposal !== aspect.max;
  const between = value !== null && value !== 0 && value !== aspect.max;
  return h(
    "div",
    { class: "t-buttons", role: "group", "aria-label": aspect.code, "data-four": partial },
    partial
      ? score(app, {
          key: "partial",
          shape: "yes",
          word: text.confirmIt,
          points: proposal,
          proposed: true,
          locked,
          onclick: give(proposal),
        })
      : null,
    can(aspect.max)
      ? score(app, {
          key: "yes",
          shape: "yes",
          word: text.yes,
          points: aspect.max,
          chosen: value === aspect.max,
          proposed: proposal === aspect.max,
          locked,
          onclick: give(aspect.max),
        })
      : null,
    can(0)
      ? score(app, {
          key: "no",
          shape: "no",
          word: text.no,
          points: 0,
          chosen: value === 0,
          proposed: proposal === 0,
          locked,
          onclick: give(0),
        })
      : null,
    score(app, {
      key: "later",
      shape: null,
      word: text.later,
      points: null,
      chosen: skipped,
      locked,
      onclick: give(null),
    }),
    aspect.partial
      ? h(
          "button",
          {
            class: "t-other",
            key: "other",
            type: "button",
            disabled: locked,
            "data-chosen": between,
            onclick: () => app.show({ kind: "pad", aspect, text: begin(aspect, cell), fresh: true }),
          },
          between ? h("b", { class: "figure" }, points(value)) : null,
          observedWord(app, aspect, cell.head?.value != null ? cell.head.observed : null),
        )
      : null,
  );
}

interface Score {
  key: string;
  shape: string | null;
  word: string;
  points: number | null;
  chosen?: boolean;
  proposed?: boolean;
  locked: boolean;
  onclick: () => void;
}

function score(app: App, one: Score): VNode {
  return h(
    "button",
    {
      class: "t-score",
      key: one.key,
      type: "button",
      disabled: one.locked,
      "data-kind": one.key === "partial" ? "yes" : one.key,
      "data-proposed": one.proposed ?? false,
      "aria-pressed": String(one.chosen ?? false),
      onclick: one.onclick,
    },
    h("span", { class: "t-score-word" }, one.shape ? shape(one.shape) : null, one.word),
    h(
      "small",
      null,
      one.points === null ? "" : points(one.points),
      one.proposed ? h("em", null, app.text.auto) : null,
    ),
  );
}

/** What a mark says of the proposal that it was given on, and what the machine has found since. */
function ofMachine(app: App, aspect: Aspect, cell: Measured, head: Seen): Kid[] {
  const { text } = app;
  const weighed = cell.weighed ?? null;
  const since = cell.proposal?.value ?? null;
  const said =
    weighed === head.value
      ? text.agreedWithMachine
      : text.overruled(
          valueWords(app, aspect, weighed),
          valueWords(app, aspect, head.value),
          head.reason,
        );
  const isNew = since !== null && since !== weighed && since !== head.value;
  return [
    weighed === null ? null : h("p", { class: "t-against" }, said),
    isNew ? h("p", { class: "t-against" }, text.foundSince(valueWords(app, aspect, since))) : null,
  ];
}

/** Who gave the mark, where it is, and what it says of the proposal. */
function status(app: App, aspect: Aspect, cell: Measured): VNode {
  const { text } = app;
  const { head } = cell;
  const code = app.route.code ?? "";
  const mine = (post: { code: string; aspect?: number }): boolean =>
    post.code === code && post.aspect === aspect.id;
  const alone = [head, ...cell.differing].every((one) => one?.by === app.me.id); // on two tablets
  const words = (): Kid[] => {
    if (app.outbox.saving.some(mine)) return [text.saving];
    const local = app.outbox.posts.filter(mine).at(-1);
    if (local) return [text.savedHere(clockTime(local.device_at))];
    if (!head || head.value === null) return [];
    if (head.decides) return [`${text.decided} ${clockTime(head.at)}`];
    if (head.by !== app.me.id) return [text.enteredBy(judgeName(app, head.by), clockTime(head.at))];
    return [text.synced(clockTime(app.acknowledged.get(`${code}/${aspect.id}`) ?? head.at))];
  };
  return h(
    "div",
    { class: "t-status" },
    h("p", null, words(), star(app, cell)),
    head && head.value !== null ? ofMachine(app, aspect, cell, head) : null,
    cell.differing.length
      ? h(
          "p",
          { class: "t-differs" },
          shape("warning"),
          [head, ...cell.differing]
            .map((one) => (one ? `${judgeName(app, one.by)} ${points(one.value ?? 0)}` : ""))
            .join(text.listSeparator),
          h("span", null, alone ? text.differsOwn : text.differs),
        )
      : null,
  );
}
