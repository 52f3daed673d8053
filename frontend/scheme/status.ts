// What stands above and beside the scheme: its total, whether it is saved, what is wrong with it, and
// what somebody else changed meanwhile.
import { h, type VNode } from "../tablet/dom";
import type { Editor } from "./editor";
import { small } from "./fields";
import { withTheirs, type Clash } from "./merge";
import { label } from "./tree";
import type { Problem } from "./types";

export function bar(editor: Editor): VNode {
  const { text } = editor;
  const { report } = editor.kept.now.state;
  const { aspects, measurement, judgement } = report.counts;
  const errors = report.problems.length;
  const last = editor.back.at(-1);
  return h(
    "div",
    { class: "ed-bar" },
    h("p", { class: "ed-total", "data-full": report.is_full ? "yes" : "no" },
      text.total, " ", h("strong", null, report.total), ` / ${report.full}`), // prettier-ignore
    h("p", { class: "ed-counts" }, text.counts(aspects, measurement, judgement)),
    h("p", { class: "ed-errors", "data-n": errors },
      errors ? text.errors(errors) : text.noErrors), // prettier-ignore
    status(editor),
    last && small(last.said ? `${last.said} · ${text.undo}` : text.undo, () => editor.undo()),
  );
}

function status(editor: Editor): VNode {
  const { text, lang, kept } = editor;
  const { status: is, sentence, state } = kept.now;
  const words = {
    saved: text.saved(clock(state.at)),
    saving: text.saving,
    waiting: text.waiting,
    refused: `${text.refused}：${sentence?.[lang] ?? ""}`,
    gone: text.gone,
  }[is];
  const link = is === "gone" && h("a", { href: "../scheme" }, text.goneLink);
  return h("p", { class: "ed-saved", "data-status": is, role: "status" }, words, " ", link || null);
}

function clock(at: string): string {
  const zone = { timeZone: "Asia/Shanghai", hour12: false } as const;
  return new Date(at).toLocaleTimeString("zh-CN", zone);
}

/** What came in from somebody else, and where both had changed the same. */
export function joined(editor: Editor): VNode {
  const { text, kept } = editor;
  const { joined: by, clashes } = kept.now;
  return h(
    "div",
    { class: "ed-joined", role: "status" },
    by && h("p", null, text.joined(by.by, clock(by.at))),
    clashes.length > 0 && h("p", null, h("strong", null, text.clashes)),
    clashes.length > 0 && h("ul", null, ...clashes.map((one) => clash(editor, one))),
  );
}

function clash(editor: Editor, one: Clash): VNode {
  const { text, kept } = editor;
  const settle = (): void => {
    kept.now.clashes = kept.now.clashes.filter((other) => other !== one);
    editor.draw();
  };
  const take = (): void => {
    settle();
    kept.type(withTheirs(editor.body, one));
  };
  return h(
    "li",
    null,
    h("p", null, `${label(editor.body, one.key)} `, h("span", { class: "ed-note" }, one.field)),
    h("p", null, `${text.mine}：${told(one.mine)}`),
    h("p", null, `${text.theirs}：${told(one.theirs)}`),
    small(text.takeTheirs, take),
    small(text.keepMine, settle),
  );
}

function told(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Errors first, apart from what is only unusual; each leads to its place. */
export function problems(editor: Editor): VNode {
  const { text } = editor;
  const { problems: errors, notes } = editor.kept.now.state.report;
  return h(
    "section",
    { class: "ed-problems" },
    h("h2", null, errors.length ? text.errors(errors.length) : text.noErrors),
    h("ol", null, ...errors.slice(0, 60).map((one) => line(editor, one))),
    notes.length > 0 &&
      h("details", null, h("summary", null, text.notes(notes.length)),
        h("ol", null, ...notes.slice(0, 60).map((one) => line(editor, one)))), // prettier-ignore
  );
}

function line(editor: Editor, one: Problem): VNode {
  const words = one[editor.lang];
  if (!one.key) return h("li", null, words);
  const show = (): void => editor.show(one.key);
  return h("li", null, h("button", { class: "ed-link", type: "button", onclick: show }, words));
}
