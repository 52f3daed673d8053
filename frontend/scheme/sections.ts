// The sections of the occupational standard: declared marks beside what the aspects give. A
// variation is shown, never refused.
import { h, type VNode } from "../tablet/dom";
import type { Editor } from "./editor";
import { field, small } from "./fields";
import { newKey } from "./tree";
import type { Section } from "./types";

export function sections(editor: Editor): VNode {
  const { text, body } = editor;
  const add = (): void => {
    const number = String(Math.max(0, ...body.sections.map((one) => Number(one.number) || 0)) + 1);
    const made: Section = { key: newKey(), number, zh: "", en: "", marks: "" };
    const now = editor.body;
    editor.change({ ...now, sections: [...now.sections, made] }, `${made.key}-zh`);
  };
  return h(
    "section",
    { class: "ed-sections" },
    h("h2", null, text.sections),
    body.sections.length === 0 && h("p", { class: "ed-note" }, text.noSections),
    h("ol", null, ...body.sections.map((one) => row(editor, one))),
    small(text.addSection, add),
  );
}

function row(editor: Editor, one: Section): VNode {
  const { text } = editor;
  const found = editor.kept.now.state.report.sections.find((it) => it.number === one.number);
  const put = (part: keyof Section) => (value: string) =>
    editor.edit<Section>(one.key, { [part]: value });
  return h(
    "li",
    { id: one.key, key: one.key },
    field(`${one.key}-number`, text.sectionNumber, one.number, put("number"), { bare: true }),
    field(`${one.key}-zh`, text.nameZh, one.zh, put("zh"), { bare: true }),
    field(`${one.key}-en`, text.nameEn, one.en, put("en"), { bare: true }),
    field(`${one.key}-marks`, text.declared, one.marks, put("marks"), {
      bare: true,
      inputmode: "decimal",
    }),
    h("p", { class: "ed-note" }, `${text.marks} ${found?.marks ?? "0.00"}`,
      found?.variation ? ` · ${text.variation} ${found.variation}` : ""), // prettier-ignore
    small(text.remove, () => editor.remove(one.key), one.number),
  );
}
