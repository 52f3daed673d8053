// Criteria and sub-criteria, each with its computed total, and the aspects in them.
import { h, type VNode } from "../tablet/dom";
import { aspect } from "./aspect";
import type { Editor } from "./editor";
import { field, small } from "./fields";
import * as tree from "./tree";
import type { Criterion, SubCriterion } from "./types";

export function criteria(editor: Editor): VNode[] {
  const { text, body } = editor;
  const add = (): void => {
    const now = editor.body;
    const made = tree.criterion(now);
    editor.change({ ...now, criteria: [...now.criteria, made] }, `${made.key}-zh`);
  };
  const forms = body.criteria.flatMap((one) => one.sub_criteria);
  const foldAll = (): void => {
    const all = editor.folded.size < forms.length;
    editor.folded.clear();
    if (all) for (const one of forms) editor.folded.add(one.key);
    editor.draw();
  };
  const words = editor.folded.size < forms.length ? text.foldAll : text.unfoldAll;
  return [
    h("div", { class: "ed-tools" }, forms.length > 1 && small(words, foldAll)),
    ...body.criteria.map((one) => criterion(editor, one)),
    h("div", { class: "ed-add" },
      body.criteria.length === 0 && h("p", { class: "ed-note" }, text.noCriteria),
      h("button", { class: "btn btn-primary", type: "button", id: "add-criterion", onclick: add },
        text.addCriterion)), // prettier-ignore
  ];
}

function sum(editor: Editor, key: string): string {
  return editor.kept.now.state.report.sums[key] ?? "0.00";
}

function criterion(editor: Editor, one: Criterion): VNode {
  const { text } = editor;
  const put = (part: keyof Criterion) => (value: string) =>
    editor.edit<Criterion>(one.key, { [part]: value });
  const add = (): void => {
    const made = tree.sub(one);
    const body = tree.changed<Criterion>(editor.body, one.key, ({ sub_criteria: now }) => ({
      sub_criteria: [...now, made],
    }));
    editor.change(body, `${made.key}-zh`);
  };
  return h(
    "section",
    { class: "ed-criterion", id: one.key, key: one.key, "aria-label": `${text.criterion} ${one.letter}` },
    h("div", { class: "ed-head" },
      h("h2", null, `${text.criterion} ${one.letter}`),
      field(`${one.key}-letter`, text.letter, one.letter, put("letter"), { bare: true, class: "is-letter" }),
      field(`${one.key}-zh`, text.nameZh, one.zh, put("zh"), { bare: true, class: "is-name" }),
      field(`${one.key}-en`, text.nameEn, one.en, put("en"), { bare: true, class: "is-name" }),
      h("p", { class: "ed-sum" }, sum(editor, one.key)),
      acts(editor, one.key, one.letter)), // prettier-ignore
    ...one.sub_criteria.map((form) => sub(editor, form)),
    h("div", { class: "ed-add" }, small(text.addSub, add, one.letter)),
  );
}

function acts(editor: Editor, key: string, label: string): VNode {
  const { text } = editor;
  return h(
    "div",
    { class: "ed-acts", role: "group", "aria-label": text.actions(label) },
    small("↑", () => editor.shift(key, -1, key), `${text.up} ${label}`),
    small("↓", () => editor.shift(key, 1, key), `${text.down} ${label}`),
    small(text.copy, () => editor.copy(key), label),
    small(text.remove, () => editor.remove(key), label),
  );
}

function sub(editor: Editor, one: SubCriterion): VNode {
  const { text } = editor;
  const put = (part: keyof SubCriterion) => (value: string) =>
    editor.edit<SubCriterion>(one.key, { [part]: value });
  const folded = editor.folded.has(one.key);
  const add = (): void => {
    const made = tree.aspect(one.aspects.at(-1));
    const body = tree.changed<SubCriterion>(editor.body, one.key, ({ aspects: now }) => ({
      aspects: [...now, made],
    }));
    editor.change(body, `${made.key}-zh`);
  };
  return h(
    "section",
    { class: "ed-sub", id: one.key, key: one.key, "aria-label": `${text.subCriterion} ${one.id}` },
    h("div", { class: "ed-head" },
      h("button", { class: "ed-fold", type: "button", "aria-expanded": folded ? "false" : "true",
        "aria-label": `${folded ? text.unfold : text.fold} ${one.id}`,
        onclick: () => editor.toggle(editor.folded, one.key) }, folded ? "▸" : "▾"),
      field(`${one.key}-id`, text.id, one.id, put("id"), { bare: true, class: "is-id" }),
      field(`${one.key}-zh`, text.nameZh, one.zh, put("zh"), { bare: true, class: "is-name" }),
      field(`${one.key}-en`, text.nameEn, one.en, put("en"), { bare: true, class: "is-name" }),
      field(`${one.key}-day`, text.day, one.day, put("day"), { bare: true, silent: true, class: "is-day" }),
      h("p", { class: "ed-sum" }, sum(editor, one.key)),
      acts(editor, one.key, one.id)), // prettier-ignore
    !folded && one.aspects.length > 0 &&
      h("div", { class: "ed-line ed-titles", "aria-hidden": "true" },
        ...[text.aspect, text.type, text.descriptionZh, text.descriptionEn, text.max, text.section]
          .map((words) => h("span", null, words))), // prettier-ignore
    !folded &&
      h("ol", { class: "ed-aspects" },
        ...one.aspects.map((single, at) => aspect(editor, one, single, at))), // prettier-ignore
    !folded && h("div", { class: "ed-add" }, small(text.addAspect, add, one.id)),
  );
}
