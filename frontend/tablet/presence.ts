// Two tablets on one sheet: who else marks the measurements that are open here, and what this judge
// chose to do about it. Without a network nothing is known, and nothing is in the way.
import * as api from "./api";
import type { App } from "./app";
import { measurements } from "./sheet";
import type { Present } from "./types";

export type Way = "mark" | "watch" | "take" | "";
const ASK_EVERY = 12_000; // ms

export class Presence {
  told: Present | null = null;
  private sheet = ""; // "K-073/12", as it was told to the server
  private asked = 0;
  private chosen = false; // the judge has seen who else is here

  constructor(private readonly app: App) {}

  /** Only looks on: the buttons rest. */
  get watching(): boolean {
    return this.told?.watching ?? false;
  }

  /** Somebody else marks this sheet, and the judge has not said what to do. */
  get asks(): boolean {
    return !this.chosen && !this.watching && (this.told?.others.length ?? 0) > 0;
  }

  /** Tell the server now and then; at once when another sheet was opened. */
  async look(token: string, now = Date.now()): Promise<void> {
    const { code } = this.app.route;
    const sub = code ? this.app.sub() : null;
    const here = code && sub && measurements(sub).length ? `${code}/${sub.id}` : "";
    if (here !== this.sheet) {
      this.told = null;
      this.chosen = false;
    } else if (!here || now - this.asked < ASK_EVERY) return;
    this.sheet = here;
    await this.ask(token, "");
  }

  async choose(token: string, way: Way): Promise<void> {
    this.chosen = true;
    if (this.told) this.told = { ...this.told, watching: way === "watch", taken_by: null };
    this.app.changed();
    await this.ask(token, way);
  }

  private async ask(token: string, way: Way): Promise<void> {
    const { sheet } = this;
    const [code = "", sub = "0"] = sheet.split("/");
    this.asked = Date.now();
    const reply = await api.opened(token, code, Number(sub), way);
    if (sheet !== this.sheet) return;
    if (reply.kind !== "ok") {
      this.told = null; // nothing is known: nothing is in the way
      return;
    }
    this.told = reply.body;
    this.app.changed();
  }
}
