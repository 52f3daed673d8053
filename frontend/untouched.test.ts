// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { isTouched, untouched } from "./untouched";

const drawn = vi.fn();
const redraw = (): void => untouched(drawn);
const send = (type: string): boolean =>
  document.body.dispatchEvent(new Event(type, { bubbles: true }));

beforeEach(() => {
  vi.useFakeTimers();
  drawn.mockClear();
});
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

it("draws at once where no finger is", () => {
  redraw();
  expect(drawn).toHaveBeenCalledTimes(1);
});

it("draws once, after the click, what came while the finger was down or had just been lifted", () => {
  expect(isTouched()).toBe(false);
  send("pointerdown");
  redraw();
  send("pointerup");
  redraw();
  expect(drawn).not.toHaveBeenCalled();
  expect(isTouched()).toBe(true);
  send("click");
  expect(isTouched()).toBe(false);
  expect(drawn).toHaveBeenCalledTimes(1);
});

it("does not draw after a click for which nothing came", () => {
  send("pointerdown");
  send("pointerup");
  send("click");
  expect(drawn).not.toHaveBeenCalled();
});

it.each([
  ["a finger that scrolls", ["pointercancel"], 0],
  ["a finger that was lifted elsewhere", ["pointerup"], 100],
  ["a finger that holds", [], 1_200],
])("draws on under %s", (_, after, wait) => {
  send("pointerdown");
  redraw();
  for (const type of after) send(type);
  if (wait) {
    vi.advanceTimersByTime(wait - 1);
    expect(drawn).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
  }
  expect(drawn).toHaveBeenCalledTimes(1);
});
