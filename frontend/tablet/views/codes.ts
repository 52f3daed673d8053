// Unsent marks as a row of QR codes, for a device that reads them from this screen.
import { frames } from "../../frames";
import { qr } from "../../qr_code";
import type { App } from "../app";
import { h, type Kid, type VNode } from "../dom";
import type { Open } from "../opened";
import { outboxFile } from "../outbox_file";
import { CODES_TEXT } from "../text_codes";
import { title } from "./dialogs";

const PACES = [800, 500, 300, 200]; // ms that a code is shown; a camera looks some six times a second
let pace = 2;

export function codesButton(app: App): VNode {
  return h(
    "button",
    { class: "btn btn-quiet", type: "button", id: "show-codes", onclick: () => void show(app) },
    CODES_TEXT[app.language].show,
  );
}

async function show(app: App): Promise<void> {
  const waiting = app.errands.waiting;
  const at = new Date(app.time.now());
  const made = await outboxFile(app.db, app.owner, app.outbox.posts, waiting, at, false);
  const photos = waiting.filter((one) => one.kind === "remark" && one.photo).length;
  const { marks, notes } = made ?? { marks: 0, notes: 0 };
  const row = made ? frames(JSON.stringify(made.file)) : [];
  app.show({ kind: "codes", frames: row, marks, notes, photos });
}

export function codes(app: App, open: Open<"codes">): Kid[] {
  const text = CODES_TEXT[app.language];
  const step = (by: number, word: string): VNode =>
    h(
      "button",
      {
        class: "btn btn-quiet",
        type: "button",
        disabled: PACES[pace + by] === undefined,
        onclick: () => {
          pace += by;
          app.changed();
        },
      },
      word,
    );
  return [
    title(app, text.title),
    h("p", { class: "soft", key: "how" }, text.how),
    h("p", { key: "held" }, h("strong", null, text.held(open.marks, open.notes))),
    open.photos > 0
      ? h("p", { class: "notice", "data-kind": "warning", key: "photos" }, text.photos(open.photos))
      : null,
    open.frames.length > 0
      ? h("figure", {
          class: "t-codes",
          key: "codes",
          mount: (element) => turn(app, element, open.frames),
        })
      : null,
    h(
      "footer",
      null,
      h(
        "button",
        { class: "btn btn-quiet", type: "button", onclick: () => app.show({ kind: "tablet" }) },
        text.back,
      ),
      open.frames.length > 1 ? step(-1, text.slower) : null,
      open.frames.length > 1 ? step(1, text.faster) : null,
    ),
  ];
}

/** One code after the other while the figure is in the page. Its children are its own. */
function turn(app: App, figure: HTMLElement, row: string[]): void {
  let at = -1;
  const next = (): void => {
    if (!figure.isConnected) return;
    at = (at + 1) % row.length;
    const said = CODES_TEXT[app.language].one(at + 1, row.length);
    const caption = document.createElement("figcaption");
    caption.className = "figure";
    caption.textContent = said;
    figure.replaceChildren(caption, qr(row[at]!, "low", said));
    if (row.length > 1) setTimeout(next, PACES[pace]);
  };
  next();
}
