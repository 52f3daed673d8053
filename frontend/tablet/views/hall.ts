// The locked tablet of the hall: pairing, then the cards of the panel and the pad for a PIN.
import { pick } from "../../words";
import { h, type Kid, shape, type VNode } from "../dom";
import type { Hall } from "../hall";
import { MORE_TEXT } from "../text_more";
import { SIGNING_TEXT } from "../text_signing";
import type { Card } from "../types";
import { face } from "./face";
import { became, buttons } from "./help";
import { pinPad } from "./pin_pad";
import { signOff } from "./signing";

export function locked(hall: Hall): VNode {
  const { text, row, chosen, language, signing } = hall;
  return h(
    "div",
    { class: "t-hall", key: "hall" },
    h(
      "header",
      { class: "t-hall-top" },
      h(
        "p",
        null,
        row
          ? [h("b", null, text.tabletNo(row.number)), ` · ${row.skill.code} `]
          : h("b", null, "Podium"),
        row ? pick(row.skill, "name", language) : null,
      ),
      row
        ? h(
            "p",
            { class: "t-hall-link", role: "status" },
            h("i", { class: "t-dot", "data-waiting": hall.unsent > 0 }),
            hall.online ? text.online : text.offline,
            hall.unsent ? ` · ${text.unsent(hall.unsent)}` : "",
          )
        : null,
      h(
        "button",
        {
          class: "btn btn-quiet",
          type: "button",
          id: "language",
          onclick: () => hall.speak(language === "zh" ? "en" : "zh"),
        },
        language === "zh" ? "English" : "中文",
      ),
    ),
    row ? (signing ? signOff(hall, signing) : chosen ? pin(hall, chosen) : cards(hall)) : pairing(hall),
    row && !chosen && !signing?.signer ? help(hall) : null,
  );
}

/** Help without a judge: whoever stands at the tablet may need it at once. */
function help(hall: Hall): VNode {
  const text = MORE_TEXT[hall.language];
  return h(
    "section",
    { class: "t-hall-help", key: "help" },
    h(
      "button",
      {
        class: "btn btn-quiet",
        type: "button",
        id: "help",
        "aria-expanded": String(hall.helping),
        onclick: () => {
          hall.helping = !hall.helping;
          hall.redraw();
        },
      },
      shape("help"),
      text.help,
    ),
    hall.signing
      ? null
      : h(
          "button",
          {
            class: "btn btn-quiet",
            type: "button",
            id: "sign-off",
            onclick: () => hall.signOff(true),
          },
          shape("note"),
          SIGNING_TEXT[hall.language].open,
        ),
    hall.helping ? buttons(hall.language, (kind) => hall.call(kind)) : null,
    ...became(hall.errands, hall.language),
  );
}

function said(hall: Hall): Kid {
  const { said, language } = hall;
  if (!said) return null;
  const words = typeof said === "string" ? said : said[language];
  return h("p", { class: "notice", "data-kind": "refusal", role: "alert", key: "said" }, words);
}

function pairing(hall: Hall): VNode {
  const { text } = hall;
  return h(
    "form",
    {
      class: "t-hall-pair",
      key: "pairing",
      onsubmit: (event: Event) => {
        event.preventDefault();
        void hall.pair();
      },
    },
    h("h1", null, text.pairTitle),
    hall.ended
      ? h("p", { class: "notice", "data-kind": "warning", key: "ended" }, text.ended)
      : null,
    h("p", { class: "soft" }, text.pairLead),
    h("label", { for: "pairing-code" }, text.code),
    h("input", {
      class: "input mono t-hall-code",
      id: "pairing-code",
      value: hall.typed,
      maxlength: 12,
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      oninput: (event: Event) => hall.type((event.target as HTMLInputElement).value),
    }),
    said(hall),
    h(
      "button",
      { class: "btn btn-primary t-big", type: "submit", disabled: hall.busy || !hall.typed.trim() },
      hall.busy ? text.pairing : text.pairIt,
    ),
  );
}

function cards(hall: Hall): VNode {
  const { text, row } = hall;
  const judges = row?.judges ?? [];
  return h(
    "section",
    { class: "t-hall-who", key: "cards" },
    h("h1", null, text.whoMarks),
    h("p", { class: "soft" }, judges.length ? text.whoLead : text.noJudges),
    h(
      "ul",
      { class: "t-hall-cards" },
      judges.map((judge) =>
        h(
          "li",
          { key: String(judge.id) },
          h(
            "button",
            {
              class: "facet t-hall-card",
              type: "button",
              disabled: !judge.pin,
              onclick: () => hall.choose(judge),
            },
            face(hall.faces, judge),
            h("b", null, judge.label),
            judge.pin ? null : h("small", null, text.noPin),
          ),
        ),
      ),
    ),
  );
}

function pin(hall: Hall, judge: Card): VNode {
  const { text } = hall;
  return pinPad({
    title: text.pinOf(judge.label),
    typed: hall.typed,
    busy: hall.busy,
    said: said(hall),
    words: text,
    type: (typed) => hall.type(typed),
    submit: () => void hall.unlock(),
    leave: () => hall.choose(null),
  });
}
