// The figures of every clock on the page, from the server's time.
import { hms } from "../clock";

interface Face {
  state: "waiting" | "running" | "paused" | "ended";
  starts_at: string | null;
  ends_at: string | null;
  left_ms: number;
}

/** What a clock shows at a moment: only a running one moves. */
export function figures(face: Face, now: number): string {
  if (face.state === "running" && face.ends_at) return hms(Date.parse(face.ends_at) - now);
  return hms(face.left_ms);
}

export function drawClocks(within: ParentNode, now: number): void {
  for (const spot of within.querySelectorAll<HTMLElement>("[data-clock]")) {
    const text = figures(JSON.parse(spot.dataset["clock"] ?? "") as Face, now);
    if (spot.textContent !== text) spot.textContent = text;
  }
}
