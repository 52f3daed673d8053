import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf-8");
const everyday = css.slice(0, css.indexOf("@media (prefers-contrast"));

/** The two colours of each token, by day and by night. */
const tokens = new Map(
  [...everyday.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name, day, night]) => [name, { day, night } as { day: string; night: string }],
  ),
);

/** WCAG 2's relative luminance. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const part = parseInt(colour.slice(i, i + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(on: string, under: string, theme: "day" | "night"): number {
  const [a, b] = [on, under].map((name) => {
    const colour = tokens.get(name);
    if (!colour) throw new Error(`no token --${name}`);
    return luminance(colour[theme]);
  }) as [number, number];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const grounds = ["ground", "surface", "raised", "sunken"];
const states = ["waiting", "running", "paused", "frozen", "checking", "final", "danger"];

describe.each(["day", "night"] as const)("contrast by %s", (theme) => {
  test.each(grounds)("figures and text on --%s", (ground) => {
    expect(contrast("ink", ground, theme)).toBeGreaterThanOrEqual(7);
    expect(contrast("ink-soft", ground, theme)).toBeGreaterThanOrEqual(4.5);
    expect(contrast("aurora", ground, theme)).toBeGreaterThanOrEqual(4.5);
    expect(contrast("danger", ground, theme)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(states)("the word of state %s on its own ground", (state) => {
    expect(contrast(state, `${state}-wash`, theme)).toBeGreaterThanOrEqual(4.5);
  });

  test("a button's word, the edge of a field, the ring of the focus", () => {
    expect(contrast("aurora-ink", "aurora", theme)).toBeGreaterThanOrEqual(4.5);
    for (const ground of ["ground", "surface"]) {
      expect(contrast("line-strong", ground, theme)).toBeGreaterThanOrEqual(3);
      expect(contrast("focus", ground, theme)).toBeGreaterThanOrEqual(3);
    }
  });
});

test("no motion is longer than 600 ms", () => {
  const times = [...everyday.matchAll(/--(?:quick|calm): (\d+)ms/g)].map(([, ms]) => Number(ms));
  expect(times).toHaveLength(2);
  expect(Math.max(...times)).toBeLessThanOrEqual(600);
});
