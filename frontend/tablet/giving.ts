// What a judge gives: measurements, votes, confirmations. Each becomes a post in the outbox.
import { untouched } from "../untouched";
import type { App } from "./app";
import { newKey } from "./keys";
import * as sheet from "./sheet";
import type { Aspect, Post, SubCriterion } from "./types";

const ADVANCE = 250; // ms

export class Giving {
  constructor(private readonly app: App) {}

  /** A measurement: the value, or null for "not now". */
  measure(aspect: Aspect, value: number | null, reason = "", observed?: string): void {
    const { code } = this.app.route;
    if (!code) return;
    if (this.isClosed(code, aspect)) return this.app.show(null);
    const cell = sheet.measured(this.app.work(code), aspect);
    if (value === null && (cell.head === null || cell.head.value === null)) {
      this.app.skipped.add(`${code}/${aspect.id}`);
    } else if (value !== null && cell.proposal && cell.proposal.value !== value && !reason) {
      const text = this.lastReason(aspect);
      this.app.show({ kind: "reason", aspect, value, text, ...(observed && { observed }) });
      return;
    } else {
      this.app.skipped.delete(`${code}/${aspect.id}`);
      const words = this.lastReason(aspect); // only own ones: an undo gives them back as this judge's
      const { value: before = null, observed: counted } = cell.head ?? {};
      const post = this.measurement(code, aspect, value, reason, observed);
      this.app.back.remember(post, aspect, before, words, counted);
      void this.app.outbox.add([post]);
    }
    this.app.buzz("tap");
    this.app.dialog = null;
    this.advance(aspect);
  }

  /** Its sheet was signed or locked while a dialog was open: a mark given now would only be set
      aside. Without a network nothing is known, and what is given is sent. */
  private isClosed(code: string, aspect: Aspect): boolean {
    const { pack } = this.app;
    const sub = pack && sheet.aspectOf(pack, aspect.id)?.sub;
    return sheet.closedBy(this.app.work(code), sub ?? null) !== null;
  }

  private lastReason(aspect: Aspect): string {
    const { head } = sheet.measured(this.app.work(this.app.route.code ?? ""), aspect);
    return head?.by === this.app.me.id ? head.reason : "";
  }

  /** Take every open proposal of a sub-criterion as it is. */
  acceptProposals(sub: SubCriterion): void {
    const work = this.app.work(this.app.route.code ?? "");
    const given = (aspect: Aspect): number | null =>
      sheet.measured(work, aspect).proposal?.value ?? null;
    this.enterAll(sheet.openProposals(work, sub), given);
  }

  /** Every measurement of a sub-criterion that is still open is met. */
  restIsMet(sub: SubCriterion): void {
    this.enterAll(sheet.restOf(this.app.work(this.app.route.code ?? ""), sub), (aspect) => aspect.max);
  }

  private enterAll(aspects: Aspect[], value: (aspect: Aspect) => number | null): void {
    const { code } = this.app.route;
    if (!code) return;
    const open = aspects.filter((aspect) => !this.isClosed(code, aspect));
    const posts = open.map((aspect) => {
      const post = this.measurement(code, aspect, value(aspect));
      this.app.back.remember(post, aspect, null, "");
      return post;
    });
    void this.app.outbox.add(posts);
    this.app.show(null);
  }

  measurement(
    code: string,
    aspect: Aspect,
    value: number | null,
    reason = "",
    observed?: string,
  ): Post {
    const more = { aspect: aspect.id, value, reason, ...(observed && { observed }) };
    return this.based(code, aspect, more);
  }

  /** A post that says what the server had told of its cell when it was made. */
  based(code: string, aspect: Aspect, more: Partial<Post>): Post {
    const told = this.app.works.get(code)?.work ?? null;
    return { ...this.post(code), ...more, base: sheet.baseOf(told, aspect) };
  }

  vote(aspect: Aspect, value: number | null): void {
    const { code } = this.app.route;
    if (!code || this.isClosed(code, aspect)) return;
    const cell = sheet.judged(this.app.work(code), aspect);
    const reason = cell.round > 1 ? this.app.draft(aspect).trim() : "";
    if (cell.agreed || (cell.round > 1 && !reason)) return;
    const given = { aspect: aspect.id, value, round: cell.round, reason };
    const post = this.based(code, aspect, given);
    this.app.back.remember(post, aspect, cell.mine, cell.my_reason);
    void this.app.outbox.add([post]);
    this.app.buzz("tap");
    this.advance(aspect);
  }

  confirm(sub: SubCriterion): void {
    const { code } = this.app.route;
    if (!code) return;
    const work = this.app.work(code);
    if (sheet.closedBy(work, sub)) return this.app.show(null);
    const { last } = sheet.sheetOf(work, sub);
    void this.app.outbox.add([{ ...this.post(code), sub_criterion: sub.id, upto: last }]);
    this.app.show(null);
  }

  post(code: string): Post {
    const device_at = new Date(this.app.time.now()).toISOString();
    return { key: newKey(), code, judge: this.app.me.id, device_at };
  }

  /** A moment after a tap, on to the next aspect without an entry. */
  private advance(aspect: Aspect): void {
    this.app.active = aspect.id;
    this.app.changed();
    const { code, sub } = this.app.route;
    const on = (): void => {
      if (this.app.active !== aspect.id || this.app.route.code !== code || this.app.route.sub !== sub) return;
      const of = this.app.sub()?.aspects.filter((one) => one.kind === aspect.kind) ?? [];
      const open = of.filter((one) => !this.app.skipped.has(`${code}/${one.id}`));
      const next = sheet.nextOpen(this.app.work(code ?? ""), open, aspect.id);
      if (!next || of.indexOf(next) < of.indexOf(aspect)) return;
      this.app.active = next.id;
      this.app.changed();
      const row = document.querySelector<HTMLElement>(`[data-aspect="${next.id}"]`);
      row?.scrollIntoView({ block: "nearest" }); // at once: the next tap must not meet a moving row
    };
    setTimeout(() => untouched(on), ADVANCE);
  }
}
