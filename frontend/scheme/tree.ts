// Changes to a draft as a tree: every function gives a new body and leaves the old one as it was.
import type { Aspect, Body, Criterion, SubCriterion } from "./types";

export type Kind = "section" | "criterion" | "sub" | "aspect";
interface Node {
  key: string;
}

/** A key that no other node has, on this device or another. */
export function newKey(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 20);
}

export function aspect(like?: Aspect): Aspect {
  return {
    key: newKey(),
    type: like?.type || "M",
    zh: "",
    en: "",
    max: like?.max ?? "",
    section: like?.section ?? "",
    extra_zh: "",
    extra_en: "",
    requirement_zh: "",
    requirement_en: "",
    rungs: Array.from({ length: 4 }, () => ({ zh: "", en: "" })),
    calculation: { kind: "PASS_FAIL" },
    written: null,
  };
}

export function sub(criterion: Criterion): SubCriterion {
  const day = criterion.sub_criteria.at(-1)?.day ?? "1";
  return { key: newKey(), id: nextId(criterion), zh: "", en: "", day, aspects: [aspect()] };
}

export function criterion(body: Body): Criterion {
  const used = new Set(body.criteria.map((one) => one.letter));
  const letter = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].find((one) => !used.has(one)) ?? "";
  const made = { key: newKey(), letter, zh: "", en: "", sub_criteria: [] as SubCriterion[] };
  made.sub_criteria.push(sub(made));
  return made;
}

/** The number after the last that is used: ids are read aloud, a gap in them is not filled. */
function nextId(of: Criterion): string {
  const numbers = of.sub_criteria.map((one) => Number(/\d+$/.exec(one.id)?.[0] ?? 0));
  return `${of.letter}${Math.max(0, ...numbers) + 1}`;
}

/** Aspects are numbered by their place, as the server does it. */
export function codeOf(of: SubCriterion, at: number): string {
  return `${of.id}.${String(at + 1).padStart(2, "0")}`;
}

/** What changes of a node; where it builds on what stands there, a function of that. */
export type Part<T> = Partial<T> | ((now: T) => Partial<T>);

/** The body with the node of `key` changed. */
export function changed<T extends Node>(body: Body, key: string, part: Part<T>): Body {
  return mapped(body, (one) => {
    if (one.key !== key) return one;
    return { ...one, ...(typeof part === "function" ? part(one as unknown as T) : part) };
  });
}

function mapped(body: Body, change: <T extends Node>(one: T) => T): Body {
  return {
    sections: body.sections.map(change),
    criteria: body.criteria.map((one) => {
      const own = change(one);
      const subs = own.sub_criteria.map((form) => {
        const made = change(form);
        return { ...made, aspects: made.aspects.map(change) };
      });
      return { ...own, sub_criteria: subs };
    }),
  };
}

/** Every list of siblings of the body goes through `change`. */
function lists(body: Body, change: <T extends Node>(of: T[]) => T[]): Body {
  return {
    sections: change(body.sections),
    criteria: change(body.criteria).map((one) => ({
      ...one,
      sub_criteria: change(one.sub_criteria).map((form) => ({
        ...form,
        aspects: change(form.aspects),
      })),
    })),
  };
}

export function removed(body: Body, key: string): Body {
  return lists(body, (of) => of.filter((one) => one.key !== key));
}

/** `made` right after the node of `key`, among its siblings. */
export function after(body: Body, key: string, made: Node): Body {
  return lists(body, <T extends Node>(of: T[]) =>
    of.flatMap((one) => (one.key === key ? [one, made as T] : [one])),
  );
}

/** One place up (-1) or down (1) among the siblings. */
export function shifted(body: Body, key: string, by: -1 | 1): Body {
  return lists(body, (of) => {
    const at = of.findIndex((one) => one.key === key);
    const to = at + by;
    if (at < 0 || to < 0 || to >= of.length) return of;
    const out = [...of];
    const [one] = out.splice(at, 1);
    if (one) out.splice(to, 0, one);
    return out;
  });
}

/** An aspect at the end of another sub-criterion. */
export function moved(body: Body, key: string, into: string): Body {
  const found = aspects(body).find((one) => one.key === key);
  if (!found) return body;
  return mapped(removed(body, key), <T extends Node>(one: T) =>
    one.key === into && "aspects" in one
      ? { ...one, aspects: [...(one.aspects as Aspect[]), found] }
      : one,
  );
}

/** A copy right after the original, with keys and ids of its own. */
export function copied(body: Body, key: string): { body: Body; key: string } {
  for (const one of body.criteria) {
    if (one.key === key) {
      const letter = criterion(body).letter;
      const subs = one.sub_criteria.map((form) => ({
        ...fresh(form),
        id: form.id.replace(/^[A-Z]/, letter),
      }));
      const made = { ...one, key: newKey(), letter, sub_criteria: subs };
      return { body: after(body, key, made), key: made.key };
    }
    for (const form of one.sub_criteria) {
      if (form.key === key) {
        const made = { ...fresh(form), id: nextId(one) };
        return { body: after(body, key, made), key: made.key };
      }
      for (const single of form.aspects) {
        if (single.key === key) {
          const made = { ...structuredClone(single), key: newKey() };
          return { body: after(body, key, made), key: made.key };
        }
      }
    }
  }
  return { body, key };
}

function fresh(form: SubCriterion): SubCriterion {
  const own = form.aspects.map((one) => ({ ...structuredClone(one), key: newKey() }));
  return { ...form, key: newKey(), aspects: own };
}

export function aspects(body: Body): Aspect[] {
  return body.criteria.flatMap((one) => one.sub_criteria.flatMap((form) => form.aspects));
}

/** What people call a node: a section's number, a letter, an id, an aspect's code. */
export function label(body: Body, key: string): string {
  for (const one of body.sections) if (one.key === key) return one.number;
  for (const one of body.criteria) {
    if (one.key === key) return one.letter;
    for (const form of one.sub_criteria) {
      if (form.key === key) return form.id;
      const at = form.aspects.findIndex((single) => single.key === key);
      if (at >= 0) return codeOf(form, at);
    }
  }
  return "";
}
