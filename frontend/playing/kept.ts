// What a screen keeps on the device: its token, and the last it heard, for when it starts without a
// network. Only what is public is in it.
import type { Known, Document } from "../board/state";

const TOKEN = "podium-screen-token";
const HEARD = "podium-screen-heard";
const EVERY = 5_000; // ms between two writings at most

export interface Heard {
  offset: number; // ms by which the server's time is ahead of this device's
  known: Record<string, Pick<Known<Document>, "board" | "asOf">>; // by subject; "screen": what to show
}

export const token = (): string => localStorage.getItem(TOKEN) ?? "";

export function keepToken(value: string): void {
  localStorage.setItem(TOKEN, value);
  void navigator.storage?.persist?.().catch(() => false);
}

/** The pairing is over: what belonged to it goes with it. */
export function forget(): void {
  localStorage.removeItem(TOKEN);
  localStorage.removeItem(HEARD);
}

export function read(): Heard | null {
  try {
    const found = JSON.parse(localStorage.getItem(HEARD) ?? "null") as Heard | null;
    return found && typeof found.known === "object" && Number.isFinite(found.offset) ? found : null;
  } catch {
    return null; // cut off by a power loss: it is heard anew
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;

/** Keeps what `heard` gives, a moment later, so that a burst of marks is one writing. */
export function keepSoon(heard: () => Heard | null): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    const now = heard();
    try {
      if (now && token()) localStorage.setItem(HEARD, JSON.stringify(now));
    } catch {
      // no room: the screen goes on, it only starts empty after a power loss without a network
    }
  }, EVERY);
}
