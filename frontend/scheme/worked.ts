// What calculations give, asked of the server while they are typed: the rule code there is the only
// one that decides.
import type { Aspect } from "./types";

export interface Row {
  value: string;
  mark?: string;
  zh: string;
  en: string;
}

export interface Worked {
  rows?: Row[];
  asked?: Row;
  problem?: { zh: string; en: string };
}

interface Known {
  asked: string; // the question, as it was sent
  answer: Worked | null; // null: the server was not reached
}

const PAUSE = 180; // ms after the last key
const AGAIN = 4_000; // ms until a server that was not reached is asked once more

export class Worker {
  private readonly known = new Map<string, Known>();
  private readonly timers = new Map<string, number>();
  readonly tried = new Map<string, string>(); // aspect → the value that somebody tries

  constructor(
    private readonly code: string,
    private readonly redraw: () => void,
  ) {}

  /** What an aspect's calculation gives; asks anew when it changed. `fresh`: it is of what stands. */
  of(aspect: Aspect): { answer: Worked | null; fresh: boolean } {
    const { calculation, max } = aspect;
    const question = JSON.stringify({ calculation, max, value: this.tried.get(aspect.key) ?? "" });
    const found = this.known.get(aspect.key);
    const fresh = found?.asked === question;
    if (!fresh) this.later(aspect.key, question);
    return { answer: found?.answer ?? null, fresh };
  }

  private later(key: string, question: string, pause = PAUSE): void {
    clearTimeout(this.timers.get(key));
    const ask = (): void => void this.ask(key, question);
    this.timers.set(key, setTimeout(ask, pause) as unknown as number);
  }

  private async ask(key: string, question: string): Promise<void> {
    const csrf = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
    let answer: Worked | null = null;
    try {
      const told = await fetch(`/desk/${this.code}/scheme/worked`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
        body: question,
        signal: AbortSignal.timeout(10_000),
      });
      if (told.ok) answer = (await told.json()) as Worked;
    } catch {
      // said beside the fields
    }
    this.known.set(key, { asked: question, answer });
    if (answer === null) this.later(key, question, AGAIN);
    this.redraw();
  }
}
