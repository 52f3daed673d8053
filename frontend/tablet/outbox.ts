// The outbox: a mark goes to the disk first and leaves it when the server has answered for its key.
import { type Reply, send } from "./api";
import type { Answer, Post, Sentence } from "./types";
import * as store from "./store";
import type { Database, Settled, Waiting } from "./store";

const BATCH = 50; // the server takes one batch at a time from everybody
const SOON = 2_000; // ms until the first new try, then longer and longer, never twice the same
const LATE = 20_000;
const NO_ANSWER: Sentence = {
  zh: "服务器没有回答这条评分，未计入，请重新评这一项。",
  en: "The server gave no answer for this entry; it does not count. Mark it again.",
};

export interface Hooks {
  changed(): void;
  heard(reply: Reply<unknown>): void;
  settled(post: Post, answer: Answer): void;
}

export class Outbox {
  pending: Waiting[] = []; // on the disk, in their order
  saving: Post[] = []; // on their way to it
  failed: Waiting[] = []; // the disk would not take them: sent from memory
  asides: store.Aside[] = [];
  others = new Map<string, number>(); // marks of other judges on this browser
  private busy = false;
  private again = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly db: Database,
    private readonly owner: string,
    private readonly hooks: Hooks,
  ) {}

  /** Every post of mine that the server has not answered for, oldest first. */
  get posts(): Post[] {
    return [...this.rows.map((row) => row.post), ...this.saving];
  }

  private get rows(): Waiting[] {
    return [...this.pending, ...this.failed];
  }

  async load(): Promise<void> {
    this.pending = await store.waiting(this.db, this.owner);
    this.asides = await store.asides(this.db, this.owner);
    this.others = await store.counts(this.db);
    this.others.delete(this.owner);
    this.hooks.changed();
  }

  async add(posts: Post[]): Promise<void> {
    this.saving.push(...posts);
    this.hooks.changed();
    try {
      await store.keep(this.db, this.owner, posts);
      this.pending = await store.waiting(this.db, this.owner);
    } catch {
      this.failed.push(...posts.map((post) => ({ owner: this.owner, post })));
    }
    this.saving = this.saving.filter((one) => !posts.includes(one));
    this.hooks.changed();
    void this.flush();
  }

  async dismiss(key: string): Promise<void> {
    await store.dismiss(this.db, key);
    await this.load();
  }

  /** Send what waits; when it fails, try again later and a little later each time. */
  async flush(): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    clearTimeout(this.timer);
    try {
      await alone(() => this.sendAll());
    } catch {
      // The disk did not answer: tried again below.
    } finally {
      this.busy = false;
    }
    if (this.again) {
      this.again = false;
      void this.flush();
    } else if (this.rows.length > 0) {
      const wait = Math.min(LATE, SOON * 1.6 ** this.tries) * (0.5 + Math.random());
      this.tries += 1;
      this.timer = setTimeout(() => void this.flush(), wait);
    }
  }

  private async sendAll(): Promise<void> {
    await this.load();
    await this.empty(this.owner);
    for (const owner of this.others.keys()) await this.empty(owner);
    await this.load();
  }

  private async empty(owner: string): Promise<void> {
    let size = BATCH;
    for (;;) {
      const rows = owner === this.owner ? this.rows : await store.waiting(this.db, owner);
      const batch = rows.slice(0, size);
      const token = batch.length ? await store.token(this.db, owner) : null;
      if (!token) return;
      const posts = batch.map((row) => row.post);
      const reply = await send(token, posts, rows.length - batch.length);
      // Paired anew while this was on its way: the refusal was meant for the token before.
      if (reply.kind === "unpaired" && (await store.token(this.db, owner)) !== token) continue;
      if (owner === this.owner) this.hooks.heard(reply);
      if (reply.kind === "ok") {
        this.tries = 0;
        if (!(await this.settle(batch, reply.body.answers))) return;
      } else if (reply.kind === "refused" && [400, 413].includes(reply.status)) {
        // One of them cannot be read at all: find it by sending one at a time.
        const answers = [unread(posts[0], reply.sentence)];
        if (batch.length === 1 && !(await this.settle(batch, answers))) return;
        size = 1;
      } else {
        return;
      }
      if (owner === this.owner) this.pending = await store.waiting(this.db, owner);
    }
  }

  /** False when the disk would not let them go: they are sent again later, and answered the same. */
  private async settle(batch: Waiting[], answers: Answer[]): Promise<boolean> {
    const done: Settled[] = batch.map((waiting, i) => {
      const answer = answers[i];
      if (answer?.state === "taken") return { waiting, sentence: null };
      return { waiting, sentence: answer?.sentence ?? NO_ANSWER };
    });
    const gone = await store.settle(this.db, done).then(() => true, () => false);
    this.failed = this.failed.filter((row) => !batch.includes(row));
    batch.forEach((row, i) => {
      const answer = answers[i];
      if (answer && row.owner === this.owner) this.hooks.settled(row.post, answer);
    });
    return gone;
  }
}

function unread(post: Post | undefined, sentence: Sentence): Answer {
  return { key: post?.key ?? null, state: "refused", id: null, sentence };
}

/** Only one page of this browser sends at a time; that a mark is sent twice would do no harm. */
async function alone(run: () => Promise<void>): Promise<void> {
  const { locks } = navigator;
  if (!locks) return run();
  await locks.request("podium-outbox", { ifAvailable: true }, (lock) => (lock ? run() : undefined));
}
