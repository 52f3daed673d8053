// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { drawRow, estimate, megabytes, stage, whyWaiting } from "./list";
import { objection } from "./panel";
import type { HandIn } from "./state";
import { WORDS } from "./words";

const w = WORDS.zh;
const setting = { w, lang: "zh" as const, shapes: "/shapes.svg" };

const ONE: HandIn = {
  number: 3,
  receipt: "AAAA-BBBB-CCCC",
  name: "<b>作品</b>.zip",
  size: 4_200_000,
  sha256: "4f1c".repeat(16),
  files: 12,
  at: "2026-11-23T06:36:58Z",
  late: false,
  counts: true,
  state: "queued",
  position: 2,
  seconds: 70,
  no_estimate: "",
  done: 0,
  total: 0,
  checks: [],
  url: "/work/receipts/AAAA-BBBB-CCCC",
};

describe("a row of the list", () => {
  it("says which one counts, its time, its place in the queue and its receipt", () => {
    const row = drawRow(ONE, setting);
    expect(row.dataset["counts"]).toBe("true");
    expect(row.textContent).toContain("第 3 次14:36:58计分版本回执");
    expect(row.querySelector("[aria-current=step]")?.textContent).toBe("排队（第 2 位）");
    expect(row.querySelector("a")?.getAttribute("href")).toBe(ONE.url);
  });

  it("takes a file name as text, never as markup", () => {
    const row = drawRow(ONE, setting);
    expect(row.querySelector("b")).toBeNull();
    expect(row.textContent).toContain("<b>作品</b>.zip");
  });

  it("shows a late one as waiting for a ruling, without stages", () => {
    const row = drawRow({ ...ONE, late: true, counts: false, state: "late" }, setting);
    expect(row.textContent).toContain("迟交·待裁定");
    expect(row.querySelector(".work-stages")).toBeNull();
    expect(row.querySelector(".work-star")).toBeNull();
  });

  it("looks the same at its end whatever was found", () => {
    const done = drawRow({ ...ONE, state: "done" }, setting);
    expect(stage({ ...ONE, state: "done" })).toBe(4);
    expect(done.querySelectorAll('[data-is="done"]')).toHaveLength(4);
    expect(done.textContent).not.toMatch(/通过|未通过/);
  });

  it("shows public checks with word and message", () => {
    const check = { title_zh: "能打开", title_en: "It opens", message_en: "No index.html" };
    const row = drawRow(
      {
        ...ONE,
        state: "done",
        checks: [{ ...check, outcome: "failed", message_zh: "没有 index.html" }],
      },
      setting,
    );
    expect(row.querySelector(".work-checks")?.textContent).toBe("能打开未通过没有 index.html");
  });
});

describe("how long it takes", () => {
  it("is said in minutes, rounded up, while it waits or is judged", () => {
    expect(estimate(ONE, w)).toBe("预计约 2 分钟判完");
    expect(estimate({ ...ONE, state: "checking", seconds: 59 }, w)).toBe("预计 1 分钟内判完");
    expect(drawRow(ONE, setting).textContent).toContain("预计约 2 分钟判完");
  });

  it("is not invented", () => {
    expect(estimate({ ...ONE, seconds: null, no_estimate: "unknown" }, w)).toContain("暂时无法估计");
    expect(estimate({ ...ONE, state: "checking", seconds: null, no_estimate: "slow" }, w)).toBe(
      "比通常用时更长，仍在进行",
    );
    expect(estimate({ ...ONE, seconds: null, no_estimate: "nobody" }, w)).toBe("");
    expect(estimate({ ...ONE, state: "done" }, w)).toBe("");
  });
});

describe("why something waits", () => {
  const building = { state: "building" as const, zh: "判题环境正在准备（第 2/4 步）", en: "" };
  it("says so while judging is not ready, and nothing otherwise", () => {
    expect(whyWaiting([ONE], building, w, "zh")).toContain("判题环境正在准备（第 2/4 步）");
    expect(whyWaiting([{ ...ONE, state: "done" }], building, w, "zh")).toBe("");
    expect(whyWaiting([ONE], { ...building, state: "ready" }, w, "zh")).toBe("");
  });
});

describe("what is not even sent", () => {
  const file = (head: string, size = 10): File => {
    const made = new File([head], "work.zip");
    Object.defineProperty(made, "size", { value: size });
    return made;
  };
  it("is too large, not a zip, or more than one", async () => {
    expect(await objection([file("PK..")], 100, w)).toBeNull();
    expect(await objection([file("Rar!")], 100, w)).toBe(w.no_zip);
    const source = new File(["int"], "Main.CPP");
    expect(await objection([source], 100, w, [".py", ".cpp"])).toBeNull();
    expect(await objection([source], 100, w, [".py"])).toContain(".py");
    expect(await objection([source], 100, w)).toBe(w.no_zip);
    expect(await objection([file("PK"), file("PK")], 100, w)).toBe(w.one_file);
    expect(await objection([file("PK", 200_000_001)], 200_000_000, w)).toContain("200.1 MB");
  });
});

it("sizes read as people write them", () => {
  expect([800, 99_999, 4_200_000, 200_000_000].map(megabytes)).toEqual([
    "0.8 kB",
    "100.0 kB",
    "4.2 MB",
    "200 MB",
  ]);
});
