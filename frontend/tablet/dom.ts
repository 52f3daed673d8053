// Draws a tree of plain nodes into the page and changes only what differs from the last drawing.

type Handler = (event: never) => void;
type Value = string | number | boolean | null | undefined | Handler;

/** `key` keeps an element the same while its place changes; `mount` runs once it is in the page. */
export interface Props {
  key?: string;
  mount?: (element: HTMLElement) => void;
  [name: string]: Value | ((element: HTMLElement) => void);
}

export interface VNode {
  tag: string; // "" is a text
  text: string;
  props: Props;
  kids: VNode[];
  node: Element | Text | null;
}

export type Kid = VNode | string | number | false | null | undefined;

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked"]);
const handlers = new WeakMap<Element, Map<string, Handler>>();
const drawn = new WeakMap<Element, VNode[]>();

/** A node: h("button", { class: "btn", onclick }, "Yes"). */
export function h(tag: string, props: Props | null, ...kids: (Kid | Kid[])[]): VNode {
  return { tag, text: "", props: props ?? {}, kids: nodes(kids.flat()), node: null };
}

/** A shape from static/shapes.svg, which `shapes.ts` puts into the page. */
export function shape(id: string, extra = ""): VNode {
  const href = `#shape-${id}`;
  return h("svg", { class: `shape ${extra}`, "aria-hidden": "true" }, h("use", { href }));
}

function nodes(kids: Kid[]): VNode[] {
  const out: VNode[] = [];
  for (const kid of kids) {
    if (kid === false || kid === null || kid === undefined) continue;
    if (typeof kid === "object") out.push(kid);
    else out.push({ tag: "", text: String(kid), props: {}, kids: [], node: null });
  }
  return out;
}

/** Make the children of `root` look like `tree`. */
export function draw(root: Element, tree: Kid[]): void {
  const after = nodes(tree);
  const mounted: (() => void)[] = [];
  reconcile(root, drawn.get(root) ?? [], after, mounted);
  drawn.set(root, after);
  for (const run of mounted) run();
}

function reconcile(
  parent: Element,
  before: VNode[],
  after: VNode[],
  mounted: (() => void)[],
): void {
  const keyed = new Map<string, VNode>();
  const plain: VNode[] = [];
  for (const one of before) {
    if (one.props.key === undefined) plain.push(one);
    else keyed.set(one.props.key, one);
  }
  const kept = new Set<VNode>();
  let next = 0;
  for (const one of after) {
    const match = one.props.key === undefined ? plain[next++] : keyed.get(one.props.key);
    if (match && match.tag === one.tag && !kept.has(match)) {
      kept.add(match);
      update(match, one, mounted);
    } else {
      one.node = create(one, mounted);
    }
  }
  for (const one of before) if (!kept.has(one)) drop(one);
  let cursor = parent.firstChild;
  for (const one of after) {
    if (one.node === cursor) cursor = cursor?.nextSibling ?? null;
    else if (one.node) parent.insertBefore(one.node, cursor);
  }
}

function drop(one: VNode): void {
  if (one.node instanceof HTMLDialogElement && one.node.open) one.node.close(); // gives focus back
  one.node?.remove();
}

function create(one: VNode, mounted: (() => void)[]): Element | Text {
  if (one.tag === "") return document.createTextNode(one.text);
  const drawing = one.tag === "svg" || one.tag === "use";
  const element = drawing
    ? document.createElementNS(SVG, one.tag)
    : document.createElement(one.tag);
  for (const name in one.props) set(element, name, one.props[name] as Value);
  reconcile(element, [], one.kids, mounted);
  const { mount } = one.props;
  if (mount) mounted.push(() => mount(element as HTMLElement));
  return element;
}

function update(before: VNode, after: VNode, mounted: (() => void)[]): void {
  const node = before.node;
  after.node = node;
  if (after.tag === "") {
    if (node && before.text !== after.text) (node as Text).data = after.text;
    return;
  }
  const element = node as Element;
  for (const name in before.props) {
    if (!(name in after.props)) set(element, name, undefined);
  }
  for (const name in after.props) {
    if (before.props[name] !== after.props[name]) set(element, name, after.props[name] as Value);
  }
  reconcile(element, before.kids, after.kids, mounted);
}

function set(element: Element, name: string, value: Value): void {
  if (name === "key" || name === "mount") return;
  if (name.startsWith("on")) listen(element, name.slice(2), value as Handler | undefined);
  else if (PROPERTIES.has(name)) (element as unknown as Record<string, Value>)[name] = value ?? "";
  else if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

function listen(element: Element, type: string, handler: Handler | undefined): void {
  let own = handlers.get(element);
  if (!own) handlers.set(element, (own = new Map()));
  if (!own.has(type)) {
    element.addEventListener(type, (event) => own.get(type)?.(event as never));
  }
  own.set(type, handler ?? (() => undefined));
}
