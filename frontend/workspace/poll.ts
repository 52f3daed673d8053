// Asks for one's own state every few seconds, at once when the page is looked at again.

import { inTime } from "../in_time";
import type { State } from "./state";

const CALM = 10_000;
const BUSY = 3_000; // while something is being judged, and near the end
const HIDDEN = 30_000;

export class Poll {
  private timer: number | undefined;
  private asking = false;
  private onceMore = false; // somebody asked meanwhile: the answer on its way may be older

  constructor(
    private readonly url: string,
    private readonly hear: (state: State | null) => void,
    private readonly isBusy: () => boolean,
  ) {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) void this.now();
    });
    window.addEventListener("online", () => void this.now());
    window.addEventListener("offline", () => this.hear(null));
    this.plan();
  }

  async now(): Promise<void> {
    if (this.asking) {
      this.onceMore = true;
      return;
    }
    this.asking = true;
    try {
      const answer = await inTime(this.url, { cache: "no-store" });
      if (answer.status === 401) location.reload(); // signed out: to the sign-in page and back
      this.hear(answer.ok ? ((await answer.json()) as State) : null);
    } catch {
      this.hear(null);
    } finally {
      this.asking = false;
      this.plan();
    }
    if (this.onceMore) {
      this.onceMore = false;
      void this.now();
    }
  }

  private plan(): void {
    clearTimeout(this.timer);
    const pause = document.hidden ? HIDDEN : this.isBusy() ? BUSY : CALM;
    this.timer = window.setTimeout(() => void this.now(), pause);
  }
}
