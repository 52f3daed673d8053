import encodeQR from "qr";
import { describe, expect, it } from "vitest";
import { Frames, frames } from "./frames";

const TEXT = JSON.stringify({ marks: Array.from({ length: 80 }, (_, at) => `第 ${at} 条：评分 1.50`) });
const OTHER = TEXT.replace("第 7 条", "第 8 条");

describe("a text as a row of QR codes", () => {
  it("comes back whole from codes in any order, some read twice", () => {
    const row = frames(TEXT);
    expect(row.length).toBeGreaterThan(3);
    const reader = new Frames();
    const order = [...row.slice(2), ...row.slice(2, 4), ...row.slice(0, 2)];
    const said = order.map((one) => reader.take(one));
    expect(said.slice(0, -1)).not.toContain("whole");
    expect(said.filter((one) => one === "known")).toHaveLength(2);
    expect(said.at(-1)).toBe("whole");
    expect(reader.text).toBe(TEXT);
  });

  it("is never put together from two texts", () => {
    const reader = new Frames();
    for (const one of frames(TEXT).slice(1)) reader.take(one);
    expect(reader.take(frames(OTHER)[0]!)).toBe("piece");
    expect(reader.have).toBe(1); // another screen: begun anew
    for (const one of frames(OTHER).slice(1)) reader.take(one);
    expect(reader.text).toBe(OTHER);
  });

  it("is read again when a piece does not belong", () => {
    const reader = new Frames();
    const row = frames(TEXT);
    const forged = row.map((one, at) => (at === 3 ? one.replace("评分", "评价") : one));
    expect(forged[3]).not.toBe(row[3]);
    expect(forged.map((one) => reader.take(one)).at(-1)).toBe("broken");
    expect(reader.have).toBe(0);
    expect(row.map((one) => reader.take(one)).at(-1)).toBe("whole");
  });

  it("lets everything else pass", () => {
    const reader = new Frames();
    const id = "0123456789abcdef";
    for (const one of ["", "T17 K-073", "podium", `podium ${id} 0/3 x`, `podium ${id} 4/3 x`,
      `podium ${id} 1/99999 x`, `podium ${id}`, `https://example.org/podium ${id} 1/3 x`])
      expect(reader.take(one)).toBe("none");
    expect(reader.of).toBe(0);
  });

  it("fits codes that a tablet's camera reads from another's screen, the shortest text too", () => {
    for (const one of [...frames(TEXT), ...frames("x".repeat(5000)), ...frames("")])
      expect(encodeQR(one, "raw", { ecc: "low", border: 1 }).length).toBeLessThanOrEqual(77 + 2);
    const reader = new Frames();
    expect(reader.take(frames("")[0]!)).toBe("whole");
  });
});
