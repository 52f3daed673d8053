// The help button, and what became of one's calls.
import type { Language } from "../../words";
import type { App } from "../app";
import { h, type Kid, shape, type VNode } from "../dom";
import type { Errands } from "../errands";
import type { Open } from "../opened";
import { MORE_TEXT } from "../text_more";
import { title } from "./dialogs";
import { clockTime } from "./format";

const KINDS = ["chief", "technician", "medical", "conflict"] as const;

export function helpButton(app: App): VNode {
  const text = MORE_TEXT[app.language];
  return h(
    "button",
    {
      class: "btn btn-quiet t-help",
      type: "button",
      id: "help",
      "aria-label": text.help,
      "data-open": app.errands.open,
      onclick: () => {
        void app.errands.look();
        app.show({ kind: "help", text: "" });
      },
    },
    shape("help"),
    h("span", null, text.help),
  );
}

export function help(app: App, open: Open<"help">): Kid[] {
  const text = MORE_TEXT[app.language];
  return [
    title(app, text.helpTitle),
    h("p", { class: "soft" }, text.helpLead),
    h("input", {
      class: "input",
      "aria-label": text.helpWords,
      placeholder: text.helpWords,
      maxlength: 200,
      value: open.text,
      oninput: (event: Event) =>
        app.show({ ...open, text: (event.target as HTMLInputElement).value }),
    }),
    buttons(app.language, (kind) => {
      app.buzz("held");
      const at = new Date(app.time.now());
      void app.errands.call(kind, app.route.code ?? "", open.text, at);
      app.show({ ...open, text: app.errands.again ? open.text : "" });
    }),
    ...became(app.errands, app.language),
  ];
}

export function buttons(language: Language, call: (kind: string) => void): VNode {
  const text = MORE_TEXT[language];
  return h(
    "div",
    { class: "t-help-kinds", key: "kinds" },
    KINDS.map((kind) =>
      h(
        "button",
        {
          class: "btn btn-quiet t-big",
          type: "button",
          key: kind,
          "data-kind": kind,
          onclick: () => call(kind),
        },
        text[kind],
      ),
    ),
  );
}

/** Not sent yet, told, coming, settled: with the clock. */
export function became(errands: Errands, language: Language): Kid[] {
  const text = MORE_TEXT[language];
  const word = (kind: string): string => text[kind as (typeof KINDS)[number]] ?? kind;
  const waiting = errands.waiting.filter((one) => one.kind === "call");
  if (!waiting.length && !errands.calls.length) return [];
  const line = (key: string, kind: string, state: string, said: string): VNode =>
    h(
      "li",
      { key, "data-state": state },
      h("b", null, word(kind)),
      h("span", null, said),
      kind === "conflict" && state !== "done"
        ? h("span", { class: "soft" }, text.conflictNext)
        : null,
    );
  const { again } = errands;
  return [
    again && errands.isCalled(again.kind, again.code)
      ? h("p", { class: "notice", key: "again", role: "status" }, text.calledAlready(word(again.kind)))
      : null,
    h("h3", { key: "calls" }, text.yourCalls),
    h(
      "div",
      { class: "t-became", key: "list", role: "status" },
      h(
        "ul",
        { class: "t-calls" },
        errands.calls.map((one) => {
          if (one.done_at) return line(one.key, one.kind, "done", text.settled(clockTime(one.done_at)));
          const told = text.told(clockTime(one.at));
          const coming = one.taken_at ? text.coming(one.taker, clockTime(one.taken_at)) : "";
          return line(one.key, one.kind, one.taken_at ? "coming" : "told", coming || told);
        }),
        waiting.map((one) => line(one.key, String(one.body["kind"]), "waits", text.notSent)),
      ),
    ),
  ];
}
