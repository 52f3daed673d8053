// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HOLD, holdable } from "./hold";

let button: HTMLButtonElement;
const held = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  held.mockClear();
  button = document.createElement("button");
  button.addEventListener("held", held);
  document.body.replaceChildren(button);
  holdable(button);
});
afterEach(() => void vi.useRealTimers());

function send(type: string, at: number): void {
  const event = new MouseEvent(type, { button: 0 });
  Object.defineProperty(event, "timeStamp", { value: at });
  button.dispatchEvent(event);
}

it("is held once by a finger that stays", () => {
  send("pointerdown", 0);
  vi.advanceTimersByTime(HOLD);
  send("pointerup", HOLD + 100);
  expect(held).toHaveBeenCalledTimes(1);
});

it("is not held by a tap, nor by a finger that slid off", () => {
  send("pointerdown", 0);
  send("pointerup", 200);
  vi.advanceTimersByTime(2 * HOLD);
  send("pointerdown", 5_000);
  send("pointerleave", 5_000 + 2 * HOLD);
  vi.advanceTimersByTime(2 * HOLD);
  expect(held).not.toHaveBeenCalled();
  expect("holding" in button.dataset).toBe(false);
});

it("is held when a busy tablet hears the release before its own timer", () => {
  send("pointerdown", 0);
  send("pointerup", HOLD + 300); // no timer has run yet
  vi.advanceTimersByTime(2 * HOLD);
  expect(held).toHaveBeenCalledTimes(1);
});
