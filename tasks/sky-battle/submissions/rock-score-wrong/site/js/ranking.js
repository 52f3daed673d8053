/** The ranking: kept in this browser, sorted by score, then by the longer time. */
import { clock, signed } from './view.js';

const PLACE = 'sky-battle/ranking';
const SHOWN = 10;

export function load() {
  try {
    const rows = JSON.parse(localStorage.getItem(PLACE));
    return Array.isArray(rows) ? rows : [];
  } catch {
    return []; // somebody else's data under our name
  }
}

export function add(row) {
  const rows = [...load(), row].sort((a, b) => b.score - a.score || b.seconds - a.seconds);
  localStorage.setItem(PLACE, JSON.stringify(rows.slice(0, 100)));
  return rows;
}

/** The table; `mine` is the row to light up. Names are text, never markup. */
export function table(rows, mine) {
  const table = document.createElement('table');
  table.dataset.sky = 'ranking';
  const head = table.createTHead().insertRow();
  for (const title of ['名次', '飞行员', '得分', '时间']) {
    const cell = document.createElement('th');
    cell.textContent = title;
    head.append(cell);
  }
  const body = table.createTBody();
  rows.slice(0, SHOWN).forEach((row, i) => {
    const line = body.insertRow();
    line.classList.toggle('mine', row.at === mine);
    for (const text of [i + 1, row.name, signed(row.score), clock(row.seconds)]) {
      line.insertCell().textContent = text;
    }
  });
  return table;
}
