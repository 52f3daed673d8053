// One hand-in on its way: hash, announce, send. The network may fail at every step and is tried
// again with the same key, so that the server never counts it twice.

export interface Sentence {
  zh: string;
  en: string;
}

export interface Taken {
  number: number;
  receipt: string;
  late: boolean;
  url: string;
}

export type Step =
  | { kind: "hashing" | "sending"; share: number }
  | { kind: "announcing" | "storing" | "offline" | "cancelled" | "unreadable" | "signed_out" }
  | { kind: "announced"; at: string }
  | { kind: "taken"; taken: Taken }
  | { kind: "refused"; sentence: Sentence | null };

/** What a request came back with; status 0 means that nobody answered. */
export interface Answer {
  status: number;
  body: unknown;
}

export interface Announcement {
  key: string;
  name: string;
  size: number;
  sha256: string;
}

/** Everything that touches the outside, so that a test can play it. */
export interface Wires {
  hash(file: Blob, share: (done: number) => void, signal: AbortSignal): Promise<string>;
  announce(said: Announcement, signal: AbortSignal): Promise<Answer>;
  send(key: string, file: Blob, share: (done: number) => void, signal: AbortSignal): Promise<Answer>;
  wait(ms: number, signal: AbortSignal): Promise<void>;
  key(): string;
}

const UNANSWERED = new Set([0, 502, 503, 504]);
const PATIENCE = [1000, 2000, 4000, 8000]; // then every eight seconds, until it is cancelled

export async function handIn(
  file: File,
  wires: Wires,
  tell: (step: Step) => void,
  signal: AbortSignal,
): Promise<void> {
  const key = wires.key();
  try {
    tell({ kind: "hashing", share: 0 });
    const sha256 = await wires.hash(file, (share) => tell({ kind: "hashing", share }), signal);
    const said = { key, name: file.name, size: file.size, sha256 };

    tell({ kind: "announcing" });
    const announced = await insist(() => wires.announce(said, signal), wires, tell, signal);
    if (announced.status !== 200) return tell(refusal(announced));
    tell({ kind: "announced", at: (announced.body as { announced_at: string }).announced_at });

    const share = (done: number): void =>
      tell(done < 1 ? { kind: "sending", share: done } : { kind: "storing" });
    const sent = await insist(() => wires.send(key, file, share, signal), wires, tell, signal);
    tell(sent.status === 200 ? { kind: "taken", taken: sent.body as Taken } : refusal(sent));
  } catch {
    tell({ kind: signal.aborted ? "cancelled" : "unreadable" });
  }
}

/** Asks until somebody answers. */
async function insist(
  ask: () => Promise<Answer>,
  wires: Wires,
  tell: (step: Step) => void,
  signal: AbortSignal,
): Promise<Answer> {
  for (let tries = 0; ; tries++) {
    const answer = await ask();
    if (signal.aborted) throw new Error("cancelled");
    if (!UNANSWERED.has(answer.status)) return answer;
    tell({ kind: "offline" });
    await wires.wait(PATIENCE[Math.min(tries, PATIENCE.length - 1)] ?? 8000, signal);
  }
}

function refusal(answer: Answer): Step {
  if (answer.status === 401) return { kind: "signed_out" };
  const body = answer.body as { error?: Sentence } | null;
  return { kind: "refused", sentence: body?.error ?? null };
}
