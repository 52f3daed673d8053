// A tablet of the hall: paired once, then the judges of the panel change on it with their PINs.
import type { Language } from "../words";
import * as api from "./api";
import { App, type Urls } from "./app";
import { newKey } from "./keys";
import * as comfort from "./comfort";
import { Errands } from "./errands";
import { Faces } from "./faces";
import { Outbox } from "./outbox";
import * as pin from "./pin";
import { Signing } from "./signing";
import * as spoken from "./spoken";
import * as store from "./store";
import { Sync } from "./sync";
import { HALL_TEXT } from "./text_hall";
import type { Card, Sentence } from "./types";

const BEAT = 10_000; // ms between two signs of life
const LOOK = 5_000; // ms between two looks at what was signed elsewhere
const WATCH = 2_000; // ms between two looks at how long nobody has touched it

export interface HallStart {
  hall: true;
  version: string;
  urls: Urls;
}

export class Hall {
  row: store.HallRow | null = null;
  ended = false; // it was unpaired
  chosen: Card | null = null; // whose PIN is being typed
  typed = "";
  busy = false;
  said: string | Sentence | null = null;
  online = false;
  unsent = 0;
  app: App | null = null; // of the judge who is unlocked
  signing: Signing | null = null; // sign-off is open
  private sync: Sync | null = null;
  private readonly apps = new Map<string, App>(); // drafts and undo wait here for their judge
  readonly errands: Errands; // calls for help from the locked tablet; everybody's notes meanwhile
  helping = false; // the four buttons are open
  readonly faces: Faces;
  private readonly keeper: Outbox; // sends for everybody while nobody is unlocked
  private touched = Date.now();

  constructor(
    readonly db: store.Database,
    readonly start: HallStart,
    public language: Language,
    readonly redraw: () => void,
  ) {
    const quiet = (): void => undefined;
    const token = async (owner: string): Promise<string | null> =>
      owner === "hall" ? (this.row?.token ?? null) : store.token(db, owner);
    this.errands = new Errands(db, "hall", token, () => this.redraw(), async () => undefined);
    this.faces = new Faces(() => this.redraw());
    this.keeper = new Outbox(db, "hall", { changed: quiet, heard: quiet, settled: quiet });
  }

  get text() {
    return HALL_TEXT[this.language];
  }

  async begin(): Promise<void> {
    this.row = (await this.db.get("hall", "this")) ?? null;
    const code = /^#([0-9A-Za-z]{8})$/.exec(location.hash)?.[1];
    if (code) {
      history.replaceState(null, "", location.pathname);
      this.typed = code.toUpperCase();
    }
    for (const type of ["pointerdown", "keydown", "wheel"]) {
      addEventListener(type, () => (this.touched = Date.now()), { capture: true, passive: true });
    }
    setInterval(() => this.lockWhenLeft(), WATCH);
    document.addEventListener("visibilitychange", () => this.lockWhenLeft());
    setInterval(() => void this.beat(), BEAT);
    setInterval(() => {
      if (document.visibilityState === "visible") void this.signing?.refresh();
    }, LOOK);
    addEventListener("online", () => void this.beat());
    await this.errands.load();
    if (code && !this.row) await this.pair();
    else await this.beat();
  }

  async pair(): Promise<void> {
    if (this.busy) return;
    this.say(null, true);
    const reply = await api.pairHall(this.typed, deviceName());
    if (reply.kind === "ok") {
      const { token, number, skill } = reply.body;
      this.row = { id: "this", token, number, skill, judges: [], lock_minutes: 3 };
      await this.db.put("hall", this.row);
      this.ended = false;
      this.typed = "";
      this.say(null);
      await this.beat();
    } else this.say("sentence" in reply ? reply.sentence : this.text.pairOffline);
  }

  /** Say that the tablet lives, and learn who is on the panel now. */
  async beat(): Promise<void> {
    if (!this.row || this.ended) return;
    if (!this.app) {
      await this.keeper.flush();
      await this.errands.flush();
      if (this.errands.open) await this.errands.look();
    }
    const marks = [...(await store.counts(this.db)).values()].reduce((all, n) => all + n, 0);
    this.unsent = marks + (await this.db.count("errands"));
    const reply = await api.here(this.row.token, this.unsent, this.start.version);
    this.online = reply.kind === "ok";
    if (reply.kind === "ok") {
      this.row = { ...this.row, ...reply.body };
      await this.db.put("hall", this.row);
    } else if (reply.kind === "unpaired") await this.end();
    this.show();
  }

  /** Draw the cards as they are, with the photos that are there. */
  private show(): void {
    const { row } = this;
    const cards = [...(row?.judges ?? []), ...(this.signing?.told?.people ?? [])];
    const names = cards.flatMap((one) => one.photo ?? []);
    if (row) void this.faces.bring([...new Set(names)], row.token);
    this.redraw();
  }

  /** It was unpaired: what opened sheets on it goes; what was not sent stays, and is still sent. */
  private async end(): Promise<void> {
    this.lock();
    this.apps.clear();
    const tx = this.db.transaction(["hall", "pins", "works", "packs"], "readwrite");
    for (const name of ["hall", "pins", "works", "packs"] as const) {
      void tx.objectStore(name).clear();
    }
    await tx.done;
    this.row = null;
    this.signing = null;
    this.ended = true;
    await this.faces.forget();
    await this.keeper.flush();
  }

  /** Open sign-off, at once at a sub-criterion where one is given; or leave it. */
  signOff(open: boolean, sub: number | null = null): void {
    const { row } = this;
    this.signing =
      open && row
        ? new Signing(
            () => row.token,
            () => this.language,
            () => this.show(),
            (online) => (this.online = online),
            () => void this.end().then(() => this.redraw()),
          )
        : null;
    void this.signing?.go(sub);
    this.redraw();
  }

  choose(card: Card | null): void {
    this.chosen = card;
    this.typed = "";
    this.say(null);
  }

  type(text: string): void {
    this.typed = text.slice(0, 20);
    this.say(null);
  }

  /** Let in whose PIN was typed: the server says whether it is right, the tablet only without it. */
  async unlock(): Promise<void> {
    const { row, chosen, typed } = this;
    if (!row || !chosen || !typed || this.busy) return;
    this.say(null, true);
    const owner = `${row.skill.code}|${chosen.id}`;
    const held = await store.token(this.db, owner);
    const reply = await api.unlock(row.token, chosen.id, typed, held ?? "");
    if (reply.kind === "ok") {
      const { token, judge } = reply.body;
      if (token) await store.keepToken(this.db, owner, token, judge.label);
      this.open(owner, chosen);
      await pin.keep(this.db, chosen.id, typed);
    } else if (reply.kind === "unpaired") {
      await this.end();
      this.say(null);
    } else if (reply.kind === "refused") {
      this.typed = "";
      this.say(reply.sentence);
    } else {
      const said = held ? await pin.compare(this.db, chosen.id, typed) : "unknown";
      if (said === "right") return this.open(owner, chosen);
      this.typed = "";
      this.say(this.text[said]);
    }
  }

  call(kind: string): void {
    void this.errands.call(kind, "", "", new Date());
  }

  private open(owner: string, card: Card): void {
    const { row } = this;
    if (!row) return;
    const judge = { id: card.id, label: card.label };
    const { version, urls } = this.start;
    const start = { skill: row.skill, judge, version, urls, hall: true };
    const app =
      this.apps.get(owner) ?? new App(this.db, start, this.language, () => this.redraw());
    this.apps.set(owner, app);
    app.signOff = (sub) => {
      this.lock(); // everybody signs with a PIN, whoever was marking
      this.signOff(true, sub);
    };
    this.app = app;
    this.touched = Date.now();
    this.chosen = null;
    this.typed = "";
    this.say(null);
    this.sync = new Sync(app, async () => {
      this.lock(); // its token does not count any more: the PIN is asked
      return false;
    });
    document.documentElement.lang = app.language === "zh" ? "zh-CN" : "en";
    void this.sync.begin();
  }

  /** Nobody's any more. What was given stays in the outbox and is sent on. */
  lock(): void {
    this.sync?.stop();
    if (this.app) {
      this.app.dialog = null;
      this.language = this.app.language;
    }
    comfort.apply(null);
    this.sync = null;
    this.app = null;
    this.chosen = null;
    this.redraw();
  }

  private lockWhenLeft(): void {
    const patience = (this.row?.lock_minutes ?? 3) * 60_000;
    if (Date.now() - this.touched < patience) return;
    if (this.app) this.lock();
    else if (this.signing) this.signOff(false); // marks may be in sight
  }

  speak(language: Language): void {
    this.language = language;
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    spoken.choose("hall", language);
    void spoken.tell("hall", this.start.urls);
    this.redraw();
  }

  private say(words: string | Sentence | null, busy = false): void {
    this.said = words;
    this.busy = busy;
    this.redraw();
  }
}

/** What this tablet calls itself while it has no token; only tries are counted by it. */
function deviceName(): string {
  const kept = localStorage.getItem("podium-tablet") ?? newKey();
  localStorage.setItem("podium-tablet", kept);
  return kept;
}

