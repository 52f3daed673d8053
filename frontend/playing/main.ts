// A big screen of the hall: a code until the office has paired it, then its playlist, by the clock.
import "../board/sky.css";
import "../board/award.css";
import "../screen/screen.css";
import "../screen/emergency.css";
import "../overall/map.css";
import "./playing.css";
import "./cards.css";
import { ServerTime } from "../clock";
import { fit } from "../fit";
import { inTime } from "../in_time";
import { register } from "../offline";
import { qr } from "../qr_code";
import type { Language } from "../words";
import { subjectsOf, type Control, type Entry } from "./control";
import { Frame, pagesOf, type Start } from "./frame";
import * as kept from "./kept";
import { hourOf, Link } from "./link";
import { clone, element } from "./parts";
import { clockOf, due, turn, type Turn } from "./position";
import { stayAwake } from "./awake";
import { WORDS } from "./words";

const TICK = 250; // ms between two looks at the clock
const BEAT = 10_000; // ms between two signs of life
const ASK_CODE = 3_000; // ms between two questions whether the office has paired this screen
const ASK_TIME = 300_000; // ms between two looks at the server's clock

const start = JSON.parse(document.querySelector("#screen-data")?.textContent ?? "") as Start;
const stage = document.querySelector<HTMLElement>("#stage") as HTMLElement;
const before = kept.read();
const time = new ServerTime(undefined, () => Date.now() + (before?.offset ?? 0));

let link: Link | null = null;
let frame: Frame | null = null;
let drawn = ""; // what stands on the stage
let filled = ""; // what the frame on it says
let reported = "";

function stand(what: string, ...nodes: Node[]): boolean {
  if (what === drawn) return false;
  drawn = what;
  filled = "";
  frame = null;
  stage.replaceChildren(...nodes);
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches)
    stage.animate([{ opacity: 0 }, { opacity: 1 }], { duration: 400, easing: "ease-out" });
  return true;
}

/** Which languages the screen speaks, one after the other. */
function languages(control: Control): Language[] {
  return control.language === "turns" ? ["zh", "en"] : [control.language];
}

interface Due {
  entry: Entry;
  next: Entry;
  turn: Turn;
  page: number;
  pages: number;
  lang: Language;
}

function dueNow(control: Control, now: number): Due | null {
  const at = due(control.entries, control.play, now);
  const entry = at && control.entries[at.index];
  if (!at || !entry || !link) return null;
  const pages = pagesOf(entry, link.about, now);
  const spoken = languages(control);
  const { play } = control;
  const found = turn(entry.seconds, pages * spoken.length, at, play.held, clockOf(play, now));
  const turned = play.paused ? { ...found, lasts: Infinity } : found;
  return {
    entry,
    next: control.entries[(at.index + 1) % control.entries.length] ?? entry,
    turn: turned,
    page: turned.frame % pages,
    pages,
    lang: spoken[Math.floor(turned.frame / pages)] ?? "zh",
  };
}

function draw(): void {
  const control = link?.control;
  if (!link || !control) return;
  const now = time.now();
  const told = control.board;
  document.documentElement.dataset["theme"] = `podium-${told.theme}`;
  const lang = languages(told)[Math.floor(now / 10_000) % languages(told).length] ?? "zh";
  if (told.message) drawMessage(told.message);
  else if (told.blank) stand("blank", element("div", "playing-blank"));
  else if (told.entries.length) drawEntry(told, now);
  else drawSentence(`none ${lang} ${told.name}`, told.name, WORDS[lang].no_playlist, WORDS[lang].no_playlist_how);
  report(told);
}

function drawEntry(told: Control, now: number): void {
  const shown = dueNow(told, now);
  if (!shown || !link) return;
  const { entry, page, pages, lang } = shown;
  const known = subjectsOf(entry, hourOf(link.about)).map(link.about);
  const made = new Frame(entry, start);
  if (stand(`entry ${JSON.stringify(entry)}`, made.root)) frame = made;
  const what = [page, pages, lang, hourOf(link.about), ...known.map((one) => one?.board.sequence)].join();
  if (what !== filled) {
    filled = what;
    frame?.draw({ entry, about: link.about, page, lang, now });
  }
  frame?.turn(shown.turn, now);
  const asOf = (known.length ? known : [link.control]).flatMap((one) => one?.asOf ?? []);
  frame?.link(lang, link.way, asOf.length ? Math.min(...asOf) : null);
  frame?.tick(now);
}

function drawMessage({ text_zh, text_en }: { text_zh: string; text_en: string }): void {
  const box = element("div", "emergency");
  box.setAttribute("role", "alert");
  const spoken = [text_zh ? WORDS.zh.emergency : "", text_en ? WORDS.en.emergency : ""];
  box.append(element("h1", "emergency-title", spoken.filter(Boolean).join(" · ")));
  for (const [lang, text] of [["zh-CN", text_zh], ["en", text_en]] as const) {
    if (!text) continue;
    const said = element("p", "emergency-words", text);
    said.lang = lang;
    box.append(said);
  }
  if (stand(`message ${text_zh}|${text_en}`, box)) fit(box);
}

function drawSentence(what: string, ...texts: string[]): void {
  const box = element("div", "playing-only night");
  box.append(document.importNode((document.querySelector("#night") as HTMLTemplateElement).content, true));
  box.append(...texts.map((text) => element("p", "screen-message", text)));
  stand(what, box);
}

// Until it is paired

async function waitForPairing(): Promise<void> {
  let lost = false;
  try {
    const answer = await inTime("/screen/api/wait", {
      method: "POST",
      headers: kept.token() ? { Authorization: `Bearer ${kept.token()}` } : {},
    });
    const said = (await answer.json()) as { paired?: boolean; code?: string; token?: string | null };
    if (said.token) kept.keepToken(said.token);
    if (said.paired) {
      begin();
      return;
    }
    if (said.code) drawCode(said.code);
    lost = !answer.ok;
  } catch {
    lost = true;
  }
  if (lost) document.querySelector<HTMLElement>(".playing-lost")?.removeAttribute("hidden");
  if (lost && !drawn) drawSentence("lost", WORDS.zh.pair_lost, WORDS.en.pair_lost);
  setTimeout(() => void waitForPairing(), ASK_CODE);
}

function drawCode(code: string): void {
  const address = `${start.pair}?code=${code}#pair`;
  const box = clone("pairing");
  const put = (name: string, node: Node): void => box.querySelector(`[data-part="${name}"]`)?.append(node);
  put("code", document.createTextNode(`${code.slice(0, 3)}-${code.slice(3)}`));
  put("qr", qr(address));
  put("address", document.createTextNode(start.pair));
  stand(`code ${code}`, box);
  document.querySelector<HTMLElement>(".playing-lost")?.setAttribute("hidden", "");
}

// While it is paired

function begin(): void {
  const token = kept.token();
  link = new Link(token, time, kept.read(), {
    changed: () => {
      draw();
      kept.keepSoon(() => link && { offset: time.now() - Date.now(), known: link.all() });
    },
    unpaired: () => {
      link = null;
      kept.forget();
      document.documentElement.dataset["theme"] = "podium-dark";
      void waitForPairing();
    },
    near: () => {
      const control = link?.control?.board;
      const now = control && dueNow(control, time.now());
      const hour = link ? hourOf(link.about) : "";
      return now ? [...new Set([now.entry, now.next].flatMap((one) => subjectsOf(one, hour)))] : [];
    },
  });
  draw();
}

/** Says how the screen is: when what it shows has changed, and to show that it lives. */
function report(told: Control): void {
  if (!link) return;
  const now = dueNow(told, time.now());
  const what = told.message ? "message" : told.blank ? "blank" : now ? "entry" : "nothing";
  const shows = {
    what,
    entry: now?.entry.id ?? 0,
    page: (now?.page ?? -1) + 1,
    of: now?.pages ?? 0,
    link: link.way,
    sequence: told.sequence,
    width: Math.round(innerWidth * devicePixelRatio),
    height: Math.round(innerHeight * devicePixelRatio),
    version: start.version,
  };
  const words = JSON.stringify(shows);
  if (words === reported) return;
  reported = words;
  void link.own("here", shows).then(renew);
}

/** A new build is taken over as soon as there is one: nobody stands at a screen to reload it. */
function renew(said: unknown): void {
  const newest = (said as { version?: string } | null)?.version;
  if (!newest || newest === start.version || sessionStorage.getItem("podium-renewed") === newest) return;
  sessionStorage.setItem("podium-renewed", newest);
  location.reload();
}

register("/screen/");
stayAwake();
void time.ask();
setInterval(() => void time.ask(undefined, 1), ASK_TIME);
setInterval(draw, TICK);
setInterval(() => {
  reported = "";
}, BEAT);
addEventListener("resize", () => {
  filled = "";
  drawn = "";
});
if (kept.token() && before) begin();
else void waitForPairing();
