// One aspect: a line for what all have, and below it, when open, all the rest.
import { h, type VNode } from "../tablet/dom";
import { calculation } from "./calculation";
import type { Editor } from "./editor";
import { choice, field, small } from "./fields";
import * as tree from "./tree";
import type { Aspect, Pair, SubCriterion } from "./types";

export function aspect(editor: Editor, form: SubCriterion, one: Aspect, at: number): VNode {
  const { text } = editor;
  const code = tree.codeOf(form, at);
  const open = editor.open.has(one.key);
  const wrong = editor.kept.now.state.report.problems.some((found) => found.key === one.key);
  const put = (part: keyof Aspect) => (value: string) =>
    editor.edit<Aspect>(one.key, { [part]: value });
  const keys = { bare: true, onkeydown: (event: KeyboardEvent) => keyed(editor, one, event) };
  return h(
    "li",
    { class: "ed-aspect", id: one.key, key: one.key, "data-wrong": wrong ? "yes" : "no" },
    h("div", { class: "ed-line" },
      h("span", { class: "ed-code" }, code),
      kinds(editor, one, code),
      field(`${one.key}-zh`, `${text.descriptionZh}`, one.zh, put("zh"), { ...keys, class: "is-text" }),
      field(`${one.key}-en`, `${text.descriptionEn}`, one.en, put("en"), { ...keys, class: "is-text" }),
      field(`${one.key}-max`, text.max, one.max, put("max"), { ...keys, silent: true, inputmode: "decimal", class: "is-max" }),
      field(`${one.key}-section`, text.section, one.section, put("section"), { ...keys, silent: true, class: "is-section" }),
      h("button", { class: "ed-small", type: "button", "aria-expanded": open ? "true" : "false",
        "aria-label": `${open ? text.less : text.more} ${code}`,
        onclick: () => editor.toggle(editor.open, one.key) }, open ? text.less : text.more)), // prettier-ignore
    open && details(editor, form, one, code),
  );
}

function kinds(editor: Editor, one: Aspect, code: string): VNode {
  const { text } = editor;
  return h(
    "div",
    { class: "ed-kinds", role: "group", "aria-label": `${text.type} ${code}` },
    ...(["M", "J"] as const).map((kind) =>
      h("button", { type: "button", "aria-pressed": one.type === kind ? "true" : "false",
        "aria-label": kind === "M" ? text.measurement : text.judgement,
        onclick: () => {
          if (kind === "J") editor.open.add(one.key);
          editor.edit<Aspect>(one.key, { type: kind });
        } }, kind), // prettier-ignore
    ),
  );
}

function keyed(editor: Editor, one: Aspect, event: KeyboardEvent): void {
  const id = (event.target as HTMLElement).id;
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    const made = tree.aspect(one);
    editor.change(tree.after(editor.body, one.key, made), `${made.key}-zh`);
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    editor.shift(one.key, event.key === "ArrowUp" ? -1 : 1, id);
  }
}

function details(editor: Editor, form: SubCriterion, one: Aspect, code: string): VNode {
  const { text } = editor;
  const pair = (part: "extra" | "requirement"): VNode[] =>
    (["zh", "en"] as const).map((lang) =>
      field(`${one.key}-${part}-${lang}`, `${text[part]} · ${text[lang]}`, one[`${part}_${lang}`],
        (value) => editor.edit<Aspect>(one.key, { [`${part}_${lang}`]: value }), { rows: 2 }), // prettier-ignore
    );
  return h(
    "div",
    { class: "ed-details" },
    h("div", { class: "ed-pairs" }, ...pair("extra"), ...pair("requirement")),
    one.type === "J" ? rungs(editor, one) : calculation(editor, one),
    h("div", { class: "ed-acts", role: "group", "aria-label": text.actions(code) },
      small(`↑ ${text.up}`, () => editor.shift(one.key, -1, one.key), code),
      small(`↓ ${text.down}`, () => editor.shift(one.key, 1, one.key), code),
      small(text.copy, () => editor.copy(one.key), code),
      small(text.remove, () => editor.remove(one.key), code),
      target(editor, form, one)), // prettier-ignore
  );
}

/** The four texts of a judgement. */
function rungs(editor: Editor, one: Aspect): VNode {
  const { text } = editor;
  const put = (at: number, part: Partial<Pair>): void => {
    editor.edit<Aspect>(one.key, ({ rungs: now }) => ({
      rungs: now.map((rung, place) => (place === at ? { ...rung, ...part } : rung)),
    }));
  };
  return h(
    "fieldset",
    { class: "ed-rungs" },
    h("legend", null, text.rungs),
    ...one.rungs.flatMap((rung, at) =>
      (["zh", "en"] as const).map((lang) =>
        field(`${one.key}-rung-${at}-${lang}`, `${text.rung(at)} · ${text[lang]}`, rung[lang],
          (value) => put(at, { [lang]: value }), { rows: 2 }), // prettier-ignore
      ),
    ),
  );
}

/** To another sub-criterion. */
function target(editor: Editor, form: SubCriterion, one: Aspect): VNode {
  const { text, body } = editor;
  const forms = body.criteria.flatMap((single) => single.sub_criteria);
  const others = forms.filter((other) => other.key !== form.key);
  const options = others.map((other): [string, string] => [other.key, `${other.id} ${other.zh}`]);
  return choice(`${one.key}-to`, text.moveTo, "", [["", "—"], ...options], (into) => {
    if (into) editor.change(tree.moved(editor.body, one.key, into), one.key);
  }, { class: "is-target" }); // prettier-ignore
}
