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
  again: { kind: string; code: string } | null = null; // called for although that call is open
  private readonly calling = new Set<string>(); // being put on the disk
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

  /** A call for help; it is told when the network lets it. One of a kind at a time: a second press
      is no second call. */
  async call(kind: string, code: string, words: string, at: Date): Promise<void> {
    const name = called(kind, code);
    this.again = this.isCalled(kind, code) ? { kind, code } : null;
    if (this.again) return this.changed();
    this.calling.add(name);
    await this.add("call", { kind, code, words, device_at: at.toISOString() });
    this.calling.delete(name);
  }

  /** Whether such a call is on its way or open. */
  isCalled(kind: string, code: string): boolean {
    const name = called(kind, code);
    return (
      this.calling.has(name) ||
      this.waiting.some(({ kind, body }) => kind === "call" && called(body["kind"], body["code"]) === name) ||
      this.calls.some((one) => !one.done_at && called(one.kind, one.code) === name)
    );
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
    if (errand.kind === "call" && errand.owner === this.owner && !refused) this.told(errand);
    await this.settled(errand, refused);
    if (errand.kind === "call") await this.look();
    this.changed();
    return true;
  }

  /** A call of mine was taken: it stands among them at once, until the server is asked. */
  private told({ key, body }: Errand): void {
    const [kind, code] = [String(body["kind"]), String(body["code"] ?? "")];
    const more = { taken_at: null, taker: "", done_at: null };
    const at = String(body["device_at"] ?? "") || null;
    const others = this.calls.filter((one) => one.key !== key);
    this.calls = [...others, { key, kind, code, at, ...more }];
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

/** What makes two calls the same: whoever is wanted; for a conflict of interest also the work. */
function called(kind: unknown, code: unknown): string {
  return kind === "conflict" ? `${kind}/${code ?? ""}` : String(kind);
}
