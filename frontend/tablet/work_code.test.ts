import { describe, expect, it } from "vitest";
import { find, read } from "./work_code";

const CODES = ["K-073", "K-118", "A-1", "A1-"];

describe("the code of a work", () => {
  it.each([
    ["T17/K-073", { skill: "T17", code: "K-073" }],
    [" t17/k-073\n", { skill: "T17", code: "K-073" }],
    ["Ｋ－０７３", { skill: null, code: "K-073" }],
    ["https://example.org/a/b", { skill: null, code: "HTTPS://EXAMPLE.ORG/A/B" }],
    ["", { skill: null, code: "" }],
  ])("is read from %j", (text, told) => expect(read(text)).toEqual(told));

  it.each([
    ["T17/K-073", null, { open: "K-073" }],
    ["k073", null, { open: "K-073" }],
    ["T17/K-073", "K-073", { open: "K-073" }],
    ["T17/K-118", "K-073", { wrong: "K-118", why: "other" }],
    ["N99/K-073", null, { wrong: "N99/K-073", why: "skill" }],
    ["K-999", null, { wrong: "K-999", why: "unknown" }],
    ["a1", null, { wrong: "A1", why: "unknown" }], // two could be meant
    ["A-1", null, { open: "A-1" }],
    ["", null, { wrong: "", why: "unknown" }],
  ])("%j, expected %j", (text, expected, found) =>
    expect(find(text, "T17", CODES, expected)).toEqual(found),
  );
});
