// The public home page: live states, clocks of what is on now, finding a skill.
import "../board/sky.css";
import "./home.css";
import { io } from "socket.io-client";
import { SHOWN, type Shown } from "../board/document";
import { jitter } from "../board/feed";
import { clockFace } from "../board/format";
import { need, turnState, w } from "../board/page";
import { ServerTime, type PeriodClock } from "../clock";
import { inTime } from "../in_time";
import { fits } from "./find";

interface News {
  skills: Record<string, { state: Shown; progress: { released: number; of: number } | null }>;
}

const time = new ServerTime();
const tiles = [...document.querySelectorAll<HTMLElement>(".tile")];
let chosen: Shown | null = null;

function tick(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-clock]")) {
    const clock = JSON.parse(place.dataset["clock"] ?? "null") as PeriodClock | null;
    const face = clockFace(clock, time.now(), w);
    const put = (name: string, text: string): void => {
      const part = place.querySelector(`[data-show="${name}"]`);
      if (part && part.textContent !== text) part.textContent = text;
    };
    put("figures", face.figures);
    put("clock-word", face.word);
  }
}

function find(): void {
  const text = need<HTMLInputElement>("#find-text").value;
  let shown = 0;
  for (const tile of tiles) {
    const state = tile.dataset["state"] ?? "";
    tile.hidden = !fits(text, tile.dataset["words"] ?? "") || (chosen !== null && chosen !== state);
    if (!tile.hidden) shown++;
  }
  for (const sector of document.querySelectorAll<HTMLElement>(".sector")) {
    sector.hidden = !sector.querySelector(".tile:not([hidden])");
  }
  need("#find-said").textContent = text || chosen ? w.matches(shown) : "";
  need("#find-none").hidden = shown > 0;
  need("#now").hidden = text !== "" || chosen !== null; // what was found stands at once in sight
}

function count(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-find]")) {
    const number = tiles.filter((tile) => tile.dataset["state"] === button.dataset["find"]).length;
    const place = button.querySelector("[data-count]");
    if (place) place.textContent = String(number);
    button.disabled = number === 0 && chosen !== button.dataset["find"];
  }
}

function hearNews(news: News): void {
  let changed = false;
  for (const [code, { state, progress }] of Object.entries(news.skills)) {
    if (!SHOWN.includes(state)) continue;
    const tile = tiles.find((one) => one.dataset["code"] === code);
    if (!tile) continue;
    if (tile.dataset["state"] !== state) {
      changed = true;
      tile.dataset["state"] = state;
      const badge = tile.querySelector(".state");
      if (badge) turnState(badge, state);
    }
    const bar = tile.querySelector("progress");
    if (bar) {
      bar.hidden = !progress;
      bar.max = progress?.of || 1;
      bar.value = progress?.released ?? 0;
    }
  }
  if (!changed) return;
  count();
  find();
  setTimeout(() => void renewNow(), jitter(2_000)); // not everybody in the same moment
}

/** What is on now has changed: takes that part from the server's page. */
async function renewNow(): Promise<void> {
  try {
    const answer = await inTime(location.href, { cache: "no-cache" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = fresh.querySelector("#now");
    if (part) need("#now").replaceWith(document.importNode(part, true));
    find();
    tick();
  } catch {
    // No network: what is shown stays, and the next news tries again.
  }
}

need("#find").hidden = false;
need("#find-text").addEventListener("input", find);
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-find]")) {
  button.addEventListener("click", () => {
    const state = button.dataset["find"] as Shown;
    chosen = chosen === state ? null : state;
    for (const other of document.querySelectorAll<HTMLButtonElement>("[data-find]")) {
      other.setAttribute("aria-pressed", String(other.dataset["find"] === chosen));
    }
    find();
  });
}
count();
find(); // a reload keeps the words typed
tick();
setInterval(tick, 250);
void time.ask();

const socket = io({
  transports: ["websocket"],
  reconnectionDelayMax: 20_000,
  randomizationFactor: 0.75,
});
socket.on("connect", () => socket.emit("watch_home"));
socket.on("resync", () => socket.emit("watch_home")); // news was missed: all of it again
socket.on("home", hearNews);
