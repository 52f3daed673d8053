// How a paired screen hears: one socket for what to show and every board of it, or where sockets are
// blocked the same documents by asking. Both go through the boards' one reducer.
import type { Socket } from "socket.io-client";
import { isBoard } from "../board/document";
import { jitter, openSocket } from "../board/feed";
import { hear, type Document, type Known, type Link as Way } from "../board/state";
import type { ServerTime } from "../clock";
import { inTime } from "../in_time";
import { isOverall } from "../overall/document";
import { isControl, snapshotOf, subjects, type Control } from "./control";
import type { Heard } from "./kept";

const PATIENCE = 4_000; // ms without a push connection before asking
const EVERY = 5_000; // ms between two questions
const SLOWLY = 60_000; // ms between two questions for boards that are not due

interface Ears {
  changed: () => void;
  unpaired: () => void;
  near: () => string[]; // subjects of what is shown now and next
}

export type About = (subject: string) => Known<Document> | undefined;

/** The code of the skill of the hour; "" while none is known. */
export function hourOf(about: About): string {
  const told = about("hour")?.board;
  return isOverall(told) && told.kind === "hour" ? told.code : "";
}

export class Link {
  way: Way = "connecting";
  private readonly known = new Map<string, Known<Document>>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private askedAll = -Infinity;
  private readonly socket: Socket;
  private ended = false;

  constructor(
    private readonly token: string,
    private readonly time: ServerTime,
    before: Heard | null,
    private readonly ears: Ears,
  ) {
    for (const [subject, one] of Object.entries(before?.known ?? {}))
      this.known.set(subject, { ...one, link: "connecting" });
    this.socket = openSocket();
    this.socket.on("connect", () => {
      this.turnTo("live");
      this.watch();
    });
    this.socket.on("disconnect", () => {
      this.turnTo("connecting");
      this.later(PATIENCE);
    });
    this.socket.on("screen", (told: unknown) => this.told(told));
    this.socket.on("board", (board: unknown) => isBoard(board) && this.take(board.skill.code, board));
    this.socket.on("overall", (board: unknown) => isOverall(board) && this.take(board.kind, board));
    this.socket.on("resync", () => void this.ask(true));
    this.socket.io.on("ping", () => this.alive());
    this.later(PATIENCE);
  }

  get control(): Known<Control> | undefined {
    return this.known.get("screen") as Known<Control> | undefined;
  }

  readonly about: About = (subject) => this.known.get(subject);

  /** What the entries of this screen are drawn from. */
  private wanted(): string[] {
    return this.control ? subjects(this.control.board, hourOf(this.about)) : [];
  }

  /** Everything known, to be kept on the device. */
  all(): Heard["known"] {
    const wanted = new Set(["screen", ...this.wanted()]);
    const rows = [...this.known].filter(([subject]) => wanted.has(subject));
    return Object.fromEntries(rows.map(([subject, { board, asOf }]) => [subject, { board, asOf }]));
  }

  /** Asks anything of the screen's own address; "unpaired" is noticed here. Null: no answer. */
  async own(path: string, body?: unknown): Promise<unknown> {
    try {
      const answer = await inTime(`/screen/api/${path}`, {
        method: body ? "POST" : "GET",
        cache: "no-cache",
        headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const said = (await answer.json()) as { error?: unknown };
      if (answer.status === 401 && said.error) this.end();
      return answer.ok ? said : null;
    } catch {
      return null;
    }
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    clearTimeout(this.timer);
    this.socket.disconnect();
    this.ears.unpaired();
  }

  private watch(): void {
    this.socket.emit("watch", { screen: this.token });
    this.later(PATIENCE); // the server answers with everything; if not, ask for it
  }

  private told(told: unknown): void {
    if (!isControl(told)) return;
    const before = this.wanted().join();
    this.take("screen", told);
    if (!this.socket.connected) return;
    clearTimeout(this.timer);
    if (this.wanted().join() !== before) this.watch(); // boards that it did not follow yet
  }

  private take(subject: string, board: Document): void {
    const before = this.known.get(subject);
    const hour = hourOf(this.about);
    const at = this.time.now();
    const now = before ? hear(before, { kind: "board", board, at }) : { board, link: this.way, asOf: at };
    this.known.set(subject, now);
    if (now !== before) this.ears.changed();
    if (hourOf(this.about) !== hour && this.socket.connected) this.watch(); // another skill's turn
  }

  private alive(): void {
    if (!this.socket.connected) return;
    for (const [subject, one] of this.known)
      this.known.set(subject, hear(one, { kind: "alive", at: this.time.now() }));
    this.ears.changed();
  }

  private turnTo(way: Way): void {
    this.way = way;
    this.ears.changed();
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    if (!this.ended) this.timer = setTimeout(() => void this.turn(), jitter(ms));
  }

  private async turn(): Promise<void> {
    const answered = await this.ask();
    if (this.ended || this.socket.connected) return;
    this.turnTo(answered ? "polling" : "lost");
    this.later(EVERY);
  }

  /** Asks what to show, and for the boards that are due; once a while for all of them. */
  private async ask(whole = false): Promise<boolean> {
    const told = await this.own("told");
    if (!isControl(told)) return false;
    const before = this.wanted().join();
    this.take("screen", told);
    const all = whole || this.wanted().join() !== before || this.time.now() - this.askedAll > SLOWLY;
    if (all) this.askedAll = this.time.now();
    await Promise.all((all ? this.wanted() : this.ears.near()).map((one) => this.askFor(one)));
    return true;
  }

  private async askFor(subject: string): Promise<void> {
    if (!subject) return;
    try {
      const answer = await inTime(snapshotOf(subject), { cache: "no-cache" });
      const board: unknown = answer.ok ? await answer.json() : null;
      if (isBoard(board) || isOverall(board)) this.take(subject, board);
    } catch {
      // what is known stays, with its time
    }
  }
}
