import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AWARDS, RELEASES, SHOWN, STATES } from "./document";
import { WORDS } from "./words";

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf-8");
const catalogue = read("translations/zh/LC_MESSAGES/messages.po");

/** The Chinese of an English message, from the catalogue that the templates use. */
function chinese(english: string): string | undefined {
  return new RegExp(`msgid "${english}"\nmsgstr "(.*)"`).exec(catalogue)?.[1];
}

describe("words", () => {
  test("no word is empty in either language, and no Chinese word was left English", () => {
    for (const [key, word] of Object.entries(WORDS.zh)) {
      const text = typeof word === "function" ? word.toString() : word;
      expect(text, key).toMatch(/\p{Script=Han}/u);
    }
    for (const [key, word] of Object.entries(WORDS.en)) {
      if (typeof word === "string") expect(word, key).toMatch(/^[\x20-\x7e…]+$/);
    }
  });

  test("states and releases are the same words in scripts and in templates", () => {
    const templates = read("templates/_parts.html") + read("templates/boards/_words.html");
    for (const state of SHOWN) {
      expect(templates).toContain(`"${state}": _("${WORDS.en[`state_${state}`]}")`);
      expect(chinese(WORDS.en[`state_${state}`])).toBe(WORDS.zh[`state_${state}`]);
    }
    for (const release of [...RELEASES, "undecided"] as const) {
      expect(templates).toContain(`"${release}": _("${WORDS.en[`release_${release}`]}")`);
      expect(chinese(WORDS.en[`release_${release}`])).toBe(WORDS.zh[`release_${release}`]);
    }
  });

  test("awards are the same words in scripts and in templates", () => {
    const templates = read("templates/boards/_words.html");
    for (const award of AWARDS) {
      expect(templates).toContain(`"${award}": _("${WORDS.en[`award_${award}`]}")`);
      expect(chinese(WORDS.en[`award_${award}`])).toBe(WORDS.zh[`award_${award}`]);
    }
    expect(chinese(WORDS.en.undecided)).toBe(WORDS.zh.undecided);
  });

  test("every state has a shape of its own", () => {
    const shapes = read("static/shapes.svg");
    for (const state of STATES) expect(shapes).toContain(`<symbol id="${state}"`);
  });
});
