// What the machine saw of an aspect: its checks in words, and pictures that open large.
import { pick } from "../../words";
import type { App } from "../app";
import { h, type Kid, shape, type VNode } from "../dom";
import type { Aspect, Check, Evidence, Measured, Work } from "../types";
import { valueWords } from "./format";
import { picture } from "./picture";

type Outcome = "outcome_passed" | "outcome_failed" | "outcome_undetermined" | "outcome_error";
const SIGNS: Record<string, string> = { passed: "yes", failed: "no" };

export function evidence(app: App, aspect: Aspect, cell: Measured): Kid {
  const { text } = app;
  const { proposal, checks } = cell;
  if (!proposal && !checks.length) return aspect.automatic ? awaited(app, aspect) : null;
  return h(
    "section",
    { class: "t-evidence", "data-proposed": proposal !== null },
    h(
      "p",
      { class: "t-proposal" },
      proposal
        ? [h("b", null, text.automatic), ` ${valueWords(app, aspect, proposal.value)}`]
        : text.undetermined,
    ),
    checks.length
      ? h(
          "ul",
          null,
          checks.map((check) => line(app, check)),
        )
      : null,
    pictures(app, aspect, checks),
  );
}

/** Of an aspect that checks will propose a mark for: that none has, and what may be given now. */
function awaited(app: App, aspect: Aspect): VNode {
  const { text } = app;
  const words = aspect.partial ? text.notChecked : text.wholeUntilChecked;
  return h("p", { class: "t-awaited soft" }, words);
}

function line(app: App, check: Check): VNode {
  const { text, language } = app;
  const word = text[`outcome_${check.outcome}` as Outcome] ?? text.outcome_undetermined;
  return h(
    "li",
    { "data-outcome": check.outcome },
    shape(SIGNS[check.outcome] ?? "info"),
    h(
      "span",
      null,
      h("b", null, `${pick(check, "title", language)} · ${word}`),
      h("span", null, pick(check, "message", language)),
      check.evidence.some((one) => one.kind === "variant")
        ? h("span", { class: "t-look" }, shape("warning"), text.haveALook)
        : null,
    ),
  );
}

/** Pictures as thumbnails, everything else as words; a tap opens all of them in turn. */
function pictures(app: App, aspect: Aspect, checks: Check[]): Kid {
  const seen = new Set<string>();
  const items = checks
    .flatMap((check) => check.evidence)
    .filter((one) => !seen.has(one.url) && seen.add(one.url));
  if (!items.length) return null;
  return h(
    "div",
    { class: "t-thumbs" },
    items.map((one, at) =>
      h(
        "button",
        {
          class: "t-thumb",
          type: "button",
          key: one.url,
          "aria-label": `${app.text.openIt} ${kindWord(app, one)}`,
          onclick: () => app.show({ kind: "evidence", aspect, items, at }),
        },
        isPicture(one)
          ? picture(app, one.url, "", "", true)
          : h("span", null, isFilm(one) ? shape("running") : null, kindWord(app, one)),
      ),
    ),
  );
}

export const isPicture = (one: Evidence): boolean => one.type.startsWith("image/");

const isFilm = (one: Evidence): boolean => one.type.startsWith("video/");

/** The one picture of all checks of a work, a tap away. */
export function contact(app: App, work: Work | null): Kid {
  const sheet = work?.contact;
  if (!sheet) return null;
  return h(
    "button",
    {
      class: "btn btn-quiet t-contact",
      type: "button",
      onclick: () => app.show({ kind: "evidence", aspect: null, items: [sheet], at: 0 }),
    },
    app.text.contact,
  );
}

export function kindWord(app: App, one: Evidence): string {
  const { text } = app;
  const known: Record<string, string> = {
    screenshot: text.screenshot,
    console: text.console,
    network: text.network,
    video: text.video,
    film: text.video,
    contact: text.contact,
    accessibility: text.accessibility,
    variant: text.variant,
    log: text.log,
  };
  return known[one.kind] ?? text.evidence;
}
