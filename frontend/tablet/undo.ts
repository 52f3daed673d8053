// Taking back: the last steps of this judge on this tablet, while nothing stands on them.
import type { App } from "./app";
import * as sheet from "./sheet";
import type { Aspect } from "./types";

const STEPS = 20;
const SNACK = 8_000; // ms in which the button says what it would undo

export interface Step {
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

  remember(
    code: string,
    aspect: Aspect,
    value: number | null,
    reason: string,
    round: number,
    observed?: string | null,
  ): void {
    const at = this.app.time.now();
    const step: Step = { code, aspect, value, observed: observed ?? undefined, reason, round, at };
    this.steps = [...this.steps, step].slice(-STEPS);
    this.snackUntil = Date.now() + SNACK;
    setTimeout(() => this.app.changed(), SNACK + 50);
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
