// The draft of a scheme as the server keeps it (judging/rules/scheme_draft.py), and what it says of it.

export interface Pair {
  zh: string;
  en: string;
}

export interface Section extends Pair {
  key: string;
  number: string;
  marks: string;
}

/** The fields of a calculation (judging/rules/calculation_typed.py); texts as typed. */
export interface Calculation {
  kind: string;
  percent?: string;
  of?: string;
  target?: string;
  step?: string;
  deduction?: string;
  started?: string;
  options?: { number: string; label: string; deduction: string }[];
  bands?: { lower: string; upper: string; deduction: string }[];
}

export interface Aspect extends Pair {
  key: string;
  type: "M" | "J" | "";
  max: string;
  section: string;
  extra_zh: string;
  extra_en: string;
  requirement_zh: string;
  requirement_en: string;
  rungs: Pair[];
  calculation: Calculation;
  written: unknown;
}

export interface SubCriterion extends Pair {
  key: string;
  id: string;
  day: string;
  aspects: Aspect[];
}

export interface Criterion extends Pair {
  key: string;
  letter: string;
  sub_criteria: SubCriterion[];
}

export interface Body {
  sections: Section[];
  criteria: Criterion[];
}

export interface Problem extends Pair {
  key: string;
}

export interface Report {
  total: string;
  full: string;
  is_full: boolean;
  counts: Record<"criteria" | "sub_criteria" | "aspects" | "measurement" | "judgement", number>;
  sums: Record<string, string>;
  sections: {
    number: string;
    name_zh: string;
    name_en: string;
    declared: string | null;
    marks: string;
    variation: string | null;
  }[];
  problems: Problem[];
  notes: Problem[];
}

/** A draft as the server answers it; without its body where that is known already. */
export interface Saved {
  revision: number;
  by: string;
  mine: boolean;
  at: string;
  report: Report;
}

export interface State extends Saved {
  body: Body;
}
