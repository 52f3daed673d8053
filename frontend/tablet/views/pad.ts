// The number pad for a mark between zero and the maximum.
import { pick } from "../../words";
import type { App } from "../app";
import { h, type Kid, shape, type VNode } from "../dom";
import type { Open as Opened } from "../opened";
import { points } from "../sheet";
import { title } from "./dialogs";
import { isObserved, observing } from "./observe";

type Open = Opened<"pad">;

/** "1.2" → 120; null for what is no mark. Whole hundredths, never a fraction of a binary kind. */
export function hundredths(text: string): number | null {
  const found = /^(\d{0,4})(?:\.(\d{0,2}))?$/.exec(text);
  if (!found || text === "" || text === ".") return null;
  return Number(found[1] || "0") * 100 + Number((found[2] ?? "").padEnd(2, "0"));
}

/** What a key makes of the text so far; a key that makes no sense changes nothing. */
export function press(text: string, key: string, fresh: boolean): string {
  if (key === "erase") return fresh ? "" : text.slice(0, -1);
  const next = (fresh ? "" : text) + key;
  return next === "." ? "0." : /^\d{0,4}(\.\d{0,2})?$/.test(next) ? next : text;
}

export function pad(app: App, open: Open): Kid[] {
  const { text } = app;
  const { aspect } = open;
  if (isObserved(aspect)) return observing(app, open, aspect.calculation);
  const value = hundredths(open.text);
  const wrong = value === null || value > aspect.max;
  const key = (name: string, face: Kid = name): VNode =>
    h(
      "button",
      {
        class: "t-key",
        key: name,
        type: "button",
        "aria-label": name === "erase" ? text.erase : name,
        onclick: () =>
          app.show({ ...open, text: press(open.text, name, open.fresh), fresh: false }),
      },
      face,
    );
  return [
    title(app, text.padTitle),
    h(
      "p",
      { class: "t-asked" },
      h("span", { class: "mono" }, aspect.code),
      ` ${pick(aspect, "name", app.language)}`,
    ),
    h(
      "p",
      { class: "t-typed", "data-wrong": wrong, role: "status" },
      h("b", { class: "figure" }, open.text || "–"),
      h(
        "span",
        null,
        value !== null && wrong ? text.padTooHigh(points(aspect.max)) : `/ ${points(aspect.max)}`,
      ),
    ),
    h(
      "div",
      { class: "t-keys" },
      [..."123456789"].map((digit) => key(digit)),
      key("."),
      key("0"),
      key("erase", shape("back")),
    ),
    h(
      "footer",
      null,
      h(
        "button",
        { class: "btn btn-quiet", type: "button", onclick: () => app.show(null) },
        text.cancel,
      ),
      h(
        "button",
        {
          class: "btn btn-primary t-big",
          type: "button",
          disabled: wrong,
          onclick: () => value !== null && app.give.measure(aspect, value),
        },
        `${text.saveMark} ${value === null ? "" : points(value)}`,
      ),
    ),
  ];
}
