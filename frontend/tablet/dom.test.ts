// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";
import { draw, h } from "./dom";

let root: HTMLElement;
beforeEach(() => {
  root = document.createElement("div");
  document.body.replaceChildren(root);
});

it("keeps an element and changes only what differs", () => {
  draw(root, [h("p", { class: "a", title: "x" }, "one")]);
  const before = root.firstChild;
  draw(root, [h("p", { class: "b" }, "two")]);
  expect(root.firstChild).toBe(before);
  expect(root.innerHTML).toBe('<p class="b">two</p>');
});

it("keeps keyed elements through insertions and removals, so that focus stays", () => {
  const row = (key: string) => h("input", { key, id: key });
  draw(root, ["a", "b", "c"].map(row));
  const b = root.querySelector<HTMLInputElement>("#b")!;
  b.focus();
  draw(root, ["x", "b", "c"].map(row));
  expect(root.querySelector("#b")).toBe(b);
  expect(document.activeElement).toBe(b);
  expect([...root.children].map((one) => one.id)).toEqual(["x", "b", "c"]);
});

it("calls the newest handler, and custom events too", () => {
  const first = vi.fn();
  const second = vi.fn();
  draw(root, [h("button", { onclick: first, onheld: first }, "x")]);
  draw(root, [h("button", { onclick: second, onheld: second }, "x")]);
  root.querySelector("button")!.click();
  root.querySelector("button")!.dispatchEvent(new CustomEvent("held"));
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 2]);
});

it("writes no text as markup", () => {
  draw(root, [h("p", { title: '"><b>' }, "<img src=x onerror=alert(1)>")]);
  expect(root.querySelector("img")).toBeNull();
  expect(root.textContent).toBe("<img src=x onerror=alert(1)>");
});

it("leaves a field alone while it is being written in", () => {
  draw(root, [h("textarea", { value: "" })]);
  const field = root.querySelector("textarea")!;
  field.value = "half a sen";
  draw(root, [h("textarea", { value: "" })]);
  expect(field.value).toBe("half a sen");
});

it("boolean attributes come and go; nothing is drawn for null and false", () => {
  draw(root, [h("button", { disabled: true, "data-x": false }, null, false, "y")]);
  expect(root.innerHTML).toBe('<button disabled="">y</button>');
  draw(root, [h("button", { disabled: false }, "y")]);
  expect(root.innerHTML).toBe("<button>y</button>");
});
