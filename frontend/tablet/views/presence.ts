// Who else marks the open sheet: watch, take over, or each their own.
import type { App } from "../app";
import { h, type Kid, shape, type VNode } from "../dom";
import * as store from "../store";
import type { Way } from "../presence";
import { MORE_TEXT } from "../text_more";

export function presence(app: App): Kid {
  const text = MORE_TEXT[app.language];
  const { told, asks, watching } = app.presence;
  if (!told || (!asks && !watching)) return null;
  const name = ({ label, number }: { label: string; number: number | null }): string =>
    number === null ? label : text.onTablet(label, number);
  const who = told.others.map(name).join(app.text.listSeparator);
  const words = asks
    ? [h("b", null, text.busyTitle(who)), h("span", null, text.busyLead)]
    : [h("b", null, told.taken_by ? text.takenOver(told.taken_by) : text.watching)];
  const ways: [Way, string][] = asks
    ? [
        ["watch", text.watch],
        ["take", text.takeOver],
        ["mark", text.eachOwn],
      ]
    : [
        ["take", text.takeOver],
        ["mark", text.markToo],
      ];
  return h(
    "section",
    { class: "notice t-presence", "data-kind": "warning", key: "presence", role: "status" },
    shape("warning", "t-sign"),
    h("p", null, words),
    h(
      "div",
      null,
      ways.map(([way, word]) => button(app, way, word)),
    ),
  );
}

function button(app: App, way: Way, word: string): VNode {
  return h(
    "button",
    {
      class: "btn btn-quiet",
      type: "button",
      key: way,
      "data-way": way,
      onclick: async () => {
        const token = await store.token(app.db, app.owner);
        if (token) await app.presence.choose(token, way);
      },
    },
    word,
  );
}
