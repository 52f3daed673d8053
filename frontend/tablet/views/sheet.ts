// The sheets of one work: tabs for sub-criteria, then judgements, then measurements.
import { pick } from "../../words";
import type { App } from "../app";
import { h, shape, type VNode } from "../dom";
import {
  closedBy,
  judgements,
  measurements,
  openProposals,
  reopenedBy,
  restOf,
  sheetOf,
  subCriteria,
  sum,
} from "../sheet";
import { swipeable } from "../swipe";
import type { SubCriterion, Work } from "../types";
import { CLOSED_TEXT } from "../text_closed";
import { closing, signOff } from "./closed";
import { contact } from "./evidence";
import { clockTime, judgeName } from "./format";
import { measurement } from "./measure";
import { judgement } from "./votes";

export function sheet(app: App, code: string): VNode {
  const { pack, text } = app;
  const sub = app.sub();
  const unread = !app.works.has(code) && app.link !== "offline";
  if (!pack || !sub || unread) {
    const words = app.link === "offline" ? text.noPackOffline : text.loading;
    return h("div", { class: "empty t-list", key: "none" }, h("p", null, words));
  }
  const work = app.work(code);
  return h(
    "div",
    { class: "t-sheet", key: `sheet-${code}` },
    tabs(app, work, subCriteria(pack), sub),
    h(
      "div",
      { class: "t-part-of-sheet", key: `sub-${sub.id}`, mount: swipeable((step) => turn(app, step)) },
      part(app, work, sub),
    ),
    signOff(app, sub),
  );
}

/** To the next or the previous sub-criterion, as the tabs and the button at the foot do. */
function turn(app: App, step: 1 | -1): void {
  const subs = app.pack ? subCriteria(app.pack) : [];
  const to = subs[subs.findIndex((one) => one.id === app.route.sub) + step];
  if (to) app.go(app.route.code, to.id);
}

function tabs(app: App, work: Work | null, subs: SubCriterion[], open: SubCriterion): VNode {
  return h(
    "nav",
    { class: "t-tabs", "aria-label": app.text.sheet },
    subs.map((sub) => {
      const { done, of, attention } = sum(work, sub.aspects);
      const closed = closedBy(work, sub) !== null;
      const again = reopenedBy(work, sub) !== null;
      const confirmed = measurements(sub).length > 0 && sheetOf(work, sub).confirmed !== null;
      const [state, sign] = closed
        ? ["confirmed", "lock"]
        : again
          ? ["attention", "star"]
          : confirmed
            ? ["confirmed", "final"]
            : attention
              ? ["attention", "warning"]
              : done === of
                ? ["done", "yes"]
                : ["open", null];
      return h(
        "button",
        {
          key: String(sub.id),
          type: "button",
          class: "t-tab",
          "data-state": state,
          "aria-current": sub.id === open.id ? "true" : null,
          onclick: () => app.go(app.route.code, sub.id),
        },
        h("b", null, sub.code),
        h("span", { class: "t-tab-name" }, pick(sub, "name", app.language)),
        h("span", { class: "t-tab-count" }, sign ? shape(sign) : null, `${done}/${of}`),
      );
    }),
  );
}

function part(app: App, work: Work | null, sub: SubCriterion): VNode[] {
  const { text } = app;
  const votes = judgements(sub);
  const facts = measurements(sub);
  const out = [
    h(
      "div",
      { class: "t-heading", key: "heading" },
      h("h2", null, `${sub.code} ${pick(sub, "name", app.language)}`),
      sub.day ? h("span", { class: "soft" }, text.day(sub.day)) : null,
      contact(app, work),
    ),
  ];
  const notice = closing(app, work, sub);
  if (notice) out.push(notice);
  if (votes.length) {
    out.push(kind(text.judgement, text.judgementLead, "judgement"));
    out.push(...votes.map((aspect) => judgement(app, work, aspect)));
  }
  if (facts.length) {
    const open = openProposals(work, sub);
    const rests = closedBy(work, sub) !== null || app.presence.watching;
    const all =
      open.length > 1 && !rests
        ? h(
            "button",
            {
              class: "btn btn-quiet",
              type: "button",
              onclick: () => app.show({ kind: "proposals", sub }),
            },
            text.confirmAll(open.length),
          )
        : null;
    out.push(kind(text.measurement, text.measurementLead, "measurement", all));
    out.push(...facts.map((aspect) => measurement(app, work, aspect)));
    const rest = restOf(work, sub);
    if (rest.length > 1 && !rests) {
      out.push(
        h(
          "button",
          {
            class: "btn btn-quiet t-rest",
            key: "rest",
            type: "button",
            onclick: () => app.show({ kind: "rest", sub }),
          },
          text.rest(rest.length),
        ),
      );
    }
    out.push(confirmation(app, work, sub));
  }
  return out;
}

function kind(title: string, lead: string, key: string, action: VNode | null = null): VNode {
  return h(
    "div",
    { class: "t-kind", key },
    h("div", null, h("h3", null, title), h("p", { class: "soft" }, lead)),
    action,
  );
}

/** Where a sheet stands on its way to being confirmed, and the second judge's button. */
function confirmation(app: App, work: Work | null, sub: SubCriterion): VNode {
  const { text } = app;
  const state = sheetOf(work, sub);
  const { done, of, attention } = sum(work, measurements(sub));
  const pending = app.outbox.posts.some(
    (post) => post.sub_criterion === sub.id && post.code === app.route.code,
  );
  const words = (): string => {
    if (pending) return text.savedHere(clockTime(state.confirmed?.at));
    if (state.confirmed && reopenedBy(work, sub)) {
      const { by, at } = state.confirmed;
      return CLOSED_TEXT[app.language].confirmedBefore(judgeName(app, by), clockTime(at));
    }
    if (state.confirmed) {
      return text.confirmedBy(judgeName(app, state.confirmed.by), clockTime(state.confirmed.at));
    }
    if (state.why === "locked") return text.confirmLocked;
    if (state.why === "closed") return CLOSED_TEXT[app.language].confirmClosed;
    if (done < of || attention) return text.confirmIncomplete(of - done + attention);
    if (state.why === "own") return text.confirmOwn;
    if (state.why === "once") return text.confirmOnce;
    return text.confirmMay;
  };
  return h(
    "section",
    { class: "t-confirm", key: "confirmation", "data-confirmed": state.confirmed !== null },
    h(
      "div",
      null,
      h("h3", null, `${text.confirmation} ${sub.code}`),
      h("p", null, state.confirmed ? shape("final") : null, words()),
    ),
    state.may_confirm && !pending
      ? h(
          "button",
          {
            class: "btn btn-primary t-big",
            type: "button",
            onclick: () => app.show({ kind: "confirm", sub }),
          },
          text.confirmOpen,
        )
      : null,
  );
}
