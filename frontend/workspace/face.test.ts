import { describe, expect, it } from "vitest";
import { face, milestone, timeOfDay } from "./face";
import type { WorkClock } from "./state";
import { WORDS } from "./words";

const w = WORDS.zh;
const START = Date.parse("2026-11-23T01:00:00Z"); // 09:00 in Harbin
const HOUR = 3_600_000;

const RUNNING: WorkClock = {
  state: "running",
  starts_at: "2026-11-23T01:00:00.000Z",
  ends_at: "2026-11-23T06:12:00.000Z",
  paused_at: null,
  reason: "",
  minutes: 300,
  planned_at: null,
  changes: [{ kind: "extra", minutes: 12, reason: "停电" }],
};

describe("the competitor's clock", () => {
  it("counts down to the personal end and says what was added", () => {
    const shown = face(RUNNING, START + HOUR, w);
    expect(shown).toMatchObject({
      state: "running",
      left: "04:12:00",
      end: "14:12:00 结束",
      extra: "加时 +12 分钟",
      reason: "",
    });
  });

  it("stands still in a pause, with the reason", () => {
    const paused: WorkClock = {
      ...RUNNING,
      state: "paused",
      paused_at: "2026-11-23T02:00:00.000Z",
      reason: "设备故障",
    };
    for (const minute of [0, 5, 60]) {
      const shown = face(paused, START + HOUR + minute * 60_000, w);
      expect(shown.left).toBe("04:12:00");
      expect(shown.state).toBe("paused");
      expect(shown.reason).toContain("设备故障");
    }
  });

  it("ends by itself, also when the server has not been heard", () => {
    const shown = face(RUNNING, Date.parse("2026-11-23T06:12:00Z"), w);
    expect(shown).toMatchObject({ state: "ended", left: "00:00:00", end: "14:12:00 已到时间" });
  });

  it("shows the whole length and the plan before the start", () => {
    const waiting: WorkClock = {
      ...RUNNING,
      state: "waiting",
      starts_at: null,
      ends_at: null,
      planned_at: "2026-11-23T01:00:00Z",
      changes: [],
    };
    expect(face(waiting, START, w)).toMatchObject({
      state: "waiting",
      left: "05:00:00",
      end: "计划 09:00 开始，以裁判长宣布为准",
    });
    expect(face(RUNNING, START - 90_000, w)).toMatchObject({ state: "waiting", left: "00:01:30" });
  });

  it("is in the competition's zone wherever the computer is", () => {
    expect(timeOfDay("2026-11-23T06:36:58Z")).toBe("14:36:58");
    expect(timeOfDay("2026-11-23T16:00:00Z", false)).toBe("00:00");
  });
});

describe("milestones", () => {
  const at = (minutes: number, seconds = 0): number => minutes * 60_000 + seconds * 1000;
  it.each([
    [at(60, 1), at(60), 60],
    [at(60), at(59, 59), null], // once only
    [at(15, 1), at(14, 59), 15],
    [at(1, 1), at(0, 59), 1],
    [at(61), at(4), 5], // the tab slept: only the newest
    [at(0, 1), 0, 0],
    [0, 0, null],
    [at(5), at(17), null], // time was added
    [at(200), at(199), null],
  ])("from %d to %d", (before, after, expected) => {
    expect(milestone(before, after)).toBe(expected);
  });
});
