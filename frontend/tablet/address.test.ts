import { expect, it } from "vitest";
import { read } from "./address";

it.each([
  ["", null, null],
  ["#/", null, null],
  ["#/K-073", "K-073", null],
  ["#/K-073/12", "K-073", 12],
  ["#/%E4%BD%9C%E5%93%81/3", "作品", 3],
  ["#/%E0%A4%A", null, null],
  ["#/K-073/x", "K-073", null],
])("reads %s", (hash, code, sub) => {
  expect(read(hash)).toEqual({ code, sub });
});
