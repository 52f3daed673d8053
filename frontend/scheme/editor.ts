// The editor: what is open, what can be undone, and the drawing of it all.
import { draw, h, type Kid, type VNode } from "../tablet/dom";
import { language, type Language } from "../words";
import { Keeper } from "./keep";
import { criteria } from "./parts";
import { sections } from "./sections";
import { bar, joined, problems } from "./status";
import * as tree from "./tree";
import type { Body, State } from "./types";
import { TEXT } from "./words";
import { Worker } from "./worked";

const STEPS = 60; // of undo

export interface Start extends State {
  code: string;
  adopts: boolean;
}

export class Editor {
  readonly lang: Language = language();
  readonly text = TEXT[this.lang];
  readonly kept: Keeper;
  readonly worked: Worker;
  readonly open = new Set<string>(); // aspects whose details show
  readonly folded = new Set<string>(); // sub-criteria
  readonly back: { body: Body; said: string }[] = [];
  private waiting = false;
  private wanted: string | null = null; // the id of what gets the focus once it is there

  constructor(
    private readonly root: HTMLElement,
    start: Start,
  ) {
    const redraw = (): void => this.draw();
    this.kept = new Keeper(start.code, start, redraw);
    this.worked = new Worker(start.code, redraw);
    this.kept.watch();
    this.now();
  }

  get body(): Body {
    return this.kept.now.body;
  }

  /** Change fields of a node. What builds on what stands there is a function of it: between two
   * drawings somebody may type twice. */
  edit<T extends { key: string }>(key: string, part: tree.Part<T>): void {
    this.kept.type(tree.changed<T>(this.body, key, part));
  }

  /** Change the tree; it can be undone. */
  change(body: Body, focus: string | null = null, said = ""): void {
    this.back.push({ body: this.body, said });
    if (this.back.length > STEPS) this.back.shift();
    this.wanted = focus;
    this.kept.type(body);
  }

  undo(): void {
    const last = this.back.pop();
    if (last) this.kept.type(last.body);
  }

  remove(key: string): void {
    const label = tree.label(this.body, key);
    this.change(tree.removed(this.body, key), null, this.text.removed(label));
  }

  copy(key: string): void {
    const made = tree.copied(this.body, key);
    if (this.open.has(key)) this.open.add(made.key);
    this.change(made.body, `${made.key}-zh`);
  }

  shift(key: string, by: -1 | 1, focus: string): void {
    this.change(tree.shifted(this.body, key, by), focus);
  }

  /** Open what holds a node and bring it before the eyes. */
  show(key: string): void {
    for (const one of this.body.criteria) {
      for (const form of one.sub_criteria) {
        if (form.aspects.some((single) => single.key === key)) {
          this.folded.delete(form.key);
          this.open.add(key);
        }
      }
    }
    this.wanted = key;
    this.draw();
  }

  toggle(set: Set<string>, key: string): void {
    if (!set.delete(key)) set.add(key);
    this.draw();
  }

  /** Draw once for all that happens before the next frame. */
  draw(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => this.now());
  }

  private now(): void {
    this.waiting = false;
    draw(this.root, [
      bar(this),
      joined(this),
      h("div", { class: "ed-sheet" }, h("aside", { class: "ed-side" }, ...this.side()),
        h("div", { class: "ed-main" }, ...criteria(this))), // prettier-ignore
    ]);
    if (this.wanted) this.focus(this.wanted);
    this.wanted = null;
  }

  private side(): Kid[] {
    const side: VNode[] = [problems(this), sections(this)];
    return [...side, h("p", { class: "ed-note ed-keys" }, this.text.keys)];
  }

  private focus(id: string): void {
    const found = document.getElementById(id);
    const field = found?.matches("input, textarea, button, select")
      ? found
      : found?.querySelector<HTMLElement>("input, textarea");
    field?.focus();
    found?.scrollIntoView({ block: "nearest" });
  }
}
