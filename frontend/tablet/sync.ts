// Keeps the tablet and the server in step: pairing, reading what is open, being heard.
import * as api from "./api";
import type { App } from "./app";
import * as comfort from "./comfort";
import * as store from "./store";

const LOOK = 3_000; // ms between two looks at what is open
const PACK_EVERY = 20; // looks
const BEAT_EVERY = 5; // looks between two signs of life
const SOON = 30; // ms after an answer
const PAUSE = 40; // ms between two works that are fetched ahead

export class Sync {
  private token: string | null = null;
  private looks = 0;
  private looking = false;
  private onceMore = false; // somebody asked meanwhile
  private ahead = false; // every sheet has been fetched
  private progressTag: string | null = null;
  private packTag: string | null = null;
  private mayPair = true; // until the server has answered whether it does

  private readonly stopped = new AbortController();
  private timer: ReturnType<typeof setInterval> | undefined;

  /** `ask`: what to do when the token does not count any more, where not pairing by the sign-in. */
  constructor(
    private readonly app: App,
    private readonly ask: (() => Promise<boolean>) | null = null,
  ) {}

  /** Reads nothing any more; what is in the outbox is sent on. */
  stop(): void {
    clearInterval(this.timer);
    this.stopped.abort();
  }

  /** From what is kept here first, so that it works without a network; then the server. */
  async begin(): Promise<void> {
    const { app } = this;
    const { signal } = this.stopped;
    const arrived = (): void => {
      app.arrive(location.hash);
      if (this.timer !== undefined) void this.look();
    };
    addEventListener("hashchange", arrived, { signal });
    app.arrive(location.hash);
    app.pack = await store.pack(app.db, app.owner);
    const works = await store.works(app.db, app.owner);
    app.works = new Map([...works].map(([code, work]) => [code, { work, etag: null }]));
    app.labels = await store.labels(app.db);
    await app.outbox.load();
    await app.errands.load();
    void app.askStorage();
    app.answered = () => setTimeout(() => void this.look(), SOON);
    app.lookAround = () => void this.fetchAhead();
    comfort.apply(app.comfort);
    app.tellLanguage();
    await this.connect();
    if (signal.aborted) return;
    this.timer = setInterval(() => void this.look(), LOOK);
    const awake = (): void => {
      if (document.visibilityState === "hidden") return;
      void this.again();
      app.tellLanguage();
      void app.outbox.flush();
      void app.errands.flush();
      void this.look();
    };
    addEventListener("online", awake, { signal });
    const shown = (event: PageTransitionEvent): void =>
      event.persisted ? location.reload() : awake();
    addEventListener("pageshow", shown, { signal });
    document.addEventListener("visibilitychange", awake, { signal });
  }

  private async connect(): Promise<void> {
    const { app } = this;
    void app.time.ask();
    this.token = await store.token(app.db, app.owner);
    if (!this.token && !(await this.pair())) return;
    await this.readPack();
    await this.pairAnew();
    void app.outbox.flush();
    void app.errands.flush();
    void app.errands.look();
    await this.look();
  }

  /** A tablet whose token is refused pairs by itself only when its page was just opened, which may
   * be several tries ago on a bad network; later a judge has to sign in. */
  private async pairAnew(): Promise<void> {
    const { link, heardAt } = this.app;
    const opened = heardAt === null && this.mayPair && !this.ask;
    if (link === "unpaired" && opened && (await this.pair())) await this.readPack();
  }

  /** Another page of this browser may have signed in and paired again. */
  private async again(): Promise<void> {
    const { app } = this;
    const found = await store.token(app.db, app.owner);
    if (app.link !== "unpaired" || !found || found === this.token) return;
    this.token = found;
    app.link = "starting";
    await app.outbox.flush();
    await this.look();
  }

  /** Pair with the judge who is signed in. False when that is nobody, or another judge. */
  async pair(): Promise<boolean> {
    const { app } = this;
    if (this.ask) return this.stopped.signal.aborted ? false : this.ask();
    const reply = await api.pair(app.start.skill.code);
    if (reply.kind !== "offline") this.mayPair = false;
    if (reply.kind !== "ok") {
      app.heard(reply.kind, "sentence" in reply ? reply.sentence : null);
      return false;
    }
    const { token, judge } = reply.body;
    const owner = `${app.start.skill.code}|${judge.id}`;
    await store.keepToken(app.db, owner, token, judge.label);
    if (owner !== app.owner) {
      app.link = "stranger";
      app.changed();
      return false;
    }
    this.token = token;
    app.heard("ok", null);
    return true;
  }

  private async readPack(): Promise<string> {
    const { app, token } = this;
    if (!token) return "unpaired";
    const reply = await api.pack(token, this.packTag);
    app.heard(reply.kind, "sentence" in reply ? reply.sentence : null);
    if (reply.kind === "ok") {
      app.pack = reply.body;
      this.packTag = reply.etag;
      await store.keepPack(app.db, app.owner, reply.body);
      app.changed();
    }
    return reply.kind;
  }

  /** Look at what is open, and be heard now and then. */
  async look(): Promise<void> {
    const { app } = this;
    if (document.visibilityState === "hidden" || this.stopped.signal.aborted) return;
    if (app.link === "unpaired") await (this.ask ?? (() => this.pairAnew()))();
    if (app.link === "unpaired" || app.link === "stranger") return;
    if (this.looking) {
      this.onceMore = true;
      return;
    }
    this.looking = true;
    try {
      if (!this.token) {
        this.token = await store.token(app.db, app.owner);
        if (!this.token && !(await this.pair())) return;
      }
      this.looks += 1;
      if (!app.pack || this.looks % PACK_EVERY === 0) await this.readPack();
      if (app.route.code) await this.readWork(app.route.code);
      else await this.readProgress();
      if (app.errands.open) await app.errands.look();
      if (this.token) await app.presence.look(this.token);
      if (this.looks % BEAT_EVERY === 0 && this.token) {
        await api.send(this.token, [], app.outbox.posts.length, app.start.version);
      }
    } finally {
      this.looking = false;
    }
    if (this.onceMore) {
      this.onceMore = false;
      void this.look();
    } else if (!this.ahead && app.link === "online") void this.fetchAhead();
  }

  private async readWork(code: string, again = true): Promise<void> {
    const { app, token } = this;
    if (!token) return;
    const { acks } = app;
    const reply = await api.work(token, app.works.get(code)?.etag ?? null, code);
    app.heard(reply.kind, "sentence" in reply ? reply.sentence : null);
    if (reply.kind === "refused" && reply.status === 404) app.go(null);
    if (reply.kind !== "ok") return;
    if (acks !== app.acks) {
      // A mark was taken while this was on its way: it may not be in it yet.
      if (again) await this.readWork(code, false);
      return;
    }
    app.works.set(code, { work: reply.body, etag: reply.etag });
    await store.keepWork(app.db, app.owner, reply.body);
    app.changed();
  }

  private async readProgress(): Promise<void> {
    const { app, token } = this;
    if (!token) return;
    const reply = await api.progress(token, this.progressTag);
    app.heard(reply.kind, "sentence" in reply ? reply.sentence : null);
    if (reply.kind !== "ok") return;
    this.progressTag = reply.etag;
    app.progress = reply.body;
    app.changed();
  }

  /** Every sheet, so that any of them opens without a network. */
  private async fetchAhead(): Promise<void> {
    this.ahead = true;
    for (const code of this.app.pack?.codes ?? []) {
      await this.readWork(code, false);
      await new Promise((done) => setTimeout(done, PAUSE));
      if (this.app.link !== "online" || this.stopped.signal.aborted) {
        this.ahead = false;
        return;
      }
    }
  }
}
