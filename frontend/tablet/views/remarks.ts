// Notes and photos at an aspect: those the server told, and those that still wait on this tablet.
import type { App } from "../app";
import { h, type Kid, shape, type VNode } from "../dom";
import type { Open } from "../opened";
import { small } from "../../picture";
import { judged } from "../sheet";
import { MORE_TEXT } from "../text_more";
import type { Aspect, Remark } from "../types";
import { title } from "./dialogs";
import { clockTime } from "./format";
import { picture } from "./picture";

const LONGEST = 1_600; // px of a photo

/** All remarks at an aspect of the open work that this judge may see, oldest first. */
export function remarksOf(app: App, aspect: Aspect): Remark[] {
  const code = app.route.code ?? "";
  const told = app.works.get(code)?.work.cells[aspect.id]?.remarks ?? [];
  const mine = app.errands.waiting.filter(
    ({ kind, body }) => kind === "remark" && body["code"] === code && body["aspect"] === aspect.id,
  );
  const ended = new Set(mine.map((one) => one.body["takes_back"]));
  const waiting = mine
    .filter((one) => !one.body["takes_back"])
    .map((one): Remark => ({
      key: one.key,
      by: app.me.id,
      label: app.me.label,
      at: String(one.body["device_at"]),
      words: String(one.body["words"] ?? ""),
      photo: one.photo ? address(one.key, one.photo) : null,
      waits: true,
    }));
  const known = new Set(told.map((one) => one.key));
  return [...told, ...waiting.filter((one) => !known.has(one.key))].filter(
    (one) => !ended.has(one.key),
  );
}

const addresses = new Map<string, string>();

function address(key: string, photo: Blob): string {
  const known = addresses.get(key) ?? URL.createObjectURL(photo);
  addresses.set(key, known);
  return known;
}

export function remarksButton(app: App, aspect: Aspect): VNode {
  const text = MORE_TEXT[app.language];
  const found = remarksOf(app, aspect).length;
  return h(
    "button",
    {
      class: "t-notes",
      type: "button",
      key: "notes",
      "data-some": found > 0,
      onclick: () => app.show({ kind: "remarks", aspect, text: "", said: null }),
    },
    shape("note"),
    text.notes(found),
  );
}

export function remarks(app: App, open: Open<"remarks">): Kid[] {
  const text = MORE_TEXT[app.language];
  const { aspect } = open;
  const found = remarksOf(app, aspect);
  const work = app.work(app.route.code ?? "");
  const sealed = aspect.kind === "J" && !judged(work, aspect).agreed;
  return [
    title(app, text.notesTitle(`${app.route.code} · ${aspect.code}`)),
    h("p", { class: "soft" }, text.notesLead, sealed ? ` ${text.notesSealed}` : ""),
    found.length
      ? h(
          "ul",
          { class: "t-remarks", key: "list" },
          found.map((one) => remark(app, aspect, one)),
        )
      : h("p", { class: "soft", key: "none" }, text.noNotes),
    open.said
      ? h("p", { class: "notice", "data-kind": "refusal", role: "alert", key: "said" }, open.said)
      : null,
    h("textarea", {
      class: "textarea",
      key: "words",
      rows: 3,
      maxlength: 2000,
      "aria-label": text.write,
      placeholder: text.write,
      value: open.text,
      oninput: (event: Event) =>
        app.show({ ...open, text: (event.target as HTMLTextAreaElement).value }),
    }),
    h(
      "footer",
      { key: "acts" },
      h(
        "label",
        { class: "btn btn-quiet t-big t-photo" },
        shape("camera"),
        text.photo,
        h("input", {
          type: "file",
          id: "photo",
          accept: "image/*",
          capture: "environment",
          onchange: (event: Event) => void photograph(app, open, event.target as HTMLInputElement),
        }),
      ),
      h(
        "button",
        {
          class: "btn btn-primary t-big",
          type: "button",
          id: "save-note",
          disabled: !open.text.trim(),
          onclick: () => {
            void app.leave(aspect, { words: open.text.trim() });
            app.show({ ...open, text: "", said: null });
          },
        },
        text.saveNote,
      ),
    ),
  ];
}

async function photograph(app: App, open: Open<"remarks">, input: HTMLInputElement): Promise<void> {
  const file = input.files?.[0];
  input.value = "";
  if (!file) return;
  try {
    await app.leave(open.aspect, { words: open.text.trim() }, await small(file, LONGEST));
    app.show({ ...open, text: "", said: null });
  } catch {
    app.show({ ...open, said: MORE_TEXT[app.language].photoWrong });
  }
}

function remark(app: App, aspect: Aspect, one: Remark): VNode {
  const text = MORE_TEXT[app.language];
  return h(
    "li",
    { key: one.key },
    one.photo
      ? h(
          "button",
          {
            class: "t-thumb",
            type: "button",
            "aria-label": text.photoOf(one.label),
            onclick: () => {
              const items = [{ kind: "screenshot", type: "image/jpeg", url: one.photo! }];
              app.show({ kind: "evidence", aspect, items, at: 0 });
            },
          },
          picture(app, one.photo, ""),
        )
      : null,
    h(
      "div",
      null,
      one.words ? h("p", null, one.words) : null,
      h(
        "small",
        { class: "soft" },
        `${one.label} ${clockTime(one.at)}${one.waits ? ` · ${text.waits}` : ""}`,
      ),
    ),
    one.by === app.me.id && app.works.get(app.route.code ?? "")?.work.locked_at == null
      ? h(
          "button",
          {
            class: "btn btn-quiet",
            type: "button",
            onclick: () => void app.leave(aspect, { takes_back: one.key }),
          },
          text.takeBack,
        )
      : null,
  );
}
