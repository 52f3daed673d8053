// Before the start: an example of the list, and whether this computer is ready.

import type { ServerTime } from "../clock";
import type { Hasher } from "./hasher";
import { drawRow, type Setting } from "./list";
import { make, need, shape } from "./page";
import type { HandIn, State } from "./state";

const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

function example(setting: Setting): HandIn[] {
  const hour = Date.UTC(2000, 0, 1, 6, 0); // 14:00 where the competition is
  const common = { receipt: "", size: 4_182_331, files: 23, late: false, checks: [], url: "" };
  const name = setting.w.example_name;
  return [
    {
      ...common,
      number: 2,
      name,
      sha256: "9f2c61d07a3b5e84c0d1",
      at: new Date(hour + 31 * 60_000 + 7_000).toISOString(),
      counts: true,
      state: "queued",
      position: 3,
      seconds: 100,
      no_estimate: "",
      done: 0,
      total: 0,
    },
    {
      ...common,
      number: 1,
      name,
      sha256: "41aa0be7d9c2f6538e17",
      at: new Date(hour + 2 * 60_000 + 44_000).toISOString(),
      counts: false,
      state: "done",
      position: 0,
      seconds: null,
      no_estimate: "",
      done: 0,
      total: 0,
    },
  ];
}

export class Before {
  private hashes: boolean | null = null;

  constructor(
    private readonly setting: Setting,
    private readonly time: ServerTime,
    hasher: Hasher,
  ) {
    need("#example").replaceChildren(...example(setting).map((one) => drawRow(one, setting)));
    hasher.hash(new Blob(["abc"]), () => undefined).then(
      (hex) => (this.hashes = hex === ABC),
      () => (this.hashes = false),
    );
  }

  /** Draws the list of what is ready. */
  draw(state: State, connected: boolean): void {
    const { w, lang } = this.setting;
    const off = Math.abs(this.time.now() - Date.now()) / 1000;
    const rows: [boolean | null, string][] = [
      [connected, connected ? w.ready_clock(off.toFixed(1)) : w.ready_clock_not],
      [this.hashes, this.hashes === false ? w.ready_hash_not : w.ready_hash],
      [
        state.judging.state === "ready" ? true : null,
        state.judging.state === "ready" ? w.ready_judging : state.judging[lang],
      ],
    ];
    const drawn = rows.map(([well, text]) => {
      const sign = well ? "yes" : well === false ? "no" : "info";
      const item = make("li", "", shape(this.setting.shapes, sign), make("span", "", text));
      item.dataset["well"] = String(well);
      return item;
    });
    need("#ready").replaceChildren(...drawn);
  }
}
