import { describe, expect, it } from "vitest";
import {
  apply,
  baseOf,
  closedBy,
  cellState,
  emptyWork,
  isDone,
  judged,
  measured,
  nextOpen,
  openProposals,
  points,
  reopenedBy,
  restOf,
  sum,
} from "./sheet";
import type { Aspect, Judged, Measured, Pack, Post, Seen, SubCriterion, Work } from "./types";

const LI = 1;
const WANG = 2;

const aspect = (id: number, kind: "M" | "J", max: number): Aspect => ({
  id,
  kind,
  max,
  code: `A1.0${id}`,
  partial: false,
  automatic: false,
  rungs: [],
  name_zh: "",
  name_en: "",
  extra_zh: "",
  extra_en: "",
  requirement_zh: "",
  requirement_en: "",
});
const SPACE = aspect(1, "M", 150);
const FUEL = aspect(2, "M", 100);
const LOOK = aspect(3, "J", 200);
const SUB: SubCriterion = {
  id: 7,
  code: "A1",
  day: null,
  name_zh: "",
  name_en: "",
  aspects: [SPACE, FUEL, LOOK],
};
const PACK = {
  scheme: {
    version: 1,
    total: 450,
    criteria: [{ letter: "A", name_zh: "", name_en: "", sub_criteria: [SUB] }],
  },
} as unknown as Pack;

const seen = (id: number, by: number, value: number | null): Seen => ({
  id,
  by,
  value,
  at: "",
  reason: "",
  decides: false,
});
const cell = (more: Partial<Measured> = {}): Measured => ({
  head: null,
  differing: [],
  proposal: null,
  checks: [],
  ...more,
});
const work = (more: Partial<Measured> = {}): Work => ({
  ...emptyWork("K-073"),
  cells: { 1: cell(more) },
  sheets: {
    7: {
      last: 5,
      confirmed: { by: WANG, at: "" },
      confirming: [WANG],
      may_confirm: false,
      why: "confirmed",
    },
  },
});
const post = (more: Partial<Post>): Post => ({
  key: "k",
  code: "K-073",
  judge: LI,
  device_at: "10:31",
  aspect: 1,
  ...more,
});

describe("a measurement", () => {
  it("shows what was tapped before anybody has answered", () => {
    const after = apply(work(), post({ value: 150 }), null, PACK);
    expect(measured(after, SPACE).head).toMatchObject({ value: 150, by: LI });
    expect(isDone(after, SPACE)).toBe(true);
  });

  it("keeps the base that the server had told", () => {
    const told = work({ head: seen(5, WANG, 0) });
    const after = apply(told, post({ value: 150, base: 5 }), null, PACK);
    expect(measured(after, SPACE).head?.value).toBe(150);
    expect(baseOf(told, SPACE)).toBe(5);
  });

  it("is given on the proposal that stood on the glass", () => {
    const told = work({ head: seen(5, LI, 150), proposal: seen(6, 0, 0), weighed: 150 });
    expect(measured(apply(told, post({ value: 150 }), null, PACK), SPACE).weighed).toBe(0);
    const beside = apply(told, post({ value: 0, judge: WANG }), null, PACK);
    expect(measured(beside, SPACE).weighed).toBe(150);
  });

  it("differs beside a value that it had not seen", () => {
    const after = apply(
      work({ head: seen(5, WANG, 0) }),
      post({ value: 150, base: null }),
      6,
      PACK,
    );
    expect(measured(after, SPACE)).toMatchObject({
      head: { value: 0 },
      differing: [{ value: 150, by: LI }],
    });
  });

  it("does not settle a difference by tapping on top, but may agree", () => {
    const apart = work({ head: seen(5, WANG, 0), differing: [seen(6, 3, 150)] });
    const on = apply(apart, post({ value: 150, base: 5 }), null, PACK);
    expect(measured(on, SPACE).differing.map((one) => one.by)).toEqual([3, LI]);
    const agree = apply(
      work({ head: seen(5, WANG, 0), differing: [seen(6, LI, 150)] }),
      post({ value: 0 }),
      null,
      PACK,
    );
    expect(measured(agree, SPACE).differing).toEqual([]);
  });

  it("taken back leaves the other word standing", () => {
    const apart = work({ head: seen(5, LI, 0), differing: [seen(6, WANG, 150)] });
    const after = apply(apart, post({ value: null }), null, PACK);
    expect(measured(after, SPACE)).toMatchObject({ head: { value: 150, by: WANG }, differing: [] });
  });

  it("ends a confirmation of its sheet", () => {
    const after = apply(work(), post({ value: 150 }), 9, PACK);
    expect(after.sheets[7]).toMatchObject({ confirmed: null, last: 9, may_confirm: false });
  });
});

describe("a vote", () => {
  const open: Judged = {
    round: 1,
    mine: null,
    my_reason: "",
    voted: [WANG],
    rounds: [],
    needs_new_vote: false,
    agreed: false,
    mark: null,
    checks: [],
  };
  const vote = (value: number | null, round = 1): Post => post({ aspect: 3, value, round });
  const before = { ...emptyWork("K-073"), cells: { 3: open } };

  it("is based on my own vote that the server had told, also after its answer", () => {
    expect(baseOf(before, LOOK)).toBeNull();
    expect(baseOf(apply(before, vote(2), null, PACK), LOOK)).toBeNull();
    expect(baseOf(apply(before, vote(2), 9, PACK), LOOK)).toBe(9);
  });

  it("is mine at once and can be taken back", () => {
    const given = apply(before, vote(2), null, PACK);
    expect(judged(given, LOOK)).toMatchObject({ mine: 2, voted: [WANG, LI] });
    expect(judged(apply(given, vote(null), null, PACK), LOOK)).toMatchObject({
      mine: null,
      voted: [WANG],
    });
  });

  it("of a round that is over changes nothing", () => {
    const later = { ...emptyWork("K-073"), cells: { 3: { ...open, round: 2 } } };
    expect(apply(later, vote(2), null, PACK)).toEqual(later);
    const agreed = { ...emptyWork("K-073"), cells: { 3: { ...open, agreed: true } } };
    expect(apply(agreed, vote(2), null, PACK)).toEqual(agreed);
  });

  it("counts towards the total only when the panel agreed", () => {
    expect(sum(apply(before, vote(2), null, PACK), [LOOK])).toMatchObject({ value: 0, done: 1 });
    const shown = { ...emptyWork("K-073"), cells: { 3: { ...open, agreed: true, mark: 133 } } };
    expect(sum(shown, [LOOK])).toMatchObject({ value: 133, done: 1 });
  });
});

describe("a confirmation", () => {
  it("holds for the sheet as it stood, else for nothing", () => {
    const fresh = apply(work(), post({ value: 150 }), 9, PACK);
    const right: Post = {
      key: "c",
      code: "K-073",
      judge: WANG,
      device_at: "10:40",
      sub_criterion: 7,
      upto: 9,
    };
    expect(apply(fresh, right, 1, PACK).sheets[7]?.confirmed).toEqual({ by: WANG, at: "10:40" });
    expect(apply(fresh, { ...right, upto: 5 }, 1, PACK).sheets[7]?.confirmed).toBeNull();
  });
});

it("finds proposals that no judge has spoken to, and the next open aspect", () => {
  const told = work({ proposal: seen(4, 0, 150) });
  expect(openProposals(told, SUB)).toEqual([SPACE]);
  const given = apply(told, post({ value: 150 }), null, PACK);
  expect(openProposals(given, SUB)).toEqual([]);
  expect(nextOpen(given, [SPACE, FUEL], 1)).toBe(FUEL);
  expect(nextOpen(given, [SPACE, FUEL], 2)).toBeNull();
});

it("an unknown aspect or an empty work upsets nothing", () => {
  expect(apply(work(), post({ aspect: 99, value: 1 }), null, PACK)).toEqual(work());
  expect(sum(null, [SPACE, LOOK])).toEqual({ value: 0, max: 350, done: 0, of: 2, attention: 0 });
});

it("writes marks with two decimals", () => {
  expect([0, 5, 75, 150, 1050].map(points)).toEqual(["0.00", "0.05", "0.75", "1.50", "10.50"]);
});

describe("the rest is met", () => {
  const cell = (head: Seen | null, proposal: Seen | null = null): Measured => ({
    head,
    differing: [],
    proposal,
    checks: [],
  });
  const work = (first: Measured): Work => ({ ...emptyWork("K"), cells: { 1: first } });

  it.each([
    ["nothing said", cell(null), [1, 2]],
    ["taken back", cell(seen(3, LI, null)), [1, 2]],
    ["given, also zero", cell(seen(3, LI, 0)), [2]],
    ["the machine agrees", cell(null, seen(3, 0, 150)), [1, 2]],
    ["the machine says no: it wants a reason", cell(null, seen(3, 0, 0)), [2]],
    ["in dispute", { ...cell(seen(3, LI, null)), differing: [seen(4, WANG, 0)] }, [2]],
  ])("%s", (_name, first, ids) =>
    expect(restOf(work(first), SUB).map((one) => one.id)).toEqual(ids),
  );
});

it("says of every cell of the matrix how far it is", () => {
  const judgement = (more: Partial<Judged>): Work => ({
    ...emptyWork("K"),
    cells: { 3: { ...judged(null, LOOK), ...more } },
  });
  expect(cellState(null, SPACE)).toBe("none");
  const head = { head: seen(1, LI, 0), differing: [], proposal: null, checks: [] };
  expect(cellState({ ...emptyWork("K"), cells: { 1: head } }, SPACE)).toBe("done");
  const differs = { ...head, differing: [seen(2, WANG, 150)] };
  expect(cellState({ ...emptyWork("K"), cells: { 1: differs } }, SPACE)).toBe("look");
  expect(cellState(judgement({}), LOOK)).toBe("none");
  expect(cellState(judgement({ voted: [WANG] }), LOOK)).toBe("part");
  expect(cellState(judgement({ mine: 2, voted: [LI] }), LOOK)).toBe("part");
  expect(cellState(judgement({ needs_new_vote: true }), LOOK)).toBe("look");
  expect(cellState(judgement({ needs_new_vote: true, mine: 1 }), LOOK)).toBe("part");
  expect(cellState(judgement({ agreed: true }), LOOK)).toBe("done");
});

describe("a sheet after marking", () => {
  const again = { by: "陈裁判长", at: "2026-11-23T10:00:00Z", reason: "再看一次" };
  const at = (confirmed: string | null, more: Partial<Work> = {}): Work => ({
    ...work(),
    reopened: { 7: again },
    sheets: {
      7: {
        last: 1, confirming: [], may_confirm: false, why: null,
        confirmed: confirmed ? { by: WANG, at: confirmed } : null,
      },
    },
    ...more,
  });

  it("is closed by a signature, a lock, or the lock of the skill", () => {
    expect(closedBy(work(), SUB)).toBeNull();
    expect(closedBy({ ...work(), closed: { 7: "signed" } }, SUB)).toBe("signed");
    expect(closedBy({ ...work(), closed: { 7: "locked" } }, { ...SUB, id: 8 })).toBeNull();
    expect(closedBy({ ...work(), closed: { 7: "signed" }, locked_at: "x" }, SUB)).toBe("skill");
  });

  it("was opened again until it is confirmed or signed again", () => {
    expect(reopenedBy(at(null), SUB)).toBe(again);
    expect(reopenedBy(at("2026-11-23T09:59:59.5Z"), SUB)).toBe(again);
    expect(reopenedBy(at("2026-11-23T10:00:00.5Z"), SUB)).toBeNull();
    expect(reopenedBy(at(null, { closed: { 7: "signed" } }), SUB)).toBeNull();
  });
});
