// Two people wrote on top of the same draft: what only one of them changed is taken; where both
// changed the same field, mine stays and theirs is told, so that a person can choose.
import type { Body } from "./types";

type Fields = Record<string, unknown>;

interface Flat {
  kind: string;
  parent: string;
  fields: Fields;
}

export interface Clash {
  key: string;
  field: string;
  mine: unknown;
  theirs: unknown;
}

const LISTS = ["sections", "criteria", "sub_criteria", "aspects"] as const;
const TOGETHER = ["calculation", "written"]; // one without the other would say something else

interface Flattened {
  nodes: Map<string, Flat>;
  order: Map<string, string[]>; // "parent/list" → keys
}

function flatten(body: Body): Flattened {
  const nodes = new Map<string, Flat>();
  const order = new Map<string, string[]>();
  const walk = (parent: string, holder: Fields): void => {
    for (const list of LISTS) {
      const kids = holder[list];
      if (!Array.isArray(kids)) continue;
      order.set(`${parent}/${list}`, (kids as { key: string }[]).map((one) => one.key));
      for (const kid of kids as (Fields & { key: string })[]) {
        nodes.set(kid.key, { kind: list, parent, fields: fieldsOf(kid) });
        walk(kid.key, kid);
      }
    }
  };
  walk("", body as unknown as Fields);
  return { nodes, order };
}

function fieldsOf(node: Fields): Fields {
  const out: Fields = {};
  for (const [name, value] of Object.entries(node)) {
    if (name === "key" || LISTS.includes(name as never) || TOGETHER.includes(name)) continue;
    out[name] = value;
  }
  if ("calculation" in node) out.calculation = { ...pickTogether(node) };
  return out;
}

function pickTogether(node: Fields): Fields {
  return Object.fromEntries(TOGETHER.map((name) => [name, node[name]]));
}

/** Whether two values say the same; the order of their fields says nothing. */
export function same(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => same((one as Fields)[name], (other as Fields)[name]));
}

/** Mine and theirs, both made from `base`. */
export function merge(base: Body, mine: Body, theirs: Body): { body: Body; clashes: Clash[] } {
  const [was, my, their] = [flatten(base), flatten(mine), flatten(theirs)];
  const clashes: Clash[] = [];
  const kept = new Map<string, Flat>();
  for (const key of new Set([...my.nodes.keys(), ...their.nodes.keys()])) {
    const [before, own, other] = [was.nodes.get(key), my.nodes.get(key), their.nodes.get(key)];
    if (own && other) kept.set(key, both(key, before, own, other, clashes));
    else if (!before) kept.set(key, (own ?? other) as Flat);
    else if (own && !same(own, before)) kept.set(key, own); // removed there, changed here
    else if (other && !same(other, before)) kept.set(key, other);
  }
  for (const [key, one] of kept) {
    // what somebody put into a part that the other removed keeps its part
    for (let parent = one.parent; parent && !kept.has(parent); ) {
      const found = my.nodes.get(parent) ?? their.nodes.get(parent);
      if (!found) break;
      kept.set(parent, found);
      parent = found.parent;
    }
    void key;
  }
  return { body: built("", kept, was, my, their) as unknown as Body, clashes };
}

function both(
  key: string,
  before: Flat | undefined,
  own: Flat,
  other: Flat,
  clashes: Clash[],
): Flat {
  const fields: Fields = {};
  for (const field of Object.keys(own.fields)) {
    const [old, mine, theirs] = [before?.fields[field], own.fields[field], other.fields[field]];
    if (same(mine, theirs) || same(theirs, old)) fields[field] = mine;
    else if (same(mine, old)) fields[field] = theirs;
    else {
      fields[field] = mine;
      clashes.push({ key, field, mine, theirs });
    }
  }
  const parent = own.parent === before?.parent ? other.parent : own.parent;
  return { kind: own.kind, parent, fields };
}

function built(
  parent: string,
  kept: Map<string, Flat>,
  was: Flattened,
  my: Flattened,
  their: Flattened,
): Fields {
  const own = kept.get(parent);
  const { calculation, ...rest } = own?.fields ?? {};
  const made: Fields = own ? { key: parent, ...rest, ...(calculation as Fields) } : {};
  const lists = own
    ? { criteria: ["sub_criteria"], sub_criteria: ["aspects"] }[own.kind] ?? []
    : ["sections", "criteria"];
  for (const list of lists) {
    const kids = [...kept].filter(([, one]) => one.parent === parent && one.kind === list);
    const keys = new Set(kids.map(([key]) => key));
    const at = `${parent}/${list}`;
    made[list] = ordered(keys, was.order.get(at), my.order.get(at), their.order.get(at)).map(
      (key) => built(key, kept, was, my, their),
    );
  }
  return made;
}

/** The order of whoever changed it (mine where both did), the other's new ones after the one that
 * they stood behind. */
function ordered(
  keys: Set<string>,
  was: string[] = [],
  mine: string[] = [],
  theirs: string[] = [],
): string[] {
  const common = (of: string[]): string[] => of.filter((key) => was.includes(key));
  const moved = !same(common(mine), common(was).filter((key) => mine.includes(key)));
  const [first, second] = moved ? [mine, theirs] : [theirs, mine];
  const out = first.filter((key) => keys.has(key));
  for (const [at, key] of second.entries()) {
    if (!keys.has(key) || out.includes(key)) continue;
    const behind = second.slice(0, at).reverse().find((one) => out.includes(one));
    out.splice(behind === undefined ? 0 : out.indexOf(behind) + 1, 0, key);
  }
  return [...out, ...[...keys].filter((key) => !out.includes(key))];
}

/** The body with their value of one clash. */
export function withTheirs(body: Body, clash: Clash): Body {
  const part =
    clash.field === "calculation" ? (clash.theirs as Fields) : { [clash.field]: clash.theirs };
  const walk = <T>(one: T): T => {
    if (Array.isArray(one)) return one.map(walk) as T;
    if (one === null || typeof one !== "object") return one;
    const node = one as Fields;
    const made = Object.fromEntries(
      Object.entries(node).map(([name, value]) => [
        name,
        LISTS.includes(name as never) ? walk(value) : value,
      ]),
    );
    return (node.key === clash.key ? { ...made, ...part } : made) as T;
  };
  return walk(body);
}
