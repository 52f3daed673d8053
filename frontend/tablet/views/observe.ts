// Entering what was observed: a count by steps, one of several choices, a measured value; the mark
// that it gives stands beside it while it is typed.
import { type Rule, work } from "../calculation";
import type { App } from "../app";
import { pick } from "../../words";
import { h, type Kid, shape, type VNode } from "../dom";
import type { Open } from "../opened";
import { points } from "../sheet";
import { OBSERVE_TEXT } from "../text_observe";
import type { Aspect, Measured } from "../types";
import { title } from "./dialogs";

type Observed = Exclude<Rule, { kind: "PASS_FAIL" } | { kind: "PARTIAL_MARK" }>;

/** Whether something is observed, and not the mark itself given. */
export function isObserved(aspect: Aspect): aspect is Aspect & { calculation: Observed } {
  const kind = aspect.calculation?.kind;
  return kind !== undefined && kind !== "PASS_FAIL" && kind !== "PARTIAL_MARK";
}

/** What the button beside "met" and "not met" says. */
export function observedWord(app: App, aspect: Aspect, observed?: string | null): string {
  const text = OBSERVE_TEXT[app.language];
  if (!isObserved(aspect)) return app.text.other;
  const rule = aspect.calculation;
  if (rule.kind === "NUMBER_COMPLETED") return observed ? `${observed} / ${rule.of}` : text.count;
  if (rule.kind !== "CHOICE") return observed || text.value;
  const chosen = rule.options.find((one) => String(one.number) === observed);
  return chosen?.label ?? text.choice;
}

/** What stands there when it is opened. */
export function begin(aspect: Aspect, cell: Measured): string {
  if (isObserved(aspect)) return cell.head?.value != null ? (cell.head.observed ?? "") : "";
  return points(cell.head?.value ?? cell.proposal?.value ?? 0);
}

export function observing(app: App, open: Open<"pad">, rule: Observed): Kid[] {
  const { aspect } = open;
  const text = OBSERVE_TEXT[app.language];
  const head = [
    title(app, { NUMBER_COMPLETED: text.count, CHOICE: text.choice }[rule.kind as string] ?? text.value),
    h(
      "p",
      { class: "t-asked" },
      h("span", { class: "mono" }, aspect.code),
      ` ${pick(aspect, "name", app.language)}`,
    ),
  ];
  if (rule.kind === "CHOICE") return [...head, choices(app, aspect, rule, open.text)];
  const mark = work(rule, open.text, aspect.max);
  return [
    ...head,
    rule.kind === "NUMBER_COMPLETED" ? stepper(app, open, rule.of) : null,
    rule.kind === "NUMBER_COMPLETED"
      ? null
      : h("p", { class: "soft" }, text.target(rule.target)),
    h(
      "p",
      { class: "t-typed", "data-wrong": open.text !== "" && mark === null, role: "status" },
      h("b", { class: "figure" }, open.text || "–"),
      h("span", null, mark === null ? text.none : text.gives(points(mark), points(aspect.max))),
    ),
    keys(app, open, rule.kind !== "NUMBER_COMPLETED"),
    h(
      "footer",
      null,
      h(
        "button",
        { class: "btn btn-quiet", type: "button", onclick: () => app.show(null) },
        app.text.cancel,
      ),
      h(
        "button",
        {
          class: "btn btn-primary t-big",
          type: "button",
          disabled: mark === null,
          onclick: () => mark !== null && app.give.measure(aspect, mark, "", open.text),
        },
        `${app.text.saveMark} ${mark === null ? "" : points(mark)}`,
      ),
    ),
  ];
}

function choices(
  app: App,
  aspect: Aspect,
  rule: Extract<Rule, { kind: "CHOICE" }>,
  chosen: string,
): VNode {
  return h(
    "div",
    { class: "t-choices", role: "group", "aria-label": aspect.code },
    rule.options.map((one) => {
      const mark = work(rule, String(one.number), aspect.max) ?? 0;
      return h(
        "button",
        {
          class: "btn btn-quiet t-big",
          type: "button",
          key: String(one.number),
          "aria-pressed": String(chosen === String(one.number)),
          onclick: () => app.give.measure(aspect, mark, "", String(one.number)),
        },
        h("span", null, one.label),
        h("b", { class: "figure" }, points(mark)),
      );
    }),
  );
}

function stepper(app: App, open: Open<"pad">, of: number): VNode {
  const { text } = app;
  const n = Number(open.text || 0);
  const step = (by: number): VNode =>
    h(
      "button",
      {
        class: "t-key",
        type: "button",
        "aria-label": by < 0 ? text.less : text.more,
        disabled: !Number.isInteger(n) || n + by < 0 || n + by > of,
        onclick: () => app.show({ ...open, text: String(n + by), fresh: true }),
      },
      by < 0 ? "−" : "+",
    );
  return h(
    "div",
    { class: "t-stepper" },
    h("span", null, text.padCount),
    step(-1),
    h("b", { class: "figure" }, open.text || "–"),
    step(1),
    h("span", { class: "soft" }, text.padOf(of)),
  );
}

/** What a key makes of a measured value so far. */
export function typed(text: string, key: string, fresh: boolean): string {
  if (key === "erase") return fresh ? "" : text.slice(0, -1);
  if (key === "−") return text.startsWith("-") ? text.slice(1) : `-${text}`;
  const next = (fresh ? "" : text) + key;
  return /^-?\d{0,9}(\.\d{0,6})?$/.test(next) ? next : text;
}

function keys(app: App, open: Open<"pad">, fraction: boolean): VNode {
  const key = (name: string, face: Kid = name): VNode =>
    h(
      "button",
      {
        class: "t-key",
        key: name,
        type: "button",
        "aria-label": name === "erase" ? app.text.erase : name,
        onclick: () =>
          app.show({ ...open, text: typed(open.text, name, open.fresh), fresh: false }),
      },
      face,
    );
  return h(
    "div",
    { class: "t-keys" },
    [..."123456789"].map((digit) => key(digit)),
    fraction ? key(".") : h("span", { key: "none" }),
    key("0"),
    key("erase", shape("back")),
    fraction ? key("−") : null,
  );
}
