// The model of a work's sheets: one reducer for what was tapped, acknowledged or read. Pure.
import { canGive } from "./calculation";
import type {
  Aspect,
  Cell,
  Closed,
  Judged,
  Measured,
  Pack,
  Post,
  Reopened,
  Seen,
  Sheet,
  SubCriterion,
  Work,
} from "./types";

export const isJudged = (cell: Cell): cell is Judged => "round" in cell;

export function measured(work: Work | null, aspect: Aspect): Measured {
  const cell = work?.cells[aspect.id];
  return cell && !isJudged(cell) ? cell : NOTHING_MEASURED;
}

export function judged(work: Work | null, aspect: Aspect): Judged {
  const cell = work?.cells[aspect.id];
  return cell && isJudged(cell) ? cell : NOTHING_JUDGED;
}

export function sheetOf(work: Work | null, sub: SubCriterion): Sheet {
  return work?.sheets[sub.id] ?? NO_SHEET;
}

/** Why a sheet takes no marks; null while it does. */
export function closedBy(work: Work | null, sub: SubCriterion | null): Closed | null {
  if (work?.locked_at != null) return "skill";
  return (sub && work?.closed?.[sub.id]) || null;
}

/** How a signed sheet was opened again: told until it is confirmed or signed again. */
export function reopenedBy(work: Work | null, sub: SubCriterion | null): Reopened | null {
  const opened = (sub && work?.reopened?.[sub.id]) || null;
  if (!sub || !opened || closedBy(work, sub)) return null;
  const { confirmed } = sheetOf(work, sub);
  const again = confirmed?.at && Date.parse(confirmed.at) > Date.parse(opened.at);
  return again ? null : opened;
}

const NOTHING_MEASURED: Measured = {
  head: null,
  differing: [],
  proposal: null,
  weighed: null,
  checks: [],
};
const NOTHING_JUDGED: Judged = {
  round: 1,
  mine: null,
  my_reason: "",
  voted: [],
  rounds: [],
  needs_new_vote: false,
  agreed: false,
  mark: null,
  checks: [],
};
const NO_SHEET: Sheet = {
  last: 0,
  confirmed: null,
  confirming: [],
  may_confirm: false,
  why: "incomplete",
};

export function emptyWork(code: string): Work {
  return { code, locked_at: null, cells: {}, sheets: {} };
}

/** The work after a post of mine: as a guess while it waits (`id` null), or acknowledged. The same
    rules as the server's fold, so that the next reading changes nothing one has not caused. */
export function apply(work: Work, post: Post, id: number | null, pack: Pack): Work {
  if (post.sub_criterion !== undefined) return confirmedBy(work, post, post.sub_criterion);
  const found = aspectOf(pack, post.aspect ?? 0);
  if (!found) return work;
  const { aspect, sub } = found;
  if (aspect.kind === "J") {
    return withCell(work, aspect, voted(judged(work, aspect), post, id));
  }
  const cell = entered(measured(work, aspect), post, id);
  const sheet = sheetOf(work, sub);
  const moved: Sheet = {
    last: id ?? sheet.last,
    confirmed: null,
    confirming: [],
    may_confirm: false,
    why: "own",
  };
  const next = withCell(work, aspect, cell);
  return { ...next, sheets: { ...next.sheets, [sub.id]: moved } };
}

function withCell(work: Work, aspect: Aspect, cell: Cell): Work {
  return { ...work, cells: { ...work.cells, [aspect.id]: cell } };
}

function entered(cell: Measured, post: Post, id: number | null): Measured {
  let { head, weighed = null } = cell;
  const mine: Seen = {
    id: id ?? head?.id ?? 0,
    value: post.value ?? null,
    observed: post.observed ?? null,
    by: post.judge,
    at: post.device_at,
    reason: post.reason ?? "",
    decides: false,
  };
  const disputed = cell.differing.length > 0;
  let differing = cell.differing.filter((one) => one.by !== post.judge);
  const seen = post.base !== undefined && post.base === head?.id;
  const own = head === null || head.value === null || head.by === post.judge;
  if (own || (seen && !disputed && !head?.decides)) {
    head = mine;
    weighed = cell.proposal?.value ?? null; // what was on the glass
  } else if (mine.value !== null && mine.value !== head?.value) differing.push(mine);
  if (head?.value === null && differing.length > 0) head = differing.shift() ?? head;
  differing = differing.filter((one) => one.value !== head?.value);
  return { ...cell, head, differing, weighed };
}

function voted(cell: Judged, post: Post, id: number | null): Judged {
  if (cell.agreed || post.round !== cell.round) return cell;
  const others = cell.voted.filter((judge) => judge !== post.judge);
  const value = post.value ?? null;
  return {
    ...cell,
    mine: value,
    mine_id: id ?? cell.mine_id ?? null,
    my_reason: value === null ? "" : (post.reason ?? ""),
    voted: value === null ? others : [...others, post.judge],
  };
}

function confirmedBy(work: Work, post: Post, sub: number): Work {
  const sheet = work.sheets[sub];
  if (!sheet || sheet.last !== post.upto) return work;
  const confirmed = { by: post.judge, at: post.device_at };
  const next: Sheet = { ...sheet, confirmed, may_confirm: false, why: "confirmed" };
  return { ...work, sheets: { ...work.sheets, [sub]: next } };
}

/** What a tap is based on: the value, or my own vote, that the server had told. */
export function baseOf(work: Work | null, aspect: Aspect): number | null {
  if (aspect.kind === "J") return judged(work, aspect).mine_id ?? null;
  return measured(work, aspect).head?.id ?? null;
}

export function subCriteria(pack: Pack): SubCriterion[] {
  return pack.scheme.criteria.flatMap((criterion) => criterion.sub_criteria);
}

export function aspectOf(pack: Pack, id: number): { aspect: Aspect; sub: SubCriterion } | null {
  for (const sub of subCriteria(pack)) {
    const aspect = sub.aspects.find((one) => one.id === id);
    if (aspect) return { aspect, sub };
  }
  return null;
}

export const measurements = (sub: SubCriterion): Aspect[] =>
  sub.aspects.filter((one) => one.kind === "M");
export const judgements = (sub: SubCriterion): Aspect[] =>
  sub.aspects.filter((one) => one.kind === "J");

/** Nothing is left for me to enter here. */
export function isDone(work: Work | null, aspect: Aspect): boolean {
  if (aspect.kind === "M") return measured(work, aspect).head?.value != null;
  const cell = judged(work, aspect);
  return cell.agreed || cell.mine !== null;
}

export function needsMe(work: Work | null, aspect: Aspect): boolean {
  if (aspect.kind === "M") return measured(work, aspect).differing.length > 0;
  const cell = judged(work, aspect);
  return cell.needs_new_vote && cell.mine === null;
}

export type CellState = "done" | "part" | "none" | "look";

/** How far one aspect of a work is: nothing left, waiting for others, open, or in dispute. */
export function cellState(work: Work | null, aspect: Aspect): CellState {
  if (aspect.kind === "M") {
    const { head, differing } = measured(work, aspect);
    if (differing.length > 0) return "look";
    return head?.value != null ? "done" : "none";
  }
  const cell = judged(work, aspect);
  if (cell.agreed) return "done";
  if (cell.needs_new_vote) return cell.mine === null ? "look" : "part";
  return cell.mine !== null || cell.voted.length > 0 ? "part" : "none";
}

export interface Sum {
  value: number;
  max: number;
  done: number;
  of: number;
  attention: number;
}

/** Marks so far (judgements only when the panel agreed), and how much is done. */
export function sum(work: Work | null, aspects: Aspect[]): Sum {
  const out: Sum = { value: 0, max: 0, done: 0, of: aspects.length, attention: 0 };
  for (const aspect of aspects) {
    out.max += aspect.max;
    out.value +=
      (aspect.kind === "M" ? measured(work, aspect).head?.value : judged(work, aspect).mark) ?? 0;
    if (isDone(work, aspect)) out.done += 1;
    if (needsMe(work, aspect)) out.attention += 1;
  }
  return out;
}

/** Aspects with a proposal that no judge has spoken to. */
export function openProposals(work: Work | null, sub: SubCriterion): Aspect[] {
  return measurements(sub).filter((aspect) => {
    const cell = measured(work, aspect);
    return cell.proposal !== null && (cell.head === null || cell.head.value === null);
  });
}

/** What "the rest is met" would set: measurements without a mark, where the machine says nothing else.
    A differing proposal needs its own reason. */
export function restOf(work: Work | null, sub: SubCriterion): Aspect[] {
  return measurements(sub).filter((aspect) => {
    const { head, differing, proposal } = measured(work, aspect);
    const open = (head === null || head.value === null) && differing.length === 0;
    if (!canGive(aspect.calculation, aspect.max, aspect.max)) return false;
    return open && (proposal === null || proposal.value === aspect.max);
  });
}

/** The next aspect without an entry after `id`, from the top again at the end; null when none. */
export function nextOpen(work: Work | null, aspects: Aspect[], id: number): Aspect | null {
  const at = aspects.findIndex((one) => one.id === id);
  const order = [...aspects.slice(at + 1), ...aspects.slice(0, at)];
  return order.find((one) => !isDone(work, one)) ?? null;
}

/** "12.50" */
export function points(hundredths: number): string {
  const rest = String(Math.abs(hundredths) % 100).padStart(2, "0");
  return `${hundredths < 0 ? "-" : ""}${Math.floor(Math.abs(hundredths) / 100)}.${rest}`;
}
