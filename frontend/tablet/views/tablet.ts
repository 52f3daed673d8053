// "This tablet": who is marking on it, when it was last in touch, language, look, the way out.
import { opensAgain } from "../../offline";
import { turn } from "../../theme";
import type { App } from "../app";
import { h, type Kid, shape, type VNode } from "../dom";
import { codesButton } from "./codes";
import { title } from "./dialogs";
import { SIZES, type Comfort } from "../comfort";
import { install, mayInstall } from "../install";
import { CODES_TEXT } from "../text_codes";
import { MORE_TEXT } from "../text_more";
import { clockTime } from "./format";

export function tablet(app: App): Kid[] {
  const { text } = app;
  const more = MORE_TEXT[app.language];
  const facts = [
    [text.lastContact, app.heardAt ? clockTime(app.heardAt) : text.never],
    [text.unsent, String(app.outbox.posts.length)],
    [text.storage, app.persisted ? text.storageKept : text.storageMay],
    [more.opens, more[`opens_${opensAgain()}`]],
  ];
  return [
    title(app, text.tablet),
    h("p", { class: "t-whom" }, text.tabletOf(app.me.label)),
    h(
      "dl",
      { class: "t-facts" },
      facts.map(([dt, dd]) => h("div", null, h("dt", null, dt), h("dd", null, dd))),
    ),
    ...[...app.outbox.others].map(([owner, n]) =>
      h(
        "p",
        { class: "notice", "data-kind": "warning", key: owner },
        text.othersWaiting(app.labels.get(owner) ?? text.another, n),
      ),
    ),
    ...file(app),
    comfort(app),
    storage(app),
    h(
      "footer",
      { class: "t-tools" },
      h(
        "button",
        {
          class: "btn btn-quiet",
          type: "button",
          id: "language",
          onclick: () => app.speak(app.language === "zh" ? "en" : "zh"),
        },
        text.language,
      ),
      h(
        "button",
        { class: "btn btn-quiet", type: "button", onclick: () => turn() },
        text.theme,
      ),
      h("a", { class: "btn btn-quiet", href: app.start.urls.home }, text.leave),
    ),
  ];
}

/** Unsent marks as a file; only while there are any. */
function file(app: App): Kid[] {
  const { text, outbox } = app;
  const unsent = [...outbox.others.values()].reduce((all, n) => all + n, outbox.posts.length);
  const done = app.saved
    ? h("p", { class: "notice", "data-kind": "success", key: "saved-file", role: "status" },
        text.fileSaved(app.saved.marks, app.saved.notes, app.saved.name))
    : null;
  const notes = app.errands.waiting.filter((one) => one.kind === "remark").length;
  if (unsent + notes === 0) return [done];
  return [
    h(
      "section",
      { class: "t-file", key: "file" },
      h("p", { class: "soft" }, text.fileLead),
      h(
        "button",
        { class: "btn btn-quiet", type: "button", id: "save-file", onclick: () => void app.saveFile() },
        text.fileSave(unsent, notes),
      ),
      h("p", { class: "soft" }, CODES_TEXT[app.language].lead),
      codesButton(app),
    ),
    done,
  ];
}

/** Hand, contrast, sound, vibration, size of letters. */
function comfort(app: App): VNode {
  const text = MORE_TEXT[app.language];
  const choice = (name: Exclude<keyof Comfort, "size">): VNode =>
    h(
      "button",
      {
        class: "t-chip",
        type: "button",
        key: name,
        id: `comfort-${name}`,
        "aria-pressed": String(app.comfort[name]),
        onclick: () => {
          app.suit({ [name]: !app.comfort[name] });
          app.buzz("tap");
        },
      },
      app.comfort[name] ? shape("yes") : null,
      text[name],
    );
  const at = SIZES.indexOf(app.comfort.size as (typeof SIZES)[number]);
  const size = (by: number, label: string, face: string): VNode =>
    h(
      "button",
      {
        class: "t-chip",
        type: "button",
        "aria-label": `${face} ${label}`,
        disabled: SIZES[at + by] === undefined,
        onclick: () => app.suit({ size: SIZES[at + by] ?? app.comfort.size }),
      },
      face,
    );
  return h(
    "section",
    { class: "t-comfort", key: "comfort", "aria-label": text.comfort },
    h("div", { class: "t-chips" }, choice("left"), choice("contrast"), choice("sound"), choice("shake")),
    h(
      "div",
      { class: "t-sizes", role: "group", "aria-label": text.size },
      h("span", null, text.size),
      size(-1, text.smaller, "A−"),
      h("b", { class: "figure" }, text.sizeIs(app.comfort.size)),
      size(1, text.larger, "A+"),
    ),
  );
}

/** Where the browser does not promise to keep marks, or would install the page: what to do. */
function storage(app: App): Kid {
  const text = MORE_TEXT[app.language];
  const ask = app.persisted === false;
  if (!ask && !mayInstall()) return null;
  return h(
    "section",
    { class: "t-file", key: "storage" },
    h("p", { class: "soft" }, text.installLead),
    mayInstall()
      ? h(
          "button",
          { class: "btn btn-quiet", type: "button", onclick: () => void install() },
          text.install,
        )
      : null,
    ask
      ? h(
          "button",
          { class: "btn btn-quiet", type: "button", onclick: () => void app.askStorage() },
          text.askStorage,
        )
      : null,
  );
}
