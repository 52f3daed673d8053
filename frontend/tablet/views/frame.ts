// The frame around every view: bar, banners, and the foot with undo, total and what is saved.
import { hms, remaining } from "../../clock";
import { pick } from "../../words";
import type { App } from "../app";
import type { Hall } from "../hall";
import { h, type Kid, shape, type VNode } from "../dom";
import { closedBy, measurements, points, reopenedBy, subCriteria, sum } from "../sheet";
import type { Post } from "../types";
import { clockTime } from "./format";
import { helpButton } from "./help";
import { scanButton } from "./scan";
import { CLOSED_TEXT } from "../text_closed";
import { HALL_TEXT } from "../text_hall";
import { MORE_TEXT } from "../text_more";

/** `hall`: where the tablet is shared, the way to lock it. */
export function bar(app: App, hall: Hall | null = null): VNode {
  const { text, route } = app;
  const skill = app.pack?.skill ?? app.start.skill;
  return h(
    "header",
    { class: "t-bar", key: "bar" },
    h(
      "div",
      { class: "t-bar-left" },
      route.code
        ? h(
            "button",
            {
              class: "t-icon",
              type: "button",
              onclick: () => app.go(null),
              "aria-label": text.back,
            },
            shape("back"),
            h("span", { class: "t-wide" }, text.back),
          )
        : null,
      h(
        "span",
        { class: "t-skill" },
        h("b", null, skill.code),
        ` ${pick(skill, "name", app.language)}`,
      ),
    ),
    route.code
      ? h(
          "div",
          { class: "t-code" },
          neighbour(app, -1),
          h("h1", { class: "t-code-text", id: "code" }, route.code),
          neighbour(app, 1),
          scanButton(app),
        )
      : h("h1", { class: "t-title" }, text.works),
    h("div", { class: "t-bar-right" }, clock(app), link(app, hall), hall ? lock(app, hall) : null),
  );
}

function neighbour(app: App, step: number): VNode {
  const codes = app.pack?.codes ?? [];
  const code = codes[codes.indexOf(app.route.code ?? "") + step];
  const label = step < 0 ? app.text.previousWork : app.text.nextWork;
  return h(
    "button",
    {
      class: "t-icon",
      type: "button",
      disabled: !code,
      "aria-label": code ? `${label} ${code}` : label,
      onclick: () => code && app.pick(code, app.route.sub),
    },
    shape(step < 0 ? "back" : "next"),
  );
}

function clock(app: App): Kid {
  const { phase, ms } = remaining(app.pack?.clock ?? null, app.time.now());
  const { text } = app;
  if (phase === "unknown") return null;
  const words = { before: text.clock_before, paused: text.clock_paused, over: text.clock_over };
  return h(
    "span",
    { class: "t-clock", "data-phase": phase },
    phase === "working" ? [h("b", { class: "mono" }, hms(ms)), ` ${text.remaining}`] : words[phase],
  );
}

/** Who is marking and whether the server has everything: one button, always in sight. */
function link(app: App, hall: Hall | null): VNode {
  const { text } = app;
  const n = app.outbox.posts.length;
  const known = app.link === "online" ? text.online : text.offline;
  const word = app.link === "starting" ? text.starting : known;
  const state = app.link === "online" && n === 0 ? "synced" : app.link;
  return h(
    "button",
    {
      class: "t-link",
      type: "button",
      "data-link": state,
      onclick: () => app.show({ kind: "tablet" }),
    },
    h(
      "span",
      { class: "t-who" },
      app.me.label,
      hall?.row ? h("small", null, ` · ${HALL_TEXT[app.language].tabletNo(hall.row.number)}`) : null,
    ),
    h(
      "span",
      { class: "t-sync", role: "status" },
      h("i", { class: "t-dot", "data-waiting": n > 0 }),
      n > 0 ? text.waitingN(n) : word,
    ),
  );
}

function lock(app: App, hall: Hall): VNode {
  const text = HALL_TEXT[app.language]; // the judge's, who may have turned it since
  return h(
    "button",
    {
      class: "t-icon t-lock",
      type: "button",
      id: "lock",
      "aria-label": text.lock,
      title: text.lockLead,
      onclick: () => hall.lock(),
    },
    shape("lock"),
    h("span", { class: "t-wide" }, text.lock),
  );
}

/** Banners stand in the flow above the sheet, so that they never cover a button. */
export function banners(app: App): VNode {
  const { text } = app;
  const n = app.outbox.posts.length;
  const out: Kid[] = [];
  if (app.link === "offline") out.push(banner("offline", "warning", text.offlineBanner(n)));
  if (app.link === "unpaired") {
    out.push(banner("unpaired", "refusal", text.unpairedBanner(n), signIn(app)));
  }
  if (app.link === "stranger") {
    out.push(banner("stranger", "refusal", text.strangerBanner, signIn(app)));
  }
  if (app.link === "refused" && app.sentence) {
    out.push(banner("refused", "refusal", app.sentence[app.language]));
  }
  if (app.outbox.failed.length) out.push(banner("disk", "refusal", text.diskBanner));
  if (app.outbox.asides.length) {
    const show = h(
      "button",
      { class: "btn btn-quiet", type: "button", onclick: () => app.show({ kind: "asides" }) },
      text.showThem,
    );
    out.push(banner("aside", "warning", text.asideBanner(app.outbox.asides.length), show));
  }
  const code = app.route.code;
  if (code && (app.progress?.codes[code]?.aside || app.works.get(code)?.work.aside)) {
    const more = MORE_TEXT[app.language];
    const whom = (app.pack?.chiefs ?? []).join(" · ");
    const call = h(
      "button",
      {
        class: "btn btn-quiet",
        type: "button",
        id: "call-chief",
        onclick: () => app.show({ kind: "help", text: "" }),
      },
      more.callChief,
    );
    out.push(banner("stands-aside", "warning", more.standsAside(code, whom), call));
  }
  if (app.progress?.locked_at ?? app.works.get(app.route.code ?? "")?.work.locked_at) {
    out.push(banner("locked", "info", text.locked));
  }
  return h("div", { class: "t-banners", key: "banners", "aria-live": "polite" }, out);
}

function banner(key: string, kind: string, words: string, action: Kid = null): VNode {
  const sign = shape(kind === "info" ? "info" : "warning", "t-sign");
  return h(
    "div",
    { class: "notice t-banner", "data-kind": kind, key },
    sign,
    h("p", null, words),
    action,
  );
}

/** Back to the sheet that is open now: the server sees no address behind its #. */
function signIn(app: App): VNode {
  const { hall, urls } = app.start;
  const href = hall ? urls.sign_in : urls.sign_in + encodeURIComponent(location.hash);
  return h("a", { class: "btn btn-primary", id: "sign-in", href }, app.text.signInAgain);
}

/** The foot of a sheet, where the thumb is. */
export function foot(app: App): VNode | null {
  const { text, route, pack } = app;
  if (!route.code || !pack) return null;
  const work = app.work(route.code);
  const subs = subCriteria(pack);
  const whole = sum(
    work,
    subs.flatMap((sub) => sub.aspects),
  );
  const open = app.sub();
  const part = sum(work, open?.aspects ?? []);
  const next = open ? subs[subs.indexOf(open) + 1] : undefined;
  const ready = part.done === part.of;
  return h(
    "footer",
    { class: "t-foot", key: "foot" },
    undo(app),
    helpButton(app),
    h(
      "dl",
      { class: "t-sums" },
      sumOf(text.subTotal, part.value, part.max, "t-part"),
      sumOf(text.total, whole.value, pack.scheme.total, "t-total"),
      h(
        "div",
        { class: "t-progress" },
        h("dt", null, text.progress),
        h(
          "dd",
          null,
          h("progress", { class: "measure", value: whole.done, max: whole.of || 1 }),
          h("span", { class: "figure" }, `${whole.done}/${whole.of}`),
        ),
      ),
    ),
    h("p", { class: "t-saved", id: "saved", role: "status" }, saved(app, route.code)),
    next
      ? h(
          "button",
          {
            class: `btn t-next ${ready ? "btn-primary" : "btn-quiet"}`,
            type: "button",
            onclick: () => app.go(route.code, next.id),
          },
          text.nextSub(next.code),
          shape("next"),
        )
      : h(
          "button",
          {
            class: `btn t-next ${ready ? "btn-primary" : "btn-quiet"}`,
            type: "button",
            onclick: () => app.go(null),
          },
          text.all,
          shape("next"),
        ),
  );
}

function sumOf(label: string, value: number, max: number, extra: string): VNode {
  return h(
    "div",
    { class: extra },
    h("dt", null, label),
    h(
      "dd",
      null,
      h("b", { class: "figure" }, points(value)),
      h("small", null, ` / ${points(max)}`),
    ),
  );
}

function undo(app: App): VNode {
  const { text } = app;
  const step = app.back.next;
  const fresh = step !== null && app.back.fresh;
  return h(
    "button",
    {
      class: "btn btn-quiet t-undo",
      type: "button",
      id: "undo",
      disabled: !step,
      title: step ? null : text.nothingToUndo,
      "data-fresh": fresh,
      onclick: () => app.back.undo(),
    },
    shape("undo"),
    step && fresh ? text.undoOf(step.aspect.code) : text.undo,
  );
}

/** What is saved, in words and with the clock: here, at the server, confirmed. */
function saved(app: App, code: string): string {
  const { text } = app;
  const own = (post: Post): boolean => post.code === code;
  if (app.outbox.saving.some(own)) return text.saving;
  const local = app.outbox.posts.filter(own).at(-1);
  if (local) return text.savedHere(clockTime(local.device_at));
  const sub = app.sub();
  const work = app.works.get(code)?.work;
  const closed = sub && closedBy(work ?? null, sub);
  if (closed) return CLOSED_TEXT[app.language].short(closed);
  if (reopenedBy(work ?? null, sub)) return CLOSED_TEXT[app.language].again;
  const confirmed = sub && work?.sheets[sub.id]?.confirmed;
  if (confirmed && sub && measurements(sub).length) {
    const who = app.pack?.panel.find((one) => one.id === confirmed.by)?.label ?? "";
    return text.confirmedBy(who, clockTime(confirmed.at));
  }
  return app.heardAt ? text.synced(clockTime(app.heardAt)) : "";
}
