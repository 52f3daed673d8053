// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { apply, keep, read } from "./comfort";

beforeEach(() => {
  localStorage.clear();
  apply(null);
});

it("is each judge's own, and as usual where nothing was chosen", () => {
  keep("T17|1", { ...read("T17|1"), left: true, size: 22 });
  expect(read("T17|1")).toMatchObject({ left: true, size: 22, shake: true, sound: false });
  expect(read("T17|2")).toMatchObject({ left: false, size: 16 });
});

it.each(["{", "null", "[]", '{"size": 999, "left": "yes"}', '"x"'])("forgives %s", (kept) => {
  localStorage.setItem("podium-comfort|T17|1", kept);
  expect(read("T17|1")).toMatchObject({ left: false, size: 16, contrast: false });
});

it("shows on the page and goes with its judge", () => {
  const root = document.documentElement;
  apply({ ...read("T17|1"), left: true, size: 24, contrast: true });
  expect(root.hasAttribute("data-left")).toBe(true);
  expect([root.style.fontSize, root.dataset["contrast"]]).toEqual(["24px", "more"]);
  apply(null);
  expect(root.hasAttribute("data-left") || root.hasAttribute("data-large")).toBe(false);
  expect([root.style.fontSize, root.dataset["contrast"]]).toEqual(["", undefined]);
});
