// The progress of everything on one page: aspects × codes, and what is left.
import { pick } from "../../words";
import type { App } from "../app";
import { h, type Kid, type VNode } from "../dom";
import { type CellState, cellState, subCriteria } from "../sheet";
import { MORE_TEXT } from "../text_more";
import type { Aspect, SubCriterion } from "../types";
import { title } from "./dialogs";

const SIGNS: Record<CellState, string> = { done: "■", part: "▨", none: "□", look: "▲" };

export function matrixButton(app: App): VNode {
  const text = MORE_TEXT[app.language];
  return h(
    "button",
    {
      class: "btn btn-quiet",
      type: "button",
      id: "matrix",
      onclick: () => {
        app.lookAround();
        app.show({ kind: "matrix" });
      },
    },
    text.matrix,
  );
}

export function matrix(app: App): Kid[] {
  const text = MORE_TEXT[app.language];
  const { pack } = app;
  if (!pack) return [title(app, text.matrixTitle)];
  const works = pack.codes.map((code) => ({ code, work: app.work(code) }));
  const lines = subCriteria(pack).flatMap((sub) =>
    sub.aspects.map((aspect) => ({
      sub,
      aspect,
      states: works.map(({ work }) => cellState(work, aspect)),
    })),
  );
  const left = lines.filter((line) => line.states.some((state) => state !== "done"));
  const open = works.map((_, at) => left.some((line) => line.states[at] !== "done"));
  const columns = works.map((one, at) => ({ ...one, at })).filter(({ at }) => !app.onlyLeft || open[at]);
  const rows = app.onlyLeft ? left : lines;
  return [
    title(app, text.matrixTitle),
    h(
      "div",
      { class: "t-matrix-head", key: "head" },
      h("p", { class: "soft" }, text.matrixLegend),
      h(
        "button",
        {
          class: "btn btn-quiet t-filter",
          type: "button",
          "aria-pressed": String(app.onlyLeft),
          onclick: () => {
            app.onlyLeft = !app.onlyLeft;
            app.changed();
          },
        },
        text.onlyLeft,
      ),
    ),
    rows.length === 0
      ? h("p", { key: "none" }, text.nothingLeft)
      : h(
          "div",
          { class: "t-matrix", key: "table", tabindex: 0, role: "region", "aria-label": text.matrix },
          h(
            "table",
            null,
            h(
              "thead",
              null,
              h(
                "tr",
                null,
                h("th", { scope: "col" }, ""),
                columns.map(({ code }) => h("th", { scope: "col", key: code }, code)),
              ),
            ),
            h(
              "tbody",
              null,
              rows.map(({ sub, aspect, states }) =>
                h(
                  "tr",
                  { key: String(aspect.id) },
                  h(
                    "th",
                    { scope: "row", title: pick(aspect, "name", app.language) },
                    h("b", { class: "mono" }, aspect.code),
                    h("span", null, pick(aspect, "name", app.language)),
                  ),
                  columns.map(({ code, at }) => cell(app, code, sub, aspect, states[at] ?? "none")),
                ),
              ),
            ),
          ),
        ),
  ];
}

function cell(app: App, code: string, sub: SubCriterion, aspect: Aspect, state: CellState): VNode {
  const word = MORE_TEXT[app.language][`cell_${state}`];
  const sign = h("span", { "aria-hidden": "true" }, SIGNS[state]);
  const label = `${code} ${aspect.code}: ${word}`;
  const go = (event: Event): void => {
    event.preventDefault();
    app.pick(code, sub.id);
  };
  return h(
    "td",
    { key: code, "data-state": state },
    state === "done"
      ? h("span", { role: "img", "aria-label": label }, sign)
      : h(
          "a",
          { href: `#/${encodeURIComponent(code)}/${sub.id}`, "aria-label": label, onclick: go },
          sign,
        ),
  );
}
