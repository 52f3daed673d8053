// Sign-off on the locked tablet: sub-criteria, the sheets of one, whose PIN, and what they sign.
import { pick } from "../../words";
import { h, type Kid, shape, type VNode } from "../dom";
import type { Hall } from "../hall";
import type { Counts, Person, SheetState, Shown, Signing, SubState } from "../signing";
import { face } from "./face";
import { pinPad } from "./pin_pad";

const STEPS = ["marking", "judges", "competitor", "chief"] as const;

export function signOff(hall: Hall, signing: Signing): VNode {
  if (signing.signer) return signing.shown ? review(hall, signing) : pin(hall, signing);
  return signing.sub === null ? subs(hall, signing) : sheets(hall, signing);
}

function said(hall: Hall, signing: Signing): Kid {
  const words = signing.said;
  if (words) {
    const text = typeof words === "string" ? words : words[hall.language];
    return h("p", { class: "notice", "data-kind": "refusal", role: "alert", key: "said" }, text);
  }
  const { done, text } = signing;
  if (!done) return null;
  const told = text.done(signing.nameOf(done.signer), done.count);
  return h("p", { class: "notice", "data-kind": "success", role: "status", key: "done" }, told);
}

function back(words: string, onclick: () => void): VNode {
  return h(
    "button",
    { class: "btn btn-quiet t-sign-back", type: "button", key: "back", onclick },
    shape("back"),
    words,
  );
}

function page(hall: Hall, signing: Signing, key: string, leave: VNode, ...kids: (Kid | Kid[])[]): VNode {
  const locked = signing.told?.locked
    ? h("p", { class: "notice", "data-kind": "info", key: "locked" }, signing.text.locked)
    : null;
  return h("section", { class: "t-sign", key }, leave, said(hall, signing), locked, ...kids);
}

function subs(hall: Hall, signing: Signing): VNode {
  const { text, told } = signing;
  return page(
    hall,
    signing,
    "sign-subs",
    back(text.back, () => hall.signOff(false)),
    h("h1", null, text.title),
    h("p", { class: "soft" }, text.lead),
    told
      ? h(
          "ul",
          { class: "t-sign-subs" },
          told.subs.map((one) => subLine(hall, signing, one)),
        )
      : signing.busy
        ? h("p", { class: "soft" }, text.loading)
        : null,
  );
}

function subLine(hall: Hall, signing: Signing, one: SubState): VNode {
  const { text } = signing;
  const { counts } = one;
  const all = STEPS.reduce((sum, step) => sum + counts[step], counts.signed);
  return h(
    "li",
    { key: String(one.id) },
    h(
      "button",
      { class: "facet t-sign-sub", type: "button", onclick: () => void signing.go(one.id) },
      h("b", null, h("span", { class: "mono" }, one.code), ` ${pick(one, "name", hall.language)}`),
      h(
        "span",
        { class: "t-sign-counts" },
        one.locked ? h("span", { class: "t-sign-chip", "data-state": "signed" }, text.subLocked) : null,
        h(
          "span",
          { class: "t-sign-chip", "data-state": counts.signed === all ? "signed" : "some" },
          text.signedOf(counts.signed, all),
        ),
        STEPS.filter((step) => counts[step]).map((step) =>
          h("span", { class: "t-sign-chip", "data-state": step }, text[step](counts[step])),
        ),
      ),
    ),
  );
}

function sheets(hall: Hall, signing: Signing): VNode {
  const { text, told } = signing;
  const sub = told?.subs.find((one) => one.id === signing.sub);
  if (!told || !sub) {
    const loading = signing.busy ? h("p", { class: "soft" }, text.loading) : null;
    return page(hall, signing, "sign-sheets", back(text.allSubs, () => void signing.go(null)), loading);
  }
  const open = !told.locked && !sub.locked;
  return page(
    hall,
    signing,
    "sign-sheets",
    back(text.allSubs, () => void signing.go(null)),
    h("h1", null, `${sub.code} ${pick(sub, "name", hall.language)}`),
    h(
      "ul",
      { class: "t-sign-sheets" },
      told.sheets.map((one) => sheetLine(signing, one)),
    ),
    open
      ? [
          h("h2", null, text.who),
          h("ul", { class: "t-hall-cards" }, told.people.map((one) => card(hall, signing, one))),
        ]
      : null,
    open && told.competitors.length ? competitors(signing, told.competitors) : null,
  );
}

function sheetLine(signing: Signing, one: SheetState): VNode {
  const { text } = signing;
  const state: keyof Counts = one.state;
  const names = one.signed.map((row) => {
    if (row.role === "chief") return `✓ ${text.theChief(row.who)}`;
    if (row.role === "judge") return `✓ ${row.who}`;
    return row.remark ? text.competitorNot(row.remark) : `✓ ${text.theCompetitor}`;
  });
  const lacks = [
    one.unmarked.length && text.unmarked(one.unmarked.join(" ")),
    one.differing.length && text.differing(one.differing.join(" ")),
    one.unconfirmed && text.unconfirmed,
    state === "judges" && text.stillJudges(one.judges.join(" · ")),
  ].filter(Boolean) as string[];
  return h(
    "li",
    { key: one.code, "data-state": state },
    h("strong", { class: "mono" }, one.code),
    h("span", { class: "t-sign-chip", "data-state": state }, text[`state_${state}`]),
    lacks.length ? h("span", null, lacks.join(" · ")) : null,
    names.length ? h("span", { class: "soft" }, names.join(" · ")) : null,
  );
}

function card(hall: Hall, signing: Signing, one: Person): VNode {
  const { text } = signing;
  const note = one.waits ? text.waits(one.waits) : text.waitsNot;
  return h(
    "li",
    { key: `${one.role}-${one.id}` },
    h(
      "button",
      {
        class: "facet t-hall-card t-sign-card",
        type: "button",
        disabled: !one.pin || !one.waits,
        onclick: () => signing.choose(one),
      },
      face(hall.faces, one),
      h("b", null, one.label),
      one.role === "chief" ? h("small", null, text.chiefCard) : null,
      h("small", null, one.pin ? note : text.noPin),
    ),
  );
}

function competitors(signing: Signing, codes: string[]): Kid[] {
  const { text } = signing;
  return [
    h("h2", { key: "own" }, text.competitors),
    h("p", { class: "soft", key: "own-lead" }, text.competitorsLead),
    h(
      "ul",
      { class: "t-sign-codes", key: "own-codes" },
      codes.map((code) =>
        h(
          "li",
          { key: code },
          h(
            "button",
            {
              class: "btn btn-quiet t-big mono",
              type: "button",
              "aria-label": text.competitorOf(code),
              onclick: () => signing.choose({ role: "competitor", code }),
            },
            code,
          ),
        ),
      ),
    ),
  ];
}

function pin(hall: Hall, signing: Signing): VNode {
  const { text, signer } = signing;
  return pinPad({
    title: text.pinOf(signer ? signing.nameOf(signer) : ""),
    typed: signing.typed,
    busy: signing.busy,
    said: said(hall, signing),
    words: { erase: hall.text.erase, others: text.back, open: text.look, opening: text.looking },
    type: (typed) => signing.type(typed),
    submit: () => void signing.look(),
    leave: () => signing.choose(null),
  });
}

function review(hall: Hall, signing: Signing): VNode {
  const { text, signer } = signing;
  const shown = signing.shown ?? [];
  const count = signing.ticked.length;
  return page(
    hall,
    signing,
    "sign-review",
    back(text.back, () => signing.choose(null)),
    h("h1", null, signer ? signing.nameOf(signer) : ""),
    h(
      "p",
      { class: "soft" },
      shown.length === 0
        ? text.nothing
        : signer?.role === "competitor"
          ? text.reviewOwn
          : text.reviewLead,
    ),
    h("div", { class: "t-sign-shown" }, shown.map((one) => shownSheet(hall, signing, one))),
    shown.length
      ? h(
          "div",
          { class: "t-sign-act" },
          h(
            "button",
            {
              class: "btn btn-primary t-big",
              type: "button",
              id: "sign",
              disabled: signing.busy || count === 0,
              onclick: () => void signing.sign(),
            },
            signing.busy ? text.signing : text.sign(count),
          ),
        )
      : null,
  );
}

function shownSheet(hall: Hall, signing: Signing, one: Shown): VNode {
  const { text, signer } = signing;
  const words = ` ${one.code} · ${one.sub.code} ${pick(one.sub, "name", hall.language)}`;
  const chosen = !signing.unticked.has(one.digest);
  return h(
    "article",
    { class: "facet", key: one.digest },
    h(
      "label",
      { class: "t-sign-pick" },
      // A competitor signs what the panel has signed, whole: there is nothing to choose.
      signer?.role === "competitor"
        ? null
        : h("input", {
            type: "checkbox",
            class: "checkbox",
            checked: chosen,
            onchange: () => signing.tick(one.digest),
          }),
      h("b", null, words),
      h("span", { class: "figure" }, text.total(one.total)),
    ),
    h(
      "ul",
      { class: "t-review" },
      one.aspects.map((aspect) =>
        h(
          "li",
          { key: aspect.code },
          h("span", { class: "mono" }, aspect.code),
          h("span", null, pick(aspect, "name", hall.language)),
          h("small", { class: "soft" }, `/ ${aspect.max}`),
          h("b", { class: "figure" }, `${aspect.mark}${aspect.star ? " ★" : ""}`),
        ),
      ),
    ),
  );
}
