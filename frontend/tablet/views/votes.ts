// One judgement: four cards with their rungs, sealed until all have voted, and a second round when
// the votes are too far apart.
import { pick } from "../../words";
import type { App } from "../app";
import { h, type Kid, shape, type VNode } from "../dom";
import { closedBy, judged, points } from "../sheet";
import type { Aspect, Judged, Vote, Work } from "../types";
import { star } from "./closed";
import { clockTime, judgeName } from "./format";
import { about } from "./measure";
import { remarksButton } from "./remarks";

export function judgement(app: App, work: Work | null, aspect: Aspect): VNode {
  const { text } = app;
  const cell = judged(work, aspect);
  return h(
    "article",
    {
      class: "t-vote",
      key: String(aspect.id),
      "data-aspect": aspect.id,
      "data-active": app.active === aspect.id,
      "data-state": cell.agreed ? "agreed" : cell.needs_new_vote ? "apart" : "open",
    },
    h(
      "p",
      { class: "t-aspect" },
      h("span", { class: "mono" }, aspect.code),
      h("span", { class: "soft" }, `${text.max} ${points(aspect.max)}`),
    ),
    h("h4", null, pick(aspect, "name", app.language)),
    about(app, aspect),
    cell.needs_new_vote ? apart(app, aspect, cell) : null,
    cards(app, work, aspect, cell),
    panel(app, aspect, cell),
    remarksButton(app, aspect),
  );
}

function cards(app: App, work: Work | null, aspect: Aspect, cell: Judged): VNode {
  const chosen = cell.agreed ? mineOf(app, cell) : cell.mine;
  const needsReason = cell.round > 1 && !app.draft(aspect).trim() && cell.mine === null;
  return h(
    "div",
    { class: "t-cards-of-vote", role: "group", "aria-label": aspect.code },
    aspect.rungs.map((rung, value) =>
      h(
        "button",
        {
          class: "t-rung",
          key: String(value),
          type: "button",
          "data-value": value,
          "aria-pressed": String(chosen === value),
          disabled: cell.agreed || closedBy(work, app.sub()) !== null || needsReason,
          onclick: () => app.give.vote(aspect, value),
        },
        h("b", { class: "figure" }, value),
        h("span", null, rung[app.language]),
      ),
    ),
  );
}

const mineOf = (app: App, cell: Judged): number | null =>
  cell.rounds.at(-1)?.votes.find((vote) => vote.by === app.me.id)?.value ?? null;

/** Who has voted, and once all have, what. */
function panel(app: App, aspect: Aspect, cell: Judged): VNode {
  const { text } = app;
  const judges = app.pack?.panel ?? [];
  const shown = cell.agreed ? cell.rounds.at(-1) : undefined;
  return h(
    "div",
    { class: "t-panel" },
    h("p", { class: "t-sealed", role: "status" }, sealed(app, aspect, cell), star(app, cell)),
    h(
      "ul",
      null,
      judges.map((judge) => {
        const vote = shown?.votes.find((one) => one.by === judge.id);
        const has = cell.voted.includes(judge.id);
        return h(
          "li",
          { key: String(judge.id), "data-voted": has || vote !== undefined },
          h("span", null, judgeName(app, judge.id)),
          vote
            ? h("b", { class: "figure" }, vote.value)
            : h("span", null, has ? shape("yes") : null, has ? text.hasVoted : text.hasNotVoted),
        );
      }),
    ),
    shown ? reasons(app, shown.votes) : null,
  );
}

function sealed(app: App, aspect: Aspect, cell: Judged): Kid[] {
  const { text } = app;
  const code = app.route.code;
  if (cell.agreed) {
    return [
      h("b", null, text.votesShown),
      ` · ${text.result} `,
      h("b", { class: "figure" }, points(cell.mark ?? 0)),
      ` / ${points(aspect.max)}`,
    ];
  }
  if (cell.mine === null) return [text.notVoted];
  const local = app.outbox.posts.findLast(
    (post) => post.code === code && post.aspect === aspect.id,
  );
  const panel = cell.panel ?? (app.pack?.panel ?? []).map((judge) => judge.id);
  const missing = panel.filter((judge) => !cell.voted.includes(judge)).length;
  const all = cell.too_few ? text.votedTooFew : text.votedAll;
  return [
    h("b", null, missing ? text.votedWaiting(cell.mine, missing) : all),
    local ? ` · ${text.savedHere(clockTime(local.device_at))}` : "",
  ];
}

function reasons(app: App, votes: Vote[]): Kid {
  const given = votes.filter((vote) => vote.reason);
  if (!given.length) return null;
  return h(
    "dl",
    { class: "t-reasons" },
    given.map((vote) =>
      h("div", null, h("dt", null, judgeName(app, vote.by)), h("dd", null, vote.reason)),
    ),
  );
}

/** Votes more than one apart: both ends with their rungs side by side, and a reason to write. */
function apart(app: App, aspect: Aspect, cell: Judged): Kid {
  const { text } = app;
  const last = cell.rounds.at(-1);
  if (!last) return null;
  const values = last.votes.map((vote) => vote.value);
  const ends = [Math.min(...values), Math.max(...values)];
  const spread = (ends[1] ?? 0) - (ends[0] ?? 0);
  return h(
    "section",
    { class: "t-apart" },
    h(
      "h5",
      null,
      shape("warning"),
      cell.mine === null ? text.spreadTitle(spread) : text.againTitle,
    ),
    h("p", null, text.spreadLead),
    h(
      "div",
      { class: "t-ends" },
      ends.map((value) =>
        h(
          "div",
          { key: String(value) },
          h("b", { class: "figure" }, value),
          h("p", null, aspect.rungs[value]?.[app.language] ?? ""),
          h(
            "p",
            { class: "t-by" },
            last.votes
              .filter((vote) => vote.value === value)
              .map((vote) => judgeName(app, vote.by))
              .join(text.listSeparator),
          ),
        ),
      ),
    ),
    h(
      "p",
      { class: "t-all" },
      text.roundNo(last.number),
      last.votes.map((vote) => `${judgeName(app, vote.by)} ${vote.value}`).join(text.listSeparator),
    ),
    reasons(app, last.votes),
    h("label", { for: `why-${aspect.id}` }, text.againReason),
    h("textarea", {
      id: `why-${aspect.id}`,
      class: "textarea",
      rows: 2,
      maxlength: 2000,
      placeholder: text.againPlaceholder,
      value: app.draft(aspect) || cell.my_reason,
      oninput: (event: Event) => app.write(aspect, (event.target as HTMLTextAreaElement).value),
    }),
    app.draft(aspect).trim() || cell.mine !== null
      ? null
      : h("p", { class: "t-hint" }, text.againFirst),
  );
}
