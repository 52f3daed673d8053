// Keeps what is typed: on this device at once, on the server a moment later, and merged with what
// somebody else saved meanwhile.
import { merge, same, type Clash } from "./merge";
import type { Body, Saved, State } from "./types";

export type Status = "saved" | "saving" | "waiting" | "refused" | "gone";

const PAUSE = 700; // ms after the last key
const LOOK = 8_000; // ms between looks at what others saved
const PATIENCE = 15_000; // ms; a hall's Wi-Fi may hang without failing

interface Local {
  base: number;
  saved: Body;
  body: Body;
}

export interface Kept {
  body: Body;
  saved: Body; // what stands on the server as far as this page knows
  state: Saved;
  status: Status;
  sentence: { zh: string; en: string } | null;
  clashes: Clash[];
  joined: { by: string; at: string } | null; // whose changes came in last
}

export class Keeper {
  readonly now: Kept;
  private timer = 0;
  private busy = false;
  private unsure: Body | null = null; // was sent; no answer came

  constructor(
    private readonly code: string,
    first: State,
    private readonly redraw: () => void,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> = localStorage,
    private readonly ask: typeof fetch = fetch.bind(globalThis),
  ) {
    const { body, ...state } = first;
    this.now = {
      body, saved: body, state, status: "saved", sentence: null, clashes: [], joined: null,
    }; // prettier-ignore
    this.recover(first);
  }

  /** Something was typed. */
  type(body: Body): void {
    this.now.body = body;
    this.remember();
    if (this.now.status !== "gone") this.now.status = "saving";
    this.later(PAUSE);
    this.redraw();
  }

  get isDirty(): boolean {
    return !same(this.now.body, this.now.saved);
  }

  /** Look now and then at what others saved; save what waits when the network is back. */
  watch(): void {
    setInterval(() => void (this.isDirty ? this.save() : this.look()), LOOK);
    addEventListener("online", () => void this.save());
    addEventListener("pagehide", () => void this.save());
  }

  async save(): Promise<void> {
    clearTimeout(this.timer);
    if (this.busy || this.now.status === "gone" || !this.isDirty) return;
    this.busy = true;
    const sent = this.now.body;
    try {
      const answer = await this.post(JSON.stringify({ base: this.now.state.revision, body: sent }));
      const told = (await answer.json()) as Record<string, unknown>;
      if (answer.ok && !told.gone) this.took(sent, told as unknown as Saved);
      else if (answer.status === 409 && told.theirs) this.join(told.theirs as State);
      else if (answer.ok || answer.status === 409) this.now.status = "gone";
      else this.refused(answer.status, told);
    } catch {
      this.now.status = "waiting";
      this.unsure = sent;
    } finally {
      this.busy = false;
    }
    if (this.isDirty && this.now.status === "saving") this.later(PAUSE);
    this.redraw();
  }

  private post(body: string): Promise<Response> {
    const csrf = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
    return this.ask(`/desk/${this.code}/scheme/draft`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body,
      keepalive: body.length < 60_000, // goes out even while the page is being closed
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  private took(sent: Body, state: Saved): void {
    this.now.saved = sent;
    this.now.state = state;
    this.now.sentence = null;
    this.now.status = this.isDirty ? "saving" : "saved";
    this.remember();
  }

  private refused(status: number, told: Record<string, unknown>): void {
    if (status >= 500 || status === 429) {
      this.now.status = "waiting";
      return;
    }
    this.now.status = "refused";
    this.now.sentence = (told.error as Kept["sentence"]) ?? null;
  }

  private async look(): Promise<void> {
    if (this.busy || this.now.status === "gone") return;
    const have = this.now.state.revision;
    try {
      const answer = await this.ask(`/desk/${this.code}/scheme/draft.json?have=${have}`, {
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (!answer.ok) return;
      const told = (await answer.json()) as Partial<State> & { gone?: boolean };
      if (told.gone) this.now.status = "gone";
      else if (told.body && have === this.now.state.revision) this.join(told as State);
      else return;
      this.redraw();
    } catch {
      // the next look finds it
    }
  }

  /** What somebody else saved, together with what was typed here since. */
  private join(theirs: State): void {
    const { body, ...state } = theirs;
    const isOwn = this.unsure !== null && same(this.unsure, body);
    const base = isOwn ? body : this.now.saved;
    this.unsure = null;
    const found = merge(base, this.now.body, body);
    this.now.saved = body;
    this.now.state = state;
    this.now.body = found.body;
    this.now.clashes = [...this.now.clashes, ...found.clashes];
    if (!isOwn) this.now.joined = { by: state.mine ? "" : state.by, at: state.at };
    this.now.status = this.isDirty ? "saving" : "saved";
    this.remember();
    if (this.isDirty) this.later(50);
  }

  private later(pause: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), pause) as unknown as number;
  }

  private get place(): string {
    return `podium-scheme:${this.code}`;
  }

  private remember(): void {
    try {
      if (!this.isDirty) this.storage.removeItem(this.place);
      else {
        const { saved, body, state } = this.now;
        const local: Local = { base: state.revision, saved, body };
        this.storage.setItem(this.place, JSON.stringify(local));
      }
    } catch {
      // a full or forbidden store: the server keeps it all the same
    }
  }

  /** What this device had not sent when its page went away. */
  private recover(first: State): void {
    try {
      const local = JSON.parse(this.storage.getItem(this.place) ?? "null") as Local | null;
      if (!local?.body || !local.saved) return;
      const found = merge(local.saved, local.body, first.body);
      this.now.body = found.body;
      this.now.clashes = found.clashes;
      if (this.isDirty) {
        this.now.status = "saving";
        this.later(PAUSE);
      }
    } catch {
      // not readable: nothing to bring back
    }
  }
}
