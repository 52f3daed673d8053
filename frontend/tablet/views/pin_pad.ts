// A PIN and its keys, as big as thumbs.
import { h, type Kid, shape, type VNode } from "../dom";

export interface Pad {
  title: string;
  typed: string;
  busy: boolean;
  said: Kid;
  words: { erase: string; others: string; open: string; opening: string };
  type: (text: string) => void;
  submit: () => void;
  leave: () => void;
}

export function pinPad(pad: Pad): VNode {
  const { typed, words } = pad;
  const key = (name: string, face: Kid = name): VNode =>
    h(
      "button",
      {
        class: "t-key",
        type: "button",
        key: `key-${name}`,
        disabled: pad.busy,
        "aria-label": name === "erase" ? words.erase : name,
        onclick: () => pad.type(name === "erase" ? typed.slice(0, -1) : typed + name),
      },
      face,
    );
  return h(
    "form",
    {
      class: "t-hall-pin",
      key: "pin",
      onsubmit: (event: Event) => {
        event.preventDefault();
        pad.submit();
      },
    },
    h("h1", null, pad.title),
    h("input", {
      class: "input t-hall-typed",
      type: "password",
      id: "pin",
      "aria-label": pad.title,
      inputmode: "numeric",
      autocomplete: "off",
      maxlength: 8,
      value: typed,
      mount: (element) => element.focus(),
      oninput: (event: Event) => pad.type((event.target as HTMLInputElement).value),
    }),
    pad.said,
    h(
      "div",
      { class: "t-keys" },
      [..."123456789"].map((digit) => key(digit)),
      h("span", { key: "none" }),
      key("0"),
      key("erase", shape("back")),
    ),
    h(
      "div",
      { class: "t-hall-acts" },
      h("button", { class: "btn btn-quiet", type: "button", onclick: pad.leave }, words.others),
      h(
        "button",
        { class: "btn btn-primary t-big", type: "submit", disabled: pad.busy || typed.length < 4 },
        pad.busy ? words.opening : words.open,
      ),
    ),
  );
}
