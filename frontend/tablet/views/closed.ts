// What a judge is told of a sheet after marking: signed or locked, opened again, and where it is signed.
import type { App } from "../app";
import { h, type Kid, shape, type VNode } from "../dom";
import { closedBy, reopenedBy } from "../sheet";
import { CLOSED_TEXT } from "../text_closed";
import type { Cell, SubCriterion, Work } from "../types";
import { clockTime } from "./format";

/** Why its buttons rest and who can open it; or that it was opened again, and why. A locked skill has
    its banner. */
export function closing(app: App, work: Work | null, sub: SubCriterion): VNode | null {
  const text = CLOSED_TEXT[app.language];
  const why = closedBy(work, sub);
  const again = reopenedBy(work, sub);
  if (why === "signed") return notice("info", "lock", [text.signed(sub.code), text.signedNext]);
  if (why === "locked") return notice("info", "lock", [text.locked(sub.code), text.lockedNext]);
  if (!again) return null;
  const title = text.reopened(sub.code, again.by, clockTime(again.at));
  return notice("warning", "star", [title, text.reopenedWhy(again.reason), text.reopenedNext]);
}

function notice(kind: string, sign: string, [first, ...more]: string[]): VNode {
  return h(
    "section",
    { class: "notice t-closing", "data-kind": kind, key: "closing", role: "status" },
    shape(sign, "t-sign"),
    h(
      "div",
      null,
      h("b", null, first),
      more.map((words) => h("p", null, words)),
    ),
  );
}

/** A mark that was given anew after its sheet had been signed. */
export function star(app: App, cell: Cell): Kid {
  return cell.star ? h("b", { class: "t-star" }, ` ${CLOSED_TEXT[app.language].star}`) : null;
}

/** The way to the signatures of this sheet: its page where somebody is signed in; on a tablet of the
    hall the PINs of the locked tablet. */
export function signOff(app: App, sub: SubCriterion): Kid {
  const { sheets } = app.start.urls;
  const text = CLOSED_TEXT[app.language];
  const props = { class: "btn btn-quiet", id: "to-sign" };
  if (sheets) return h("a", { ...props, key: "sign-off", href: `${sheets}/${sub.id}` }, app.text.signOff(sub.code));
  const open = app.signOff;
  if (!open) return null;
  return h(
    "section",
    { class: "t-to-sign", key: "sign-off" },
    h("button", { ...props, type: "button", onclick: () => open(sub.id) }, shape("note"), text.signHere(sub.code)),
    h("p", { class: "soft" }, text.signHereLead),
  );
}
