// The list of hand-ins: number, time, which one counts, how far each is, what public checks found.

import { pick, type Language } from "../words";
import { timeOfDay } from "./face";
import { make, shape } from "./page";
import type { Check, HandIn, Judging } from "./state";
import type { Words } from "./words";

export interface Setting {
  w: Words;
  lang: Language;
  shapes: string;
}

const ORDER = ["received", "queued", "building", "checking", "waiting"] as const;

/** How far a hand-in is: the index of its stage. Done is the last stage, whatever was found. */
export function stage(one: HandIn): number {
  return { late: 0, queued: 1, stuck: 1, building: 2, checking: 3, done: 4 }[one.state];
}

function stageWord(name: (typeof ORDER)[number], one: HandIn, w: Words): string {
  if (name === "queued" && one.state === "queued" && one.position) return w.stage_place(one.position);
  if (name === "checking" && one.state === "checking") return w.stage_progress(one.done, one.total);
  return w[`stage_${name}`];
}

export function drawRow(one: HandIn, { w, lang, shapes }: Setting): HTMLLIElement {
  const row = make("li", "work-row");
  row.dataset["counts"] = String(one.counts);
  row.dataset["number"] = String(one.number);

  const head = make("div", "work-row-head", make("strong", "work-row-number", w.hand_in(one.number)));
  head.append(make("span", "figure work-row-time", timeOfDay(one.at)));
  if (one.counts) head.append(make("span", "work-star", shape(shapes, "star"), w.counts));
  if (one.late) head.append(make("span", "work-late", shape(shapes, "warning"), w.late));
  if (one.url) {
    const receipt = make("a", "link-plain work-row-receipt", w.receipt);
    receipt.href = one.url;
    receipt.setAttribute("aria-label", `${w.receipt} ${one.receipt}`);
    head.append(receipt);
  }
  row.append(head);

  const facts = [one.name, megabytes(one.size), w.files(one.files)];
  const hash = make("span", "mono", `${one.sha256.slice(0, 12)}…`);
  hash.title = `SHA-256 ${one.sha256}`;
  row.append(make("p", "work-row-facts soft", ...facts.map((fact) => make("span", "", fact)), hash));

  if (one.state !== "late") row.append(drawStages(one, w));
  const wait = estimate(one, w);
  if (wait) row.append(make("p", "work-row-said soft", wait));
  if (one.state === "stuck") row.append(make("p", "work-row-said", w.stuck));
  if (one.state === "done") row.append(make("p", "work-row-said soft", w.will_be_judged));
  if (one.checks.length) row.append(drawChecks(one.checks, { w, lang, shapes }));
  return row;
}

/** How long it will take; nothing when it has been judged, or when the page says why all wait. */
export function estimate(one: HandIn, w: Words): string {
  if (!["queued", "building", "checking"].includes(one.state)) return "";
  if (one.seconds !== null) return w.estimate(one.seconds);
  return one.no_estimate === "unknown" || one.no_estimate === "slow" ? w[one.no_estimate] : "";
}

function drawStages(one: HandIn, w: Words): HTMLOListElement {
  const now = stage(one);
  const list = make("ol", "work-stages");
  ORDER.forEach((name, index) => {
    const item = make("li", "", stageWord(name, one, w));
    item.dataset["is"] = index < now ? "done" : index === now ? "now" : "next";
    if (index === now) item.setAttribute("aria-current", "step");
    list.append(item);
  });
  return list;
}

function drawChecks(checks: Check[], { w, lang, shapes }: Setting): HTMLElement {
  const list = make("ul", "work-checks");
  for (const check of checks) {
    const sign = { passed: "yes", failed: "no", undetermined: "info", error: "info" }[check.outcome];
    const item = make("li", "", shape(shapes, sign));
    item.dataset["outcome"] = check.outcome;
    const message = check.outcome === "passed" ? "" : pick(check, "message", lang);
    item.append(
      make(
        "span",
        "",
        make("span", "work-check-title", pick(check, "title", lang)),
        make("span", "work-check-word", w[check.outcome]),
        ...(message ? [make("span", "soft work-check-message", message)] : []),
      ),
    );
    list.append(item);
  }
  return make("div", "work-checks-box", make("p", "eyebrow", w.public_checks), list);
}

/** Why what waits is waiting, as long as judging itself is not ready; empty when it is. */
export function whyWaiting(rows: HandIn[], judging: Judging, w: Words, lang: Language): string {
  const waits = rows.some((row) => row.state === "queued");
  return waits && judging.state !== "ready" ? w.queued_because(judging[lang]) : "";
}

export function megabytes(size: number): string {
  return size < 100_000
    ? `${(size / 1000).toFixed(1)} kB`
    : `${(size / 1_000_000).toFixed(size < 10_000_000 ? 1 : 0)} MB`;
}
