// The state of the tablet and everything a judge can do with it. Views read it, nothing else writes.
import { ServerTime } from "../clock";
import type { Language } from "../words";
import * as address from "./address";
import { buzz, type Buzz } from "./buzz";
import * as comfort from "./comfort";
import type { Dialog } from "./opened";
import { Errands } from "./errands";
import { Giving } from "./giving";
import { Outbox } from "./outbox";
import { download, fileName, outboxFile, type Saved } from "./outbox_file";
import { Presence } from "./presence";
import * as sheet from "./sheet";
import * as spoken from "./spoken";
import type { Start } from "./start";
import * as store from "./store";
import { TEXT } from "./text";
import { Undo } from "./undo";
import type {
  AllProgress,
  Aspect,
  Errand,
  Judge,
  Pack,
  Post,
  Sentence,
  SubCriterion,
  Work,
} from "./types";

export interface Held {
  work: Work;
  etag: string | null;
}

export type { Dialog } from "./opened";
export type { Start, Urls } from "./start";

export type Link = "starting" | "online" | "offline" | "unpaired" | "stranger" | "refused";

export class App {
  readonly owner: string;
  readonly outbox: Outbox;
  readonly errands: Errands;
  readonly give = new Giving(this);
  readonly back = new Undo(this);
  readonly presence = new Presence(this);
  readonly time = new ServerTime();
  pack: Pack | null = null;
  progress: AllProgress | null = null;
  works = new Map<string, Held>();
  acknowledged = new Map<string, string>(); // key of a code and aspect → when the server had it
  route: address.Address = { code: null, sub: null };
  dialog: Dialog | null = null;
  link: Link = "starting";
  sentence: { zh: string; en: string } | null = null;
  heardAt: Date | null = null;
  active: number | null = null;
  skipped = new Set<string>();
  drafts = new Map<string, string>();
  onlyOpen = false; // in the list
  onlyLeft = false; // in the matrix
  known = new Set<string>(); // works that were scanned or confirmed on this page
  comfort: comfort.Comfort;
  persisted: boolean | null = null;
  saved: Saved | null = null; // the file of unsent marks that was saved last
  labels = new Map<string, string>(); // who has marked on this browser, by owner
  answered: () => void = () => undefined; // set by Sync: read what the answers changed
  lookAround: () => void = () => undefined; // set by Sync: read every work anew
  signOff: ((sub: number) => void) | null = null; // set by Hall: to the signing of a sheet
  acks = 0; // rises with every answer, so that an older reading is not taken for a newer one

  constructor(
    readonly db: store.Database,
    readonly start: Start,
    public language: Language,
    private readonly redraw: () => void,
  ) {
    this.owner = `${start.skill.code}|${start.judge.id}`;
    this.errands = new Errands(
      db,
      this.owner,
      (owner) => store.token(db, owner),
      () => this.changed(),
      async (errand, refused) => {
        if (refused && errand.owner === this.owner) await this.setAside(errand, refused);
        this.answered();
      },
    );
    this.comfort = comfort.read(this.owner);
    const chosen = spoken.chosen(this.owner);
    if (chosen) this.showIn(chosen);
    this.outbox = new Outbox(db, this.owner, {
      changed: () => this.changed(),
      heard: (reply) => this.heard(reply.kind, "sentence" in reply ? reply.sentence : null),
      settled: (post, answer) => {
        this.acks += 1;
        if (answer.state === "taken") this.took(post, answer.id);
        else this.back.forget(post.key);
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

  /** A note that does not count, or a call that nobody could read: shown with its sentence. */
  private async setAside(errand: Errand, sentence: Sentence): Promise<void> {
    const { key } = errand;
    const { code = "", aspect } = errand.body as { code?: string; aspect?: number };
    const device_at = String(errand.body["device_at"] ?? "");
    const post: Post = { key, code, judge: this.me.id, device_at };
    if (aspect !== undefined) post.aspect = aspect;
    await this.db.put("aside", { key, owner: this.owner, post, sentence });
    await this.outbox.load();
  }

  /** A note, a photo, or (with `takes_back`, a key) the end of an own one. */
  async leave(aspect: Aspect, more: { words?: string; takes_back?: string }, photo?: Blob): Promise<void> {
    const { code } = this.route;
    if (!code) return;
    const device_at = new Date(this.time.now()).toISOString();
    const { id } = aspect;
    await this.errands.add("remark", { code, judge: this.me.id, aspect: id, device_at, ...more }, photo);
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
    const to = address.read(hash);
    const same = this.route.code === to.code && this.route.sub === to.sub;
    this.route = to;
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

  /** Open a work by its card or an arrow: the first time it asks whether it is the right one. */
  pick(code: string, sub: number | null = null): void {
    if (this.known.has(code)) this.go(code, sub);
    else this.show({ kind: "pick", code, sub });
  }

  /** A code that was scanned, or confirmed by hand. */
  open(code: string, sub: number | null = null): void {
    this.known.add(code);
    this.show(null);
    this.go(code, sub);
  }

  show(dialog: Dialog | null): void {
    this.dialog = dialog;
    this.changed();
  }

  /** The other language, at once and without a network; the server remembers when it can. */
  speak(language: Language): void {
    spoken.choose(this.owner, language);
    this.showIn(language);
    this.changed();
    this.tellLanguage();
  }

  /** Tell the server a choice that it may not have yet. */
  tellLanguage(): void {
    void spoken.tell(this.owner, this.start.urls);
  }

  private showIn(language: Language): void {
    this.language = language;
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }

  /** Unsent marks into a file for the chief judge. They stay here, and are sent when that can be. */
  async saveFile(): Promise<void> {
    const at = new Date(this.time.now());
    const made = await outboxFile(this.db, this.owner, this.outbox.posts, this.errands.waiting, at);
    if (made) {
      const name = fileName(this.start.skill.code, at);
      download(made.file, name);
      this.saved = { name, marks: made.marks, notes: made.notes };
    }
    this.changed();
  }

  /** Ask the browser not to clear what is kept here; a tap may be what it waits for. */
  async askStorage(): Promise<void> {
    this.persisted = (await navigator.storage?.persist?.().catch(() => false)) ?? null;
    this.changed();
  }

  suit(changed: Partial<comfort.Comfort>): void {
    this.comfort = { ...this.comfort, ...changed };
    comfort.keep(this.owner, this.comfort);
    comfort.apply(this.comfort);
    this.changed();
  }

  buzz(kind: Buzz): void {
    buzz(kind, this.comfort);
  }

  // What is being written

  draft(aspect: Aspect): string {
    return this.drafts.get(`${this.route.code}/${aspect.id}`) ?? "";
  }

  write(aspect: Aspect, text: string): void {
    this.drafts.set(`${this.route.code}/${aspect.id}`, text);
    this.changed();
  }
}
