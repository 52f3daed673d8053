// Opening a work: its label before the camera, its code typed, or its card confirmed.
import { Scanner } from "../../scanner";
import type { App } from "../app";
import { h, type Kid, shape, type VNode } from "../dom";
import type { Open } from "../opened";
import { SCAN_TEXT } from "../text_scan";
import { find } from "../work_code";
import { title } from "./dialogs";

export function scanButton(app: App): VNode {
  const text = SCAN_TEXT[app.language];
  return h(
    "button",
    {
      class: app.route.code ? "t-icon t-scan" : "btn btn-primary t-scan",
      type: "button",
      "aria-label": app.route.code ? text.scanThis : text.scan,
      onclick: () => app.show({ kind: "scan", text: "", said: null, camera: null }),
    },
    shape("scan"),
    app.route.code ? null : text.scan,
  );
}

/** What a scanned or typed code leads to: the sheet, or a sentence with both codes. */
export function take(app: App, code: string): void {
  const { pack, dialog, route } = app;
  if (!pack || dialog?.kind !== "scan") return;
  const text = SCAN_TEXT[app.language];
  const found = find(code, pack.skill.code, pack.codes, route.code);
  if ("open" in found) {
    app.buzz("right");
    app.open(found.open, route.sub);
    return;
  }
  const here = found.why === "other" ? route.code! : pack.skill.code;
  const said = text[`wrong_${found.why}`](found.wrong, here);
  if (said !== dialog.said) app.buzz("wrong");
  app.show({ ...dialog, said });
}

export function scan(app: App, open: Open<"scan">): Kid[] {
  const text = SCAN_TEXT[app.language];
  const { code } = app.route;
  const denied = open.camera as "insecure" | "none" | "denied" | null;
  return [
    title(app, code ? text.titleOther(code) : text.title),
    denied
      ? h("p", { class: "soft", key: "denied" }, text[`camera_${denied}`])
      : h("video", {
          class: "t-camera",
          key: "camera",
          playsinline: true,
          muted: true,
          "aria-hidden": "true",
          mount: (element) => look(app, element as HTMLVideoElement),
        }),
    open.said
      ? h("p", { class: "notice", "data-kind": "refusal", role: "alert", key: "said" }, open.said)
      : null,
    h(
      "form",
      {
        class: "t-scan-typed",
        key: "typed",
        onsubmit: (event: Event) => {
          event.preventDefault();
          take(app, open.text);
        },
      },
      h("label", { for: "work-code" }, text.code),
      h("input", {
        class: "input mono",
        id: "work-code",
        value: open.text,
        maxlength: 40,
        autocomplete: "off",
        autocapitalize: "characters",
        spellcheck: "false",
        oninput: (event: Event) =>
          app.show({ ...open, text: (event.target as HTMLInputElement).value, said: null }),
      }),
      h(
        "button",
        { class: "btn btn-primary t-big", type: "submit", disabled: !open.text.trim() },
        code ? text.right(open.text.trim().toUpperCase() || code) : text.check,
      ),
    ),
  ];
}

/** The camera runs while its picture is in the page. */
function look(app: App, video: HTMLVideoElement): void {
  const scanner = new Scanner(video, (text) => take(app, text));
  void scanner.start().then((camera) => {
    if (camera && app.dialog?.kind === "scan") app.show({ ...app.dialog, camera });
  });
  const watch = setInterval(() => {
    if (video.isConnected) return;
    clearInterval(watch);
    scanner.stop();
  }, 250);
}

export function pick(app: App, open: Open<"pick">): Kid[] {
  const text = SCAN_TEXT[app.language];
  return [
    title(app, text.pickTitle),
    h("p", { class: "soft" }, text.pickLead),
    h("p", { class: "t-dialog-code" }, h("strong", null, open.code)),
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
          id: "pick",
          mount: (element) => element.focus(),
          onclick: () => app.open(open.code, open.sub),
        },
        text.pickIt(open.code),
      ),
    ),
  ];
}
