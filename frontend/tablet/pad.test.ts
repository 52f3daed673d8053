import { expect, it } from "vitest";
import { hundredths, press } from "./views/pad";

it.each([
  ["1.5", 150],
  ["0.07", 7],
  ["2", 200],
  [".5", 50],
  ["1.", 100],
  ["", null],
  [".", null],
  ["1.234", null],
  ["-1", null],
])("reads %s as %s hundredths", (text, value) => {
  expect(hundredths(text)).toBe(value);
});

it("takes keys that make sense and passes over the others", () => {
  const type = (keys: string): string =>
    [...keys].reduce((text, key) => press(text, key, false), "");
  expect(type("1.25")).toBe("1.25");
  expect(type("1.256")).toBe("1.25");
  expect(type("1..5")).toBe("1.5");
  expect(type(".5")).toBe("0.5");
  expect(press("1.25", "erase", false)).toBe("1.2");
  expect(press("0.75", "1", true)).toBe("1"); // the first key replaces what was shown
});
