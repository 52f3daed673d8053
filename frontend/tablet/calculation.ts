// From what was observed to the mark, as `judging/rules/calculations.py` says it: the tablet shows the
// mark while it is typed, also without a network; the server works it out again. Whole numbers only.

interface Deduction {
  deduction: string;
  percent: boolean;
}

export type Rule =
  | { kind: "PASS_FAIL" }
  | { kind: "NUMBER_COMPLETED"; of: number }
  | { kind: "CHOICE"; options: ({ number: number; label: string } & Deduction)[] }
  | { kind: "RANGED_SCORE"; target: string; bands: ({ lower: string; upper: string } & Deduction)[] }
  | ({ kind: "REGULAR_DIFFERENCE_DEDUCTION"; target: string; step: string; started: boolean } & Deduction)
  | { kind: "PARTIAL_MARK"; step: number | null };

const PLACES = 12;
const ONE = 10n ** BigInt(PLACES);

/** A number as people write it, in units of 10⁻¹²; null for what is none. */
export function decimal(text: string): bigint | null {
  const plain = text.normalize("NFKC").trim().replace(",", ".").replace("−", "-");
  const found = /^(-?)(\d{1,24})(?:\.(\d{0,12}))?$/.exec(plain);
  if (!found) return null;
  const whole = BigInt(found[2]! + (found[3] ?? "").padEnd(PLACES, "0"));
  return found[1] ? -whole : whole;
}

/** The mark in hundredths for an observed value; null where it cannot have been observed. */
export function work(rule: Rule, observed: string, max: number): number | null {
  const value = decimal(observed);
  if (value === null) return null;
  switch (rule.kind) {
    case "PASS_FAIL":
      return value === ONE ? max : value === 0n ? 0 : null;
    case "NUMBER_COMPLETED": {
      const of = BigInt(rule.of);
      if (value % ONE !== 0n || value < 0n || value > of * ONE) return null;
      return halfUp(BigInt(max) * (value / ONE), of);
    }
    case "CHOICE": {
      const chosen = rule.options.find((one) => BigInt(one.number) * ONE === value);
      return chosen ? rest(max, chosen) : null;
    }
    case "RANGED_SCORE": {
      const target = decimal(rule.target) ?? 0n;
      const inside = rule.bands.filter(
        (one) =>
          target - (decimal(one.lower) ?? 0n) <= value &&
          value <= target + (decimal(one.upper) ?? 0n),
      );
      return inside.reduce((best, one) => Math.max(best, rest(max, one)), 0);
    }
    case "REGULAR_DIFFERENCE_DEDUCTION": {
      const away = value - (decimal(rule.target) ?? 0n);
      const far = away < 0n ? -away : away;
      const step = decimal(rule.step) || ONE;
      const begun = rule.started && far % step !== 0n ? 1n : 0n;
      return rest(max, rule, far / step + begun);
    }
    case "PARTIAL_MARK": {
      const mark = value * 100n;
      if (mark % ONE !== 0n || mark < 0n || mark > BigInt(max) * ONE) return null;
      const given = Number(mark / ONE);
      return rule.step && given % rule.step && given !== max ? null : given;
    }
  }
}

/** Whether an aspect can get this mark without saying what was observed: one that a choice gives. */
export const canGive = (rule: Rule | null | undefined, mark: number, max: number): boolean =>
  rule?.kind !== "CHOICE" || rule.options.some((one) => rest(max, one) === mark);

/** What is left of the maximum after a deduction was made `times` times; never below nothing. */
function rest(max: number, one: Deduction, times = 1n): number {
  const each = (decimal(one.deduction) ?? 0n) * (one.percent ? BigInt(max) : 10_000n);
  const left = BigInt(max) * ONE * 100n - each * times;
  return left > 0n ? halfUp(left, ONE * 100n) : 0;
}

const halfUp = (above: bigint, below: bigint): number =>
  Number((2n * above + below) / (2n * below));
