// "This tablet": who is marking on it, when it was last in touch, language, look, the way out.
import type { App } from "../app";
import { h, type Kid } from "../dom";
import { title } from "./dialogs";
import { clockTime } from "./format";

export function tablet(app: App): Kid[] {
  const { text } = app;
  const facts = [
    [text.lastContact, app.heardAt ? clockTime(app.heardAt) : text.never],
    [text.unsent, String(app.outbox.posts.length)],
    [text.storage, app.persisted ? text.storageKept : text.storageMay],
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
        { class: "btn btn-quiet", type: "button", onclick: () => app.turnTheme() },
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
        text.fileSaved(app.saved.marks, app.saved.name))
    : null;
  if (unsent === 0) return [done];
  return [
    h(
      "section",
      { class: "t-file", key: "file" },
      h("p", { class: "soft" }, text.fileLead),
      h(
        "button",
        { class: "btn btn-quiet", type: "button", id: "save-file", onclick: () => void app.saveFile() },
        text.fileSave(unsent),
      ),
    ),
    done,
  ];
}
