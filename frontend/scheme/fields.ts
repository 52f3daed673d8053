// Fields of the editor: each has a label of its own, whether it shows or not.
import { h, type Props, type VNode } from "../tablet/dom";

interface More {
  bare?: boolean; // the label is for screen readers only
  inputmode?: string;
  hint?: string;
  class?: string;
  rows?: number;
  onkeydown?: (event: KeyboardEvent) => void;
  wrong?: boolean;
  silent?: boolean; // too narrow for its label: what stands above or before it says what it is
}

export function field(
  id: string,
  label: string,
  value: string,
  put: (value: string) => void,
  more: More = {},
): VNode {
  const props: Props = {
    class: more.rows ? "textarea" : "input",
    id,
    value,
    autocomplete: "off",
    "aria-label": more.bare ? label : undefined,
    placeholder: more.bare && !more.silent ? label : undefined,
    inputmode: more.inputmode,
    rows: more.rows,
    "aria-invalid": more.wrong ? "true" : undefined,
    oninput: (event: InputEvent) => put((event.target as HTMLInputElement).value),
  };
  if (more.onkeydown) props.onkeydown = more.onkeydown;
  const input = h(more.rows ? "textarea" : "input", props);
  const style = `ed-field ${more.class ?? ""}`;
  if (more.bare) return h("div", { class: style, "data-label": label }, input);
  const hint = more.hint && h("small", { class: "ed-cis" }, more.hint);
  return h("div", { class: style }, h("label", { for: id }, label, " ", hint || null), input);
}

export function choice(
  id: string,
  label: string,
  value: string,
  options: [string, string][],
  put: (value: string) => void,
  more: More = {},
): VNode {
  return h(
    "div",
    { class: `ed-field ${more.class ?? ""}` },
    more.bare ? null : h("label", { for: id }, label),
    h(
      "select",
      {
        class: "select",
        id,
        value,
        "aria-label": more.bare ? label : undefined,
        mount: (element) => ((element as HTMLSelectElement).value = value),
        onchange: (event: Event) => put((event.target as HTMLSelectElement).value),
      },
      ...options.map(([name, words]) => h("option", { value: name }, words)),
    ),
  );
}

export function box(id: string, label: string, on: boolean, put: (on: boolean) => void): VNode {
  return h(
    "label",
    { class: "ed-box" },
    h("input", {
      class: "checkbox",
      type: "checkbox",
      id,
      checked: on,
      onchange: (event: Event) => put((event.target as HTMLInputElement).checked),
    }),
    h("span", null, label),
  );
}

/** A small button; `of` says what it acts on to who does not see where it stands. */
export function small(label: string, onclick: () => void, of = ""): VNode {
  const name = of ? `${label}: ${of}` : undefined;
  return h("button", { class: "ed-small", type: "button", onclick, "aria-label": name }, label);
}
