// The state of the tablet and everything a judge can do with it. Views read it, nothing else writes.
import { ServerTime } from "../clock";
import * as theme from "../theme";
import type { Language } from "../words";
import { Outbox } from "./outbox";
import { download, fileName, outboxFile, type Saved } from "./outbox_file";
import * as sheet from "./sheet";
import * as store from "./store";
import { TEXT } from "./text";
import type {
  AllProgress,
  Aspect,
  Evidence,
  Judge,
  Pack,
  Post,
  Skill,
  SubCriterion,
  Work,
} from "./types";

export interface Start {
  skill: Skill;
  judge: Judge;
  urls: { home: string; sign_in: string; zh: string; en: string };
}

export type Dialog =
  | { kind: "reason"; aspect: Aspect; value: number; text: string }
  | { kind: "pad"; aspect: Aspect; text: string; fresh: boolean }
  | { kind: "evidence"; aspect: Aspect | null; items: Evidence[]; at: number }
  | { kind: "proposals"; sub: SubCriterion }
  | { kind: "confirm"; sub: SubCriterion }
  | { kind: "asides" }
  | { kind: "tablet" };

export interface Step {
  code: string;
  aspect: Aspect;
  value: number | null; // as it was before
  reason: string;
  round: number;
  said: string;
}

export interface Held {
  work: Work;
  etag: string | null;
}

const STEPS = 20;
const SNACK = 8_000;
const ADVANCE = 250;

export type Link = "starting" | "online" | "offline" | "unpaired" | "stranger" | "refused";

export class App {
  readonly owner: string;
  readonly outbox: Outbox;
  readonly time = new ServerTime();
  pack: Pack | null = null;
  progress: AllProgress | null = null;
  works = new Map<string, Held>();
  acknowledged = new Map<string, string>(); // key of a code and aspect → when the server had it
  route: { code: string | null; sub: number | null } = { code: null, sub: null };
  dialog: Dialog | null = null;
  link: Link = "starting";
  sentence: { zh: string; en: string } | null = null;
  heardAt: Date | null = null;
  steps: Step[] = [];
  snackUntil = 0;
  active: number | null = null;
  skipped = new Set<string>();
  drafts = new Map<string, string>();
  onlyOpen = false;
  persisted: boolean | null = null;
  saved: Saved | null = null; // the file of unsent marks that was saved last
  labels = new Map<string, string>(); // who has marked on this browser, by owner
  answered: () => void = () => undefined; // set by Sync: read what the answers changed
  acks = 0; // rises with every answer, so that an older reading is not taken for a newer one

  constructor(
    readonly db: store.Database,
    readonly start: Start,
    public language: Language,
    private readonly redraw: () => void,
  ) {
    this.owner = `${start.skill.code}|${start.judge.id}`;
    this.outbox = new Outbox(db, this.owner, {
      changed: () => this.changed(),
      heard: (reply) => this.heard(reply.kind, "sentence" in reply ? reply.sentence : null),
      settled: (post, answer) => {
        this.acks += 1;
        if (answer.state === "taken") this.took(post, answer.id);
        this.answered();
      },
    });
  }

  get text() {
    return TEXT[this.language];
  }

  get me(): Judge {
    return this.start.judge;
  }

  changed(): void {
    this.redraw();
  }

  /** The work as it is shown: what the server told, and on top of it what still waits here. */
  work(code: string): Work | null {
    const { pack } = this;
    if (!pack) return null;
    const told = this.works.get(code)?.work ?? sheet.emptyWork(code);
    return this.outbox.posts
      .filter((post) => post.code === code)
      .reduce((work, post) => sheet.apply(work, post, null, pack), told);
  }

  heard(kind: string, sentence: { zh: string; en: string } | null): void {
    this.sentence = sentence;
    if (kind === "ok" || kind === "same") {
      this.link = "online";
      this.heardAt = new Date(this.time.now());
    } else if (kind === "offline" || kind === "unpaired" || kind === "refused") {
      this.link = kind;
    }
    this.changed();
  }

  private took(post: Post, id: number | null): void {
    const held = this.works.get(post.code);
    if (!this.pack) return;
    const told = held?.work ?? sheet.emptyWork(post.code);
    const work = sheet.apply(told, post, id, this.pack);
    this.works.set(post.code, { work, etag: null });
    void store.keepWork(this.db, this.owner, work);
    this.acknowledged.set(
      `${post.code}/${post.aspect ?? `sheet-${post.sub_criterion}`}`,
      new Date(this.time.now()).toISOString(),
    );
  }

  // Where the judge is

  go(code: string | null, sub: number | null = null): void {
    const parts = [code, sub].filter((part) => part !== null);
    location.hash = `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
  }

  arrive(hash: string): void {
    const [code, sub] = hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
    const same = this.route.code === (code || null) && this.route.sub === Number(sub || 0);
    this.route = { code: code || null, sub: sub ? Number(sub) : null };
    if (!same) {
      this.active = null;
      this.dialog = null;
      scrollTo(0, 0);
    }
    this.changed();
    setTimeout(() => {
      const tab = document.querySelector(".t-tab[aria-current]");
      tab?.scrollIntoView({ inline: "center", block: "nearest" });
    });
  }

  /** The sub-criterion that is open: the chosen one, else the first with something left to do. */
  sub(): SubCriterion | null {
    const { pack, route } = this;
    if (!pack || !route.code) return null;
    const subs = sheet.subCriteria(pack);
    const chosen = subs.find((one) => one.id === route.sub);
    if (chosen) return chosen;
    const work = this.work(route.code);
    const open = subs.find((one) => one.aspects.some((aspect) => !sheet.isDone(work, aspect)));
    const first = open ?? subs[0] ?? null;
    if (first) this.route.sub = first.id; // stays while it is being finished
    return first;
  }

  show(dialog: Dialog | null): void {
    this.dialog = dialog;
    this.changed();
  }

  /** The other language, at once and without a network; the server remembers when it can. */
  speak(language: Language): void {
    this.language = language;
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    void fetch(this.start.urls[language], { redirect: "manual" }).catch(() => undefined);
    this.changed();
  }

  /** Unsent marks into a file for the chief judge. They stay here, and are sent when that can be. */
  async saveFile(): Promise<void> {
    const at = new Date(this.time.now());
    const made = await outboxFile(this.db, this.owner, this.outbox.posts, at);
    if (made) {
      const name = fileName(this.start.skill.code, at);
      download(made.file, name);
      this.saved = { name, marks: made.marks };
    }
    this.changed();
  }

  turnTheme(): void {
    theme.turn();
  }

  // What the judge gives

  /** A measurement: the value, or null for "not now". */
  measure(aspect: Aspect, value: number | null, reason = ""): void {
    const { code } = this.route;
    if (!code) return;
    const cell = sheet.measured(this.work(code), aspect);
    if (value === null && (cell.head === null || cell.head.value === null)) {
      this.skipped.add(`${code}/${aspect.id}`);
    } else if (value !== null && cell.proposal && cell.proposal.value !== value && !reason) {
      this.show({ kind: "reason", aspect, value, text: this.lastReason(aspect) });
      return;
    } else {
      this.skipped.delete(`${code}/${aspect.id}`);
      this.remember(code, aspect, cell.head?.value ?? null, cell.head?.reason ?? "", 1);
      void this.outbox.add([this.measurement(code, aspect, value, reason)]);
    }
    this.dialog = null;
    this.advance(aspect);
  }

  private lastReason(aspect: Aspect): string {
    const { head } = sheet.measured(this.work(this.route.code ?? ""), aspect);
    return head?.by === this.me.id ? head.reason : "";
  }

  /** Take every open proposal of a sub-criterion as it is. */
  acceptProposals(sub: SubCriterion): void {
    const { code } = this.route;
    if (!code) return;
    const work = this.work(code);
    const posts = sheet.openProposals(work, sub).map((aspect) => {
      this.remember(code, aspect, null, "", 1);
      return this.measurement(code, aspect, sheet.measured(work, aspect).proposal?.value ?? null);
    });
    void this.outbox.add(posts);
    this.show(null);
  }

  private measurement(code: string, aspect: Aspect, value: number | null, reason = ""): Post {
    return this.based(code, aspect, { aspect: aspect.id, value, reason });
  }

  /** A post that says what the server had told of its cell when it was made. */
  private based(code: string, aspect: Aspect, more: Partial<Post>): Post {
    const told = this.works.get(code)?.work ?? null;
    return { ...this.post(code), ...more, base: sheet.baseOf(told, aspect) };
  }

  vote(aspect: Aspect, value: number | null): void {
    const { code } = this.route;
    if (!code) return;
    const cell = sheet.judged(this.work(code), aspect);
    const reason = cell.round > 1 ? this.draft(aspect).trim() : "";
    if (cell.agreed || (cell.round > 1 && !reason)) return;
    this.remember(code, aspect, cell.mine, cell.my_reason, cell.round);
    void this.outbox.add([
      this.based(code, aspect, { aspect: aspect.id, value, round: cell.round, reason }),
    ]);
    this.advance(aspect);
  }

  confirm(sub: SubCriterion): void {
    const { code } = this.route;
    if (!code) return;
    const { last } = sheet.sheetOf(this.work(code), sub);
    void this.outbox.add([{ ...this.post(code), sub_criterion: sub.id, upto: last }]);
    this.show(null);
  }

  private post(code: string): Post {
    const device_at = new Date(this.time.now()).toISOString();
    return { key: newKey(), code, judge: this.me.id, device_at };
  }

  draft(aspect: Aspect): string {
    return this.drafts.get(`${this.route.code}/${aspect.id}`) ?? "";
  }

  write(aspect: Aspect, text: string): void {
    this.drafts.set(`${this.route.code}/${aspect.id}`, text);
    this.changed();
  }

  // Taking back

  private remember(
    code: string,
    aspect: Aspect,
    value: number | null,
    reason: string,
    round: number,
  ): void {
    this.steps = [...this.steps, { code, aspect, value, reason, round, said: aspect.code }];
    this.steps = this.steps.slice(-STEPS);
    this.snackUntil = Date.now() + SNACK;
    setTimeout(() => this.changed(), SNACK + 50);
  }

  /** Why the last step cannot be undone any more: its votes are out, or its sheet is confirmed. */
  stuck(step: Step): boolean {
    const work = this.work(step.code);
    if (step.aspect.kind === "M") return work?.locked_at != null;
    const cell = sheet.judged(work, step.aspect);
    return cell.agreed || cell.round !== step.round;
  }

  undo(): void {
    let step = this.steps.at(-1);
    while (step && this.stuck(step)) {
      this.steps = this.steps.slice(0, -1);
      step = this.steps.at(-1);
    }
    this.steps = this.steps.slice(0, -1);
    this.snackUntil = 0;
    if (!step) return this.changed();
    const { code, aspect, value, round } = step;
    const reason = value === null ? "" : step.reason || this.text.undoReason;
    const post =
      aspect.kind === "M"
        ? this.measurement(code, aspect, value, reason)
        : this.based(code, aspect, { aspect: aspect.id, value, round, reason });
    void this.outbox.add([post]);
    if (this.route.code === code) this.active = aspect.id;
    this.changed();
  }

  /** A moment after a tap, on to the next aspect without an entry. */
  private advance(aspect: Aspect): void {
    this.active = aspect.id;
    this.changed();
    const { code, sub } = this.route;
    setTimeout(() => {
      if (this.active !== aspect.id || this.route.code !== code || this.route.sub !== sub) return;
      const of = this.sub()?.aspects.filter((one) => one.kind === aspect.kind) ?? [];
      const open = of.filter((one) => !this.skipped.has(`${code}/${one.id}`));
      const next = sheet.nextOpen(this.work(code ?? ""), open, aspect.id);
      if (!next || of.indexOf(next) < of.indexOf(aspect)) return;
      this.active = next.id;
      this.changed();
      const row = document.querySelector<HTMLElement>(`[data-aspect="${next.id}"]`);
      row?.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    }, ADVANCE);
  }
}

const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A key that no other mark has; `randomUUID` is missing where the page came over plain HTTP. */
export function newKey(): string {
  if ("randomUUID" in crypto) return crypto.randomUUID();
  const bytes = (crypto as Crypto).getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
