import { expect, test } from "vitest";
import { fits } from "./find";

const words = "w17 网站设计与开发 web technologies 信息与通信技术 哈尔滨赛区";

test.each([
  ["", true],
  ["网站", true],
  ["Web", true],
  ["W17", true],
  ["Ｗ１７", true], // full width, as Chinese input methods type it
  ["哈尔滨 网站", true],
  ["  tech  ", true],
  ["焊接", false],
  ["网站 大庆", false],
])("%j: %s", (typed, found) => {
  expect(fits(typed, words)).toBe(found);
});
