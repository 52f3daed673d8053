import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import * as pin from "./pin";
import * as store from "./store";

Object.assign(pin.ROUNDS, { own: 200, script: 100 });
let db: store.Database;
let number = 0;
beforeEach(async () => {
  db = await store.open(`pins-${(number += 1)}`);
});
afterEach(() => vi.unstubAllGlobals());

it("knows a PIN that was kept, as people type it, and keeps neither it nor two alike", async () => {
  await pin.keep(db, 1, "2580");
  await pin.keep(db, 2, "2580");
  expect(await pin.compare(db, 1, " ２５８０ ")).toBe("right");
  expect(await pin.compare(db, 1, "2581")).toBe("wrong");
  expect(await pin.compare(db, 3, "2580")).toBe("unknown");
  const [one, two] = await db.getAll("pins");
  expect(one!.hash).not.toEqual(two!.hash);
  expect(JSON.stringify(await db.getAll("pins"))).not.toContain("2580");
});

it("compares nothing after five wrong tries, until the server took a PIN again", async () => {
  await pin.keep(db, 1, "2580");
  const said: string[] = [];
  for (let n = 0; n < 5; n += 1) said.push(await pin.compare(db, 1, "0000"));
  expect(said).toEqual(["wrong", "wrong", "wrong", "wrong", "full"]);
  expect(await pin.compare(db, 1, "2580")).toBe("full");
  await pin.keep(db, 1, "1470");
  expect(await pin.compare(db, 1, "1470")).toBe("right");
});

it("counts many tries at once as one after the other", async () => {
  await pin.keep(db, 1, "2580");
  const said = await Promise.all(
    Array.from({ length: 8 }, (_, n) => pin.compare(db, 1, String(1000 + n))),
  );
  expect(said.filter((one) => one === "wrong").length).toBe(4);
  expect(await pin.compare(db, 1, "2580")).toBe("full");
});

it("does the same where the browser's own cryptography is missing", async () => {
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
  await pin.keep(db, 1, "2580");
  expect((await db.get("pins", 1))!.rounds).toBe(100);
  expect(await pin.compare(db, 1, "2580")).toBe("right");
  expect(await pin.compare(db, 1, "2581")).toBe("wrong");
});
