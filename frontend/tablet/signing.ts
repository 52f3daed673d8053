// Sign-off on the locked tablet: what is missing, then everybody's PIN one after the other. It needs
// the server for each step and keeps nothing; a PIN lives only until its holder has signed.
import type { Language } from "../words";
import * as api from "./api";
import { SIGNING_TEXT } from "./text_signing";
import type { Sentence } from "./types";

export interface Counts {
  marking: number;
  judges: number;
  competitor: number;
  chief: number;
  signed: number;
}

export interface Sub {
  id: number;
  code: string;
  name_zh: string;
  name_en: string;
}

export interface SubState extends Sub {
  locked: boolean;
  counts: Counts;
}

export interface SheetState {
  code: string;
  state: keyof Counts;
  unmarked: string[];
  differing: string[];
  unconfirmed: boolean;
  judges: string[];
  signed: { role: string; who: string; remark: string }[];
}

/** A card of a judge or a chief judge. */
export interface Person {
  role: "judge" | "chief";
  id: number;
  label: string;
  pin: boolean;
  photo?: string | null; // its name (`faces.ts`)
  waits: number;
}

export interface SignOff {
  locked: boolean;
  competitor_signs: boolean;
  competitors: string[];
  subs: SubState[];
  sheets: SheetState[];
  people: Person[];
}

export interface Shown {
  sub: Sub;
  code: string;
  digest: string;
  total: string;
  aspects: {
    code: string;
    name_zh: string;
    name_en: string;
    mark: string;
    max: string;
    star: boolean;
  }[];
}

export type Signer = Person | { role: "competitor"; code: string };
type Reply<T> = api.Reply<T>;

export class Signing {
  told: SignOff | null = null;
  sub: number | null = null;
  signer: Signer | null = null;
  typed = "";
  shown: Shown[] | null = null; // what the signer looks at
  readonly unticked = new Set<string>(); // digests
  said: string | Sentence | null = null;
  done: { signer: Signer; count: number } | null = null; // who has just signed
  busy = false;

  /** `token`: the tablet's own; `heard`: whether the server answered; `unpaired`: the token does not
   * count any more. */
  constructor(
    private readonly token: () => string,
    private readonly language: () => Language,
    private readonly redraw: () => void,
    private readonly heard: (online: boolean) => void,
    private readonly unpaired: () => void,
  ) {}

  nameOf(signer: Signer): string {
    return signer.role === "competitor" ? this.text.competitorOf(signer.code) : signer.label;
  }

  get text() {
    return SIGNING_TEXT[this.language()];
  }

  /** Show a sub-criterion, or all of them. */
  async go(sub: number | null): Promise<void> {
    this.sub = sub;
    this.said = this.done = null;
    await this.read();
  }

  choose(signer: Signer | null): void {
    this.signer = signer;
    this.typed = "";
    this.shown = null;
    this.unticked.clear();
    this.said = this.done = null;
    this.redraw();
  }

  type(text: string): void {
    this.typed = text.slice(0, 20);
    this.said = null;
    this.redraw();
  }

  tick(digest: string): void {
    if (!this.unticked.delete(digest)) this.unticked.add(digest);
    this.redraw();
  }

  get ticked(): Shown[] {
    return (this.shown ?? []).filter((one) => !this.unticked.has(one.digest));
  }

  /** The PIN was typed: show what waits for its holder. */
  async look(): Promise<void> {
    if (!this.signer || !this.typed) return;
    const body = await this.ask(api.lookToSign(this.token(), this.asked()));
    if (body) this.shown = body.sheets;
    else this.typed = "";
    this.redraw();
  }

  async sign(): Promise<void> {
    const { signer, ticked } = this;
    if (!signer || !ticked.length) return;
    const sheets = ticked.map(({ code, sub, digest }) => ({ code, sub: sub.id, digest }));
    const body = await this.ask(api.signOff(this.token(), { ...this.asked(), sheets }));
    if (!body) return this.redraw();
    this.choose(null);
    await this.read();
    this.done = { signer, count: body.count };
    this.redraw();
  }

  private asked(): object {
    const { signer, typed } = this;
    if (!signer) return {};
    const whose = signer.role === "competitor" ? { code: signer.code } : { account: signer.id };
    return { role: signer.role, pin: typed, ...whose };
  }

  /** What was signed or sent back elsewhere meanwhile, while nobody types a PIN here. A network that
   * is gone is told to whoever signs. */
  async refresh(): Promise<void> {
    const { sub } = this;
    if (this.busy || this.signer) return;
    const reply = await api.signOffState(this.token(), sub);
    this.heard(reply.kind !== "offline");
    if (reply.kind === "unpaired") this.unpaired();
    if (reply.kind !== "ok" || this.busy || this.signer || sub !== this.sub) return;
    this.told = reply.body;
    this.said = null; // only that it could not be read
    this.redraw();
  }

  private async read(): Promise<void> {
    const body = await this.ask(api.signOffState(this.token(), this.sub));
    if (body) this.told = body;
    this.redraw();
  }

  /** The answer, or null with what is to be said. */
  private async ask<T>(asked: Promise<Reply<T>>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    this.said = null;
    this.redraw();
    const reply = await asked;
    this.busy = false;
    this.heard(reply.kind !== "offline");
    if (reply.kind === "ok") return reply.body;
    if (reply.kind === "unpaired") this.unpaired();
    this.said = "sentence" in reply ? reply.sentence : this.text.offline;
    return null;
  }
}
