// What stands on a screen as cards: clocks, sponsors, the tiles of the map, figures beside a table.
import type { DelegationsBoard, Period, Sponsor } from "../overall/document";
import { levels } from "../overall/map";
import { pick, type Language } from "../words";
import { countdownFace } from "./faces";
import { element } from "./parts";
import type { Aside } from "./tables";
import { WORDS } from "./words";

export interface Tile {
  column: number;
  row: number;
  name_zh: string;
  name_en: string;
}

/** The one child of a box with this tag, made where there is none yet. */
export function only<T extends HTMLElement>(box: HTMLElement, tag: string, make: () => T): T {
  return box.querySelector<T>(`:scope > ${tag}`) ?? box.appendChild(make());
}

/** Draws a card for each period; gives what writes their clocks. */
export function drawClocks(box: HTMLElement, found: Period[], lang: Language): (now: number) => void {
  box.dataset["of"] = "clocks";
  const figures = found.map((period) => {
    const card = element("div", "playing-card");
    const name = element("p", "playing-card-name");
    name.append(element("span", "figure code", period.code), ` ${pick(period, "name", lang)}`);
    const face = element("p", "figure playing-card-clock");
    const detail = element("p", "playing-card-detail");
    card.dataset["paused"] = String(period.paused_at !== null);
    card.append(name, face, detail);
    return { period, face, detail, card };
  });
  box.replaceChildren(...figures.map((one) => one.card));
  return (now) => {
    for (const { period, face, detail } of figures) {
      const said = countdownFace(period, now, lang);
      face.textContent = said.figures;
      detail.textContent = [said.word, said.detail].filter(Boolean).join(" · ");
    }
  };
}

export function drawSponsors(box: HTMLElement, found: Sponsor[], lang: Language): void {
  box.dataset["of"] = "sponsors";
  box.dataset["rows"] = found.length > 8 ? "4x3" : found.length > 6 ? "4x2" : "3x2";
  box.replaceChildren(
    ...found.map((one) => {
      const card = element("div", "playing-card");
      const name = pick(one, "name", lang);
      if (one.logo) {
        const picture = element("img", "playing-card-logo");
        picture.src = `/skills/${encodeURIComponent(one.logo.of)}/pictures/${one.logo.sha256}`;
        picture.alt = "";
        picture.addEventListener("error", () => picture.remove()); // without a network: its name
        card.append(picture);
      }
      card.append(element("p", "playing-card-name", name));
      return card;
    }),
  );
}

/** The prefectures with their medals, the more the stronger; above them on the right who leads. */
export function drawMap(
  box: HTMLElement,
  board: DelegationsBoard,
  tiles: Record<string, Tile>,
  lang: Language,
): void {
  const strong = levels(board.rows, Object.keys(tiles));
  const medals = (parts: Record<string, string>): HTMLElement => {
    const line = element("span", "map-medals");
    for (const award of ["gold", "silver", "bronze"]) {
      const one = element("span", "map-medal metal figure", parts[award] ?? "0");
      one.dataset["award"] = award;
      line.append(one);
    }
    return line;
  };
  const cards = Object.entries(tiles).map(([code, tile]) => {
    const card = element("div", "map-tile");
    const { level, parts } = strong[code] ?? { level: 0, parts: {} };
    Object.assign(card.dataset, { tile: code, column: tile.column, row: tile.row, level });
    card.append(element("span", "map-name", pick(tile, "name", lang)), medals(parts));
    return card;
  });
  const lead = element("div", "playing-lead");
  lead.lang = lang;
  const rows = new Map(board.rows.map((row) => [row.code, row]));
  for (const { code, place } of board.orders["medals"]?.ranked.slice(0, 3) ?? []) {
    const row = rows.get(code);
    if (!row) continue;
    const parts = { gold: String(row.gold), silver: String(row.silver), bronze: String(row.bronze) };
    const line = element("p", "playing-lead-line");
    line.append(element("span", "figure", String(place)), element("span", "map-name", pick(row, "name", lang)), medals(parts));
    lead.append(line);
  }
  if (!lead.childElementCount) lead.append(element("p", "screen-message", WORDS[lang].nothing_delegations));
  box.replaceChildren(...cards, lead);
}

/** Figures with their words, and a note under them. */
export function drawAside(box: HTMLElement, aside: Aside): void {
  const list = only(box, "aside", () => element("aside", "playing-aside"));
  list.replaceChildren(
    ...aside.figures.map(([part, word, figure]) => {
      const line = element("p", `playing-figure of-${part}`);
      const isMetal = ["gold", "silver", "bronze"].includes(part);
      if (isMetal) line.dataset["award"] = part;
      const name = element("span", `playing-figure-word${isMetal ? " metal" : ""}`, word);
      line.append(name, element("span", "figure", figure));
      return line;
    }),
    element("p", "playing-card-detail", aside.note),
  );
}
