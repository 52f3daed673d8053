// @vitest-environment happy-dom
import { describe, expect, test } from "vitest";
import { drawClocks, figures } from "./clocks";

const running = {
  state: "running" as const,
  starts_at: "2026-11-23T01:00:00.000Z",
  ends_at: "2026-11-23T06:00:00.000Z",
  left_ms: 18_000_000,
};
const at = (iso: string): number => Date.parse(iso);

describe("a clock of the desk", () => {
  test("runs on the server's time and stops at zero", () => {
    expect(figures(running, at("2026-11-23T05:59:59.500Z"))).toBe("00:00:01");
    expect(figures(running, at("2026-11-23T09:00:00Z"))).toBe("00:00:00");
  });

  test.each(["waiting", "paused", "ended"] as const)("stands still while %s", (state) => {
    const still = { ...running, state, left_ms: 90_000 };
    expect(figures(still, at("2026-11-23T02:00:00Z"))).toBe("00:01:30");
    expect(figures(still, at("2026-11-23T03:00:00Z"))).toBe("00:01:30");
  });

  test("is drawn wherever it stands on the page", () => {
    const spot = document.createElement("span");
    spot.dataset["clock"] = JSON.stringify(running);
    document.body.append(spot);
    drawClocks(document, at("2026-11-23T02:00:00Z"));
    expect(spot.textContent).toBe("04:00:00");
  });
});
