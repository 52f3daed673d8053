// What is sent beside marks, one by one and with the same promise: kept on the disk with a key of its
// own until the server has answered for it, sent again until then, never taken twice.
import * as api from "./api";
import { newKey } from "./keys";
import * as store from "./store";
import type { Call, Errand, Sentence } from "./types";

const SOON = 3_000; // ms until the first new try, then longer and longer
const LATE = 30_000;

export class Errands {
  waiting: Errand[] = []; // mine, oldest first
  calls: Call[] = []; // mine, as the server tells them
  private busy = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `token`: of an owner; `changed`: draw; `settled`: the server has one, or refused it. */
  constructor(
    private readonly db: store.Database,
    private readonly owner: string,
    private readonly token: (owner: string) => Promise<string | null>,
    private readonly changed: () => void,
    private readonly settled: (errand: Errand, refused: Sentence | null) => Promise<void>,
  ) {}

  async load(): Promise<void> {
    this.waiting = await this.db.getAllFromIndex("errands", "owner", this.owner);
    this.changed();
  }

  /** A call for help; it is told when the network lets it. */
  async call(kind: string, code: string, words: string, at: Date): Promise<void> {
    await this.add("call", { kind, code, words, device_at: at.toISOString() });
  }

  async add(kind: Errand["kind"], body: Record<string, unknown>, photo?: Blob): Promise<void> {
    const key = newKey();
    const errand: Errand = { owner: this.owner, kind, key, body: { ...body, key } };
    if (photo) errand.photo = photo;
    try {
      await this.db.add("errands", errand);
      await this.load();
    } catch {
      this.waiting = [...this.waiting, errand]; // the disk would not: sent from memory
      this.changed();
    }
    void this.flush();
  }

  /** Send what waits, of everybody on this tablet; when it fails, again later. */
  async flush(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    let all: Errand[] = [];
    try {
      const kept = await this.db.getAll("errands");
      all = [...kept, ...this.waiting.filter((one) => one.n === undefined)];
      for (const errand of all) if (!(await this.send(errand))) break;
    } finally {
      this.busy = false;
    }
    if (this.waiting.length > 0) {
      const wait = Math.min(LATE, SOON * 1.6 ** this.tries) * (0.5 + Math.random());
      this.tries += 1;
      this.timer = setTimeout(() => void this.flush(), wait);
    } else this.tries = 0;
  }

  /** False: there is no network, so that nothing else need be tried now. */
  private async send(errand: Errand): Promise<boolean> {
    const token = await this.token(errand.owner);
    if (!token) return true;
    const reply = await (errand.kind === "call"
      ? api.call(token, errand.owner === "hall", errand.body)
      : api.remark(token, errand.body, errand.photo));
    if (reply.kind === "offline") return false;
    if (reply.kind === "unpaired" || reply.kind === "same") return true;
    const refused = reply.kind === "refused" ? reply.sentence : reply.body.sentence;
    if (errand.n !== undefined) await this.db.delete("errands", errand.n).catch(() => undefined);
    this.waiting = this.waiting.filter((one) => one.key !== errand.key);
    await this.settled(errand, refused);
    if (errand.kind === "call") await this.look();
    this.changed();
    return true;
  }

  /** What became of my calls; asked while one is open. */
  async look(): Promise<void> {
    const token = await this.token(this.owner);
    if (!token) return;
    const reply = await api.calls(token, this.owner === "hall");
    if (reply.kind !== "ok") return;
    this.calls = reply.body.calls;
    this.changed();
  }

  /** Whether somebody is still wanted. */
  get open(): boolean {
    return this.calls.some((one) => !one.done_at) || this.waiting.some((one) => one.kind === "call");
  }
}
