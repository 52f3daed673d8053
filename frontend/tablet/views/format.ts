// How times, names and values are written on the tablet.
import type { App } from "../app";
import { points } from "../sheet";
import type { Aspect } from "../types";

/** 10:31:07, a clock time rather than "a moment ago". */
export function clockTime(at: string | Date | null | undefined): string {
  if (!at) return "";
  return new Date(at).toLocaleTimeString("zh-CN", { hour12: false });
}

export function judgeName(app: App, id: number | null): string {
  if (id === null) return app.text.automatic;
  if (id === app.me.id) return app.text.you;
  return app.pack?.panel.find((one) => one.id === id)?.label ?? app.text.decided;
}

/** "Met 1.50", "Not met 0.00" or the figure alone. */
export function valueWords(app: App, aspect: Aspect, value: number | null): string {
  if (value === null) return "—";
  if (value === aspect.max) return `${app.text.yes} ${points(value)}`;
  if (value === 0) return `${app.text.no} ${points(0)}`;
  return points(value);
}
