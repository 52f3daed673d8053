// @vitest-environment happy-dom
import { beforeEach, expect, it } from "vitest";
import { swipeable } from "./swipe";

let element: HTMLElement;
let steps: number[];

beforeEach(() => {
  element = document.createElement("div");
  steps = [];
  swipeable((step) => steps.push(step))(element);
});

function finger(type: string, x: number, y: number, fingers = 1): void {
  const one = { clientX: x, clientY: y };
  const event = new Event(type);
  Object.assign(event, { touches: Array(fingers).fill(one), changedTouches: [one] });
  element.dispatchEvent(event);
}

it.each([
  ["left", [300, 100], [150, 110], 1, [1]],
  ["right", [100, 100], [250, 90], 1, [-1]],
  ["too short", [100, 100], [160, 100], 1, []],
  ["a scroll", [100, 100], [200, 300], 1, []],
  ["two fingers", [300, 100], [100, 100], 2, []],
] as const)("%s", (_name, from, to, fingers, said) => {
  finger("touchstart", from[0], from[1], fingers);
  finger("touchend", to[0], to[1], fingers);
  expect(steps).toEqual(said);
});
