// What opens over the sheet: reasons, number pad, evidence, lists to hold, what did not count.
import { pick as words } from "../../words";
import type { App } from "../app";
import { h, type Kid, type Props, shape, type VNode } from "../dom";
import { holdable } from "../hold";
import type { Open } from "../opened";
import { aspectOf, measured, measurements, openProposals, points, restOf } from "../sheet";
import type { Aspect, SubCriterion } from "../types";
import { codes } from "./codes";
import { isPicture, kindWord } from "./evidence";
import { judgeName, valueWords } from "./format";
import { help } from "./help";
import { matrix } from "./matrix";
import { pad } from "./pad";
import { load, picture } from "./picture";
import { remarks } from "./remarks";
import { pick, scan } from "./scan";
import { tablet } from "./tablet";

export function dialog(app: App): VNode | null {
  const open = app.dialog;
  if (!open) return null;
  const body = {
    reason: () => reason(app, open as Open<"reason">),
    pad: () => pad(app, open as Open<"pad">),
    evidence: () => pieces(app, open as Open<"evidence">),
    proposals: () => proposals(app, (open as Open<"proposals">).sub),
    rest: () => rest(app, (open as Open<"rest">).sub),
    pick: () => pick(app, open as Open<"pick">),
    remarks: () => remarks(app, open as Open<"remarks">),
    help: () => help(app, open as Open<"help">),
    matrix: () => matrix(app),
    scan: () => scan(app, open as Open<"scan">),
    confirm: () => confirm(app, (open as Open<"confirm">).sub),
    asides: () => asides(app),
    tablet: () => tablet(app),
    codes: () => codes(app, open as Open<"codes">),
  }[open.kind]();
  return h(
    "dialog",
    {
      class: "t-dialog",
      key: `dialog-${open.kind}`,
      "data-kind": open.kind,
      mount: (element) => (element as HTMLDialogElement).showModal(),
      oncancel: (event: Event) => {
        event.preventDefault();
        app.show(null);
      },
      onclick: (event: Event) => {
        if (event.target === event.currentTarget) app.show(null); // beside the sheet
      },
    },
    h("div", { class: "t-dialog-body" }, body),
  );
}

export function title(app: App, words: string): VNode {
  return h(
    "header",
    { class: "t-dialog-title" },
    h("h2", null, words),
    h(
      "button",
      {
        class: "t-icon",
        type: "button",
        "aria-label": app.text.close,
        onclick: () => app.show(null),
      },
      shape("no"),
    ),
  );
}

function held(app: App, words: string, extra: string, then: () => void): VNode {
  const onheld = (): void => {
    app.buzz("held");
    then();
  };
  return h(
    "button",
    { class: "btn btn-primary t-hold", type: "button", mount: holdable, onheld, key: "hold" },
    h("span", null, words),
    h("small", null, extra),
  );
}

function reason(app: App, open: Open<"reason">): Kid[] {
  const { text } = app;
  const { aspect, value } = open;
  const cell = measured(app.work(app.route.code ?? ""), aspect);
  const write = (words: string): void => app.show({ ...open, text: words });
  const toggle = (chip: string): void => {
    const parts = open.text.split("；").filter(Boolean);
    write(
      (parts.includes(chip) ? parts.filter((one) => one !== chip) : [...parts, chip]).join("；"),
    );
  };
  return [
    title(app, text.reasonTitle),
    h(
      "p",
      { class: "t-asked" },
      h("span", { class: "mono" }, aspect.code),
      ` ${words(aspect, "name", app.language)}`,
    ),
    h(
      "dl",
      { class: "t-compare" },
      h(
        "div",
        null,
        h("dt", null, text.reasonMachine),
        h("dd", { class: "figure" }, valueWords(app, aspect, cell.proposal?.value ?? null)),
      ),
      h(
        "div",
        null,
        h("dt", null, text.reasonYours),
        h("dd", { class: "figure" }, valueWords(app, aspect, value)),
      ),
    ),
    h(
      "div",
      { class: "t-chips" },
      text.chips.split("|").map((chip) =>
        h(
          "button",
          {
            class: "t-chip",
            type: "button",
            key: chip,
            "aria-pressed": String(open.text.split("；").includes(chip)),
            onclick: () => toggle(chip),
          },
          chip,
        ),
      ),
    ),
    h("textarea", {
      class: "textarea",
      rows: 3,
      maxlength: 2000,
      "aria-label": text.reasonTitle,
      placeholder: text.reasonPlaceholder,
      value: open.text,
      oninput: (event: Event) => write((event.target as HTMLTextAreaElement).value),
    }),
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
          disabled: !open.text.trim(),
          onclick: () => app.give.measure(aspect, value, open.text.trim(), open.observed),
        },
        open.text.trim() ? text.saveMark : text.reasonNeeded,
      ),
    ),
  ];
}

function pieces(app: App, open: Open<"evidence">): Kid[] {
  const { items, at, aspect } = open;
  const one = items[at];
  if (!one) return [];
  const turn = (step: number): VNode =>
    h(
      "button",
      {
        class: "btn btn-quiet",
        type: "button",
        disabled: !items[at + step],
        onclick: () => app.show({ ...open, at: at + step }),
        "aria-label": String(at + step + 1),
      },
      shape(step < 0 ? "back" : "next"),
    );
  return [
    title(app, `${aspect?.code ?? app.route.code} · ${kindWord(app, one)}`),
    one.kind === "contact"
      ? h(
          "div",
          { class: "t-scroll", key: one.url, tabindex: 0 },
          picture(app, one.url, kindWord(app, one)),
        )
      : isPicture(one)
      ? picture(app, one.url, kindWord(app, one), "t-picture")
      : one.type.startsWith("video/")
        ? h("video", {
            class: "t-picture",
            key: one.url,
            ...from(app, one.url),
            controls: true,
            playsinline: true,
          })
        : h("iframe", {
            class: "t-text",
            key: one.url,
            ...from(app, one.url),
            sandbox: "",
            title: kindWord(app, one),
          }),
    items.length > 1
      ? h(
          "footer",
          null,
          turn(-1),
          h("span", { class: "figure" }, `${at + 1} / ${items.length}`),
          turn(1),
        )
      : null,
  ];
}

/** Where a film or a text comes from; a tablet of the hall fetches it by its token. */
function from(app: App, url: string): Props {
  if (!app.start.hall) return { src: url, mount: playQuietly };
  const mount = (element: HTMLElement): void => {
    void load(app, url).then((found) => {
      if (found) (element as HTMLVideoElement).src = found;
      playQuietly(element);
    });
  };
  return { mount };
}

/** A film begins by itself and without a sound; where the tablet forbids that, a tap starts it. */
function playQuietly(film: HTMLElement): void {
  if (!(film instanceof HTMLVideoElement)) return;
  film.muted = true;
  film.play().catch(() => undefined);
}

function proposals(app: App, sub: SubCriterion): Kid[] {
  const { text } = app;
  const work = app.work(app.route.code ?? "");
  const open = openProposals(work, sub);
  return [
    title(app, text.confirmAllTitle),
    h("p", { class: "soft" }, `${app.route.code} · ${sub.code} · ${text.confirmAllLead}`),
    table(app, open, (aspect) =>
      valueWords(app, aspect, measured(work, aspect).proposal?.value ?? null),
    ),
    h(
      "footer",
      null,
      h(
        "button",
        { class: "btn btn-quiet", type: "button", onclick: () => app.show(null) },
        text.cancel,
      ),
      held(app, text.holdAll(open.length), text.hold, () => app.give.acceptProposals(sub)),
    ),
  ];
}

/** "The rest is met": what it will set, aspect by aspect, and then only by holding. */
function rest(app: App, sub: SubCriterion): Kid[] {
  const { text } = app;
  const open = restOf(app.work(app.route.code ?? ""), sub);
  return [
    title(app, text.restTitle),
    h("p", { class: "soft" }, `${app.route.code} · ${sub.code} · ${text.restLead}`),
    table(app, open, (aspect) => valueWords(app, aspect, aspect.max)),
    h(
      "footer",
      null,
      h(
        "button",
        { class: "btn btn-quiet", type: "button", onclick: () => app.show(null) },
        text.cancel,
      ),
      held(app, text.restHold(open.length), text.hold, () => app.give.restIsMet(sub)),
    ),
  ];
}

function confirm(app: App, sub: SubCriterion): Kid[] {
  const { text } = app;
  const work = app.work(app.route.code ?? "");
  return [
    title(app, text.confirmTitle(sub.code)),
    h("p", { class: "t-dialog-code" }, h("strong", null, app.route.code)),
    h("p", { class: "soft" }, text.confirmLead),
    table(
      app,
      measurements(sub),
      (aspect) => valueWords(app, aspect, measured(work, aspect).head?.value ?? null),
      (aspect) => {
        const { head, weighed } = measured(work, aspect);
        const agreed = weighed != null && weighed === head?.value;
        return `${judgeName(app, head?.by ?? null)}${agreed ? ` + ${text.auto}` : ""}`;
      },
    ),
    h(
      "footer",
      null,
      h(
        "button",
        { class: "btn btn-quiet", type: "button", onclick: () => app.show(null) },
        text.cancel,
      ),
      held(app, text.holdSheet, text.hold, () => app.give.confirm(sub)),
    ),
  ];
}

function table(
  app: App,
  aspects: Aspect[],
  value: (aspect: Aspect) => string,
  who: (aspect: Aspect) => string = () => "",
): VNode {
  return h(
    "ul",
    { class: "t-review" },
    aspects.map((aspect) =>
      h(
        "li",
        { key: String(aspect.id) },
        h("span", { class: "mono" }, aspect.code),
        h("span", null, words(aspect, "name", app.language)),
        h("small", { class: "soft" }, who(aspect)),
        h("b", { class: "figure" }, value(aspect)),
      ),
    ),
  );
}

function asides(app: App): Kid[] {
  const { text, pack } = app;
  return [
    title(app, text.asideTitle),
    h("p", { class: "soft" }, text.asideLead),
    h(
      "ul",
      { class: "t-asides" },
      app.outbox.asides.map(({ key, post, sentence }) => {
        const aspect = pack && post.aspect ? aspectOf(pack, post.aspect)?.aspect : null;
        const value = post.value ?? null;
        const shown =
          aspect?.kind === "J" ? String(value ?? "—") : value === null ? "—" : points(value);
        return h(
          "li",
          { key },
          h(
            "b",
            null,
            `${post.code} · ${aspect?.code ?? text.confirmation}${aspect ? ` · ${shown}` : ""}`,
          ),
          h("p", null, sentence[app.language]),
          h(
            "button",
            { class: "btn btn-quiet", type: "button", onclick: () => void app.outbox.dismiss(key) },
            text.understood,
          ),
        );
      }),
    ),
  ];
}
