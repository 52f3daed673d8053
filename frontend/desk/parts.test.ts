// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { replaceParts } from "./parts";

const PAGE = (needs: string, lock = "missing"): string => `
  <section id="needs" data-part><p>${needs}</p></section>
  <section id="lock" data-part>
    <div id="scroll"></div><span data-clock="{}">--:--:--</span>
    <details><summary>${lock}</summary>K-073</details>
  </section>
  <dialog id="ask"><input id="reason"></dialog>`;

function fresh(html: string): Document {
  return new DOMParser().parseFromString(html, "text/html");
}

beforeEach(() => {
  document.body.innerHTML = PAGE("one");
});

test("only the parts that changed are replaced", () => {
  const lock = document.querySelector("#lock");
  const replaced = replaceParts(document, fresh(PAGE("two")));
  expect(replaced.map((part) => part.id)).toEqual(["needs"]);
  expect(document.querySelector("#needs")?.textContent).toBe("two");
  expect(document.querySelector("#lock")).toBe(lock);
});

test("what the script drew into a clock and what a person opened are no change", () => {
  const clock = document.querySelector("[data-clock]");
  if (clock) clock.textContent = "01:00:00";
  const details = document.querySelector("details");
  if (details) details.open = true;
  expect(replaceParts(document, fresh(PAGE("one")))).toEqual([]);
  expect(document.querySelector("[data-clock]")?.textContent).toBe("01:00:00");
});

test("a replaced part keeps its open details; a form in the dialog is not touched", () => {
  const details = document.querySelector("details");
  if (details) details.open = true;
  const input = document.querySelector<HTMLInputElement>("#reason");
  if (input) input.value = "half a sentence";
  replaceParts(document, fresh(PAGE("one", "nothing missing")));
  expect(document.querySelector("summary")?.textContent).toBe("nothing missing");
  expect(document.querySelector("details")?.open).toBe(true);
  expect(document.querySelector<HTMLInputElement>("#reason")?.value).toBe("half a sentence");
});

test("a part that the fresh page lacks stays", () => {
  expect(replaceParts(document, fresh("<p>signed out</p>"))).toEqual([]);
  expect(document.querySelector("#needs")).not.toBeNull();
});

test("whoever stands on a link of a replaced part stands on it afterwards", () => {
  const tile = (word: string): string => `<section id="tiles" data-part><a id="t" href="#">${word}</a></section>`;
  document.body.innerHTML = tile("40%");
  document.getElementById("t")?.focus();
  replaceParts(document, fresh(tile("41%")));
  expect(document.activeElement?.id).toBe("t");
  expect(document.activeElement?.textContent).toBe("41%");
});
