// The fields of a measurement's calculation, and beside them the marks that it gives.
import { h, type VNode } from "../tablet/dom";
import type { Editor } from "./editor";
import { box, choice, field, small } from "./fields";
import type { Aspect, Calculation } from "./types";

const KINDS = [
  "PASS_FAIL",
  "NUMBER_COMPLETED",
  "CHOICE",
  "RANGED_SCORE",
  "REGULAR_DIFFERENCE_DEDUCTION",
  "PARTIAL_MARK",
] as const;
const NAMED = new Set(["PASS_FAIL", "CHOICE"]); // every value they have is shown
const OPTION = { number: "", label: "", deduction: "" };
const BAND = { lower: "", upper: "", deduction: "" };

export function calculation(editor: Editor, one: Aspect): VNode {
  const { text } = editor;
  const typed = one.calculation;
  const known = KINDS.find((kind) => kind === typed.kind);
  const kinds = KINDS.map((kind): [string, string] => [kind, text[kind]]);
  if (!known) kinds.unshift([typed.kind, `${typed.kind} · ${text.unknownKind}`]);
  return h(
    "fieldset",
    { class: "ed-calculation" },
    h("legend", null, text.calculation),
    h(
      "div",
      { class: "ed-fields" },
      choice(`${one.key}-kind`, text.calculation, typed.kind, kinds, (kind) =>
        set(editor, one, (now) => started(kind, now)), { bare: true }, // prettier-ignore
      ),
      ...(known ? FIELDS[known](editor, one) : []),
    ),
    shown(editor, one),
  );
}

/** What a kind begins with; fields of the same name stay. */
function started(kind: string, typed: Calculation): Calculation {
  const next: Calculation = { ...typed, kind };
  if (kind === "CHOICE" && !next.options?.length) {
    next.options = [
      { ...OPTION, number: "1", deduction: "0" },
      { ...OPTION, number: "2" },
    ];
  }
  if (kind === "RANGED_SCORE" && !next.bands?.length) next.bands = [{ ...BAND, deduction: "0" }];
  return next;
}

function set(editor: Editor, one: Aspect, next: (now: Calculation) => Calculation): void {
  editor.edit<Aspect>(one.key, (now) => ({ calculation: next(now.calculation) }));
}

type Name = "of" | "target" | "step" | "deduction";

function number(editor: Editor, one: Aspect, name: Name, label: string, cis: string): VNode {
  const id = `${one.key}-${name}`;
  return field(id, label, one.calculation[name] ?? "", (value) =>
    set(editor, one, (now) => ({ ...now, [name]: value })),
  { inputmode: "decimal", hint: cis }); // prettier-ignore
}

function tick(editor: Editor, one: Aspect, name: "percent" | "started", label: string): VNode {
  return box(`${one.key}-${name}`, label, !!one.calculation[name], (on) =>
    set(editor, one, (now) => ({ ...now, [name]: on ? "1" : "" })),
  );
}

const FIELDS: Record<(typeof KINDS)[number], (editor: Editor, one: Aspect) => VNode[]> = {
  PASS_FAIL: () => [],
  NUMBER_COMPLETED: (editor, one) => [number(editor, one, "of", editor.text.of, "NUM_POSSIBLE")],
  CHOICE: (editor, one) => [tick(editor, one, "percent", editor.text.percent), options(editor, one)],
  RANGED_SCORE: (editor, one) => [
    number(editor, one, "target", editor.text.target, "TARGET_VALUE"),
    tick(editor, one, "percent", editor.text.percent),
    bands(editor, one),
    h("p", { class: "ed-note" }, editor.text.ranged),
  ],
  REGULAR_DIFFERENCE_DEDUCTION: (editor, one) => [
    number(editor, one, "target", editor.text.target, "TARGET_VALUE"),
    number(editor, one, "step", editor.text.step, "DIFFERENCE"),
    number(editor, one, "deduction", editor.text.deduction, "DEDUCTION"),
    tick(editor, one, "percent", editor.text.percent),
    tick(editor, one, "started", editor.text.started),
  ],
  PARTIAL_MARK: (editor, one) => [number(editor, one, "step", editor.text.stepMarks, "STEP")],
};

function options(editor: Editor, one: Aspect): VNode {
  const { text } = editor;
  const rows = one.calculation.options ?? [];
  const put = (next: (now: typeof rows) => typeof rows): void =>
    set(editor, one, (now) => ({ ...now, options: next(now.options ?? []) }));
  const next = String(Math.max(0, ...rows.map((row) => Number(row.number) || 0)) + 1);
  return list(
    rows.map((row, at) => [
      h("span", { class: "ed-number" }, row.number),
      field(`${one.key}-label-${at}`, text.label, row.label, (label) =>
        put((now) => now.with(at, { ...(now[at] ?? row), label })),
      ),
      field(`${one.key}-off-${at}`, text.deduction, row.deduction, (deduction) =>
        put((now) => now.with(at, { ...(now[at] ?? row), deduction })),
      { inputmode: "decimal" }), // prettier-ignore
      small(text.remove, () => put((now) => now.toSpliced(at, 1)), text.optionNumber(row.number)),
    ]),
    small(text.addOption, () => put((now) => [...now, { ...OPTION, number: next }])),
  );
}

function bands(editor: Editor, one: Aspect): VNode {
  const { text } = editor;
  const rows = one.calculation.bands ?? [];
  const put = (next: (now: typeof rows) => typeof rows): void =>
    set(editor, one, (now) => ({ ...now, bands: next(now.bands ?? []) }));
  const parts = ["lower", "upper", "deduction"] as const;
  return list(
    rows.map((row, at) => [
      ...parts.map((part) =>
        field(`${one.key}-${part}-${at}`, text[part], row[part], (value) =>
          put((now) => now.with(at, { ...(now[at] ?? row), [part]: value })),
        { inputmode: "decimal" }), // prettier-ignore
      ),
      small(text.remove, () => put((now) => now.toSpliced(at, 1)), String(at + 1)),
    ]),
    small(text.addBand, () => put((now) => [...now, { ...BAND }])),
  );
}

function list(rows: VNode[][], add: VNode): VNode {
  const lines = rows.map((row) => h("li", null, ...row));
  return h("div", { class: "ed-list" }, h("ol", null, ...lines), add);
}

/** The marks of telling values, and of one that somebody tries. */
function shown(editor: Editor, one: Aspect): VNode {
  const { text, lang } = editor;
  const { answer, fresh } = editor.worked.of(one);
  const asked = answer?.asked;
  const rows = answer?.rows ?? [];
  return h(
    "div",
    { class: "ed-worked", "data-fresh": fresh ? "yes" : "no", "aria-live": "polite" },
    h("p", { class: "ed-worked-title" }, text.examples),
    answer === null && fresh && h("p", { class: "ed-note" }, text.unreachable),
    answer?.problem && h("p", { class: "ed-problem" }, answer.problem[lang]),
    rows.length > 0 &&
      h(
        "table",
        null,
        h("thead", null, h("tr", null, h("th", { scope: "col" }, text.value),
          h("th", { scope: "col" }, text.mark))), // prettier-ignore
        h("tbody", null, ...rows.map((row) =>
          h("tr", { title: row[lang] }, h("td", null, said(editor, one, row.value)),
            h("td", { class: "num" }, row.mark)))), // prettier-ignore
      ),
    rows.length > 0 && !NAMED.has(one.calculation.kind) &&
      field(`${one.key}-try`, text.tryValue, editor.worked.tried.get(one.key) ?? "", (value) => {
        editor.worked.tried.set(one.key, value);
        editor.draw();
      }, { inputmode: "decimal" }), // prettier-ignore
    asked && h("output", { class: "ed-asked" }, asked.mark ? `${asked.mark} · ` : "", asked[lang]),
  );
}

function said(editor: Editor, one: Aspect, value: string): string {
  const { met, notMet } = editor.text;
  if (one.calculation.kind === "PASS_FAIL") return value === "1" ? met : notMet;
  if (one.calculation.kind !== "CHOICE") return value;
  return one.calculation.options?.find((row) => row.number === value)?.label ?? value;
}
