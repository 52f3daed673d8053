// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Poll } from "./poll";

const answers: ((body: string) => void)[] = [];
const fetched = vi.fn(
  () =>
    new Promise<Response>((done) => {
      answers.push((body) => done(new Response(body)));
    }),
);

beforeEach(() => {
  answers.length = 0;
  fetched.mockClear();
  vi.stubGlobal("fetch", fetched);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("asks again when somebody asked while an older answer was on its way", async () => {
  const heard: unknown[] = [];
  const poll = new Poll("/state", (state) => heard.push(state), () => false);
  const first = poll.now();
  void poll.now(); // a hand-in was taken: the first answer may not know of it
  void poll.now();
  expect(fetched).toHaveBeenCalledTimes(1);
  answers[0]?.('{"submissions": 0}');
  await first;
  expect(fetched).toHaveBeenCalledTimes(2);
  answers[1]?.('{"submissions": 1}');
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  expect(heard[1]).toEqual({ submissions: 1 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(fetched).toHaveBeenCalledTimes(2); // and no oftener
});
