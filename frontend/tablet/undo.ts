// Taking back: the last steps of this judge on this tablet, while nothing stands on them.
import type { App } from "./app";
import * as sheet from "./sheet";
import type { Aspect, Post } from "./types";

const STEPS = 20;
const SNACK = 8_000; // ms in which the button says what it would undo

export interface Step {
  key: string; // of the post that would be undone
  code: string;
  aspect: Aspect;
  value: number | null; // as it was before
  observed: string | undefined; // what it was worked out from
  reason: string;
  round: number;
  at: number; // when it was taken
}

export class Undo {
  steps: Step[] = [];
  private snackUntil = 0;

  constructor(private readonly app: App) {}

  /** A post is given for an aspect: what stood there before, to be given again. */
  remember(
    post: Post,
    aspect: Aspect,
    value: number | null,
    reason: string,
    observed?: string | null,
  ): void {
    const { key, code, round = 1 } = post;
    const at = this.app.time.now();
    const before = { value, observed: observed ?? undefined, reason };
    const step: Step = { key, code, aspect, ...before, round, at };
    this.steps = [...this.steps, step].slice(-STEPS);
    this.snackUntil = Date.now() + SNACK;
    setTimeout(() => this.app.changed(), SNACK + 50);
  }

  /** A post was set aside: it changed nothing, so there is nothing to take back, and a later step
      of its cell goes back to what stood before both. */
  forget(key: string): void {
    const gone = this.steps.find((one) => one.key === key);
    if (!gone) return;
    const { code, value, observed, reason } = gone;
    const later = this.steps.slice(this.steps.indexOf(gone) + 1);
    const next = later.find((one) => one.code === code && one.aspect.id === gone.aspect.id);
    if (next) Object.assign(next, { value, observed, reason });
    this.steps = this.steps.filter((one) => one !== gone);
  }

  /** The step that would be taken back now. */
  get next(): Step | null {
    return this.steps.findLast((one) => !this.stuck(one)) ?? null;
  }

  get fresh(): boolean {
    return Date.now() < this.snackUntil;
  }

  /** Whether a step cannot be undone any more: its votes are out, its sheet is closed, or was signed
      after it, though it may have been opened again since. */
  private stuck(step: Step): boolean {
    const work = this.app.work(step.code);
    const sub = this.app.pack && sheet.aspectOf(this.app.pack, step.aspect.id)?.sub;
    if (!sub || sheet.closedBy(work, sub)) return true;
    const opened = work?.reopened?.[sub.id];
    if (opened && step.at < Date.parse(opened.at)) return true;
    if (step.aspect.kind === "M") return false;
    const cell = sheet.judged(work, step.aspect);
    return cell.agreed || cell.round !== step.round;
  }

  undo(): void {
    const { app } = this;
    const step = this.next;
    this.steps = step ? this.steps.slice(0, this.steps.indexOf(step)) : [];
    this.snackUntil = 0;
    if (!step) return app.changed();
    const { code, aspect, value, observed, round } = step;
    const reason = value === null ? "" : step.reason || app.text.undoReason;
    const post =
      aspect.kind === "M"
        ? app.give.measurement(code, aspect, value, reason, observed)
        : app.give.based(code, aspect, { aspect: aspect.id, value, round, reason });
    void app.outbox.add([post]);
    if (app.route.code === code) app.active = aspect.id;
    app.changed();
  }
}
