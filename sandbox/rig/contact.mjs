/** One picture of a whole judging: each check's screenshot with its aspect, title and outcome. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { WORDS } from './words.mjs';

const FILE = 'contact.jpg';
const MOST = 120; // checks; more do not fit into a picture that can still be read
const COLUMNS = 5;
const LARGEST = 4_000_000;
const SIGNS = { passed: '✓', failed: '✗', undetermined: '?', error: '!' };

const STYLE = `
  * { box-sizing: border-box; margin: 0 }
  body { width: 1600px; padding: 16px; background: #f4f6f7; color: #14202a; font: 15px/1.3 sans-serif }
  main { display: grid; grid-template-columns: repeat(${COLUMNS}, 1fr); gap: 12px }
  figure { background: #fff; border: 1px solid #c6d0d6; border-top: 6px solid #c6d0d6; border-radius: 6px; overflow: hidden }
  figure[data-outcome=passed] { border-top-color: #1d7f5f }
  figure[data-outcome=failed] { border-top-color: #c0262d }
  figure[data-outcome=undetermined], figure[data-outcome=error] { border-top-color: #b26a00 }
  .shot { height: 228px; display: grid; place-items: center; background: #e6ebee; color: #5b6b76 }
  .shot img { width: 100%; height: 100%; object-fit: contain }
  figcaption { padding: 8px 10px 10px }
  b { font-size: 17px } .outcome { float: right; font-weight: 700 }
  [data-outcome=passed] .outcome { color: #1d7f5f } [data-outcome=failed] .outcome { color: #c0262d }
  [data-outcome=undetermined] .outcome, [data-outcome=error] .outcome { color: #b26a00 }
  p { margin-top: 3px } p + p { color: #44545f }
`;

const safe = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** The checks in the scheme's order, as a page; nothing in it can run or load. */
function page(checks, out) {
  const inOrder = [...checks].sort((a, b) => a.aspect.localeCompare(b.aspect) || a.id.localeCompare(b.id));
  const figures = inOrder.slice(0, MOST).map((check) => {
    const shot = check.evidence.find((piece) => piece.kind === 'screenshot');
    const picture = shot
      ? `<img src="data:${safe(shot.media_type)};base64,${readFileSync(path.join(out, shot.file)).toString('base64')}">`
      : '没有截图 no screenshot';
    const { zh, en } = WORDS.outcomes[check.outcome];
    return `<figure data-outcome="${check.outcome}"><div class="shot">${picture}</div><figcaption>`
      + `<span class="outcome">${SIGNS[check.outcome]} ${zh} ${en}</span><b>${safe(check.aspect)}</b>`
      + `<p>${safe(check.title_zh)}</p><p>${safe(check.title_en)}</p></figcaption></figure>`;
  });
  return '<!doctype html><html lang="zh"><meta charset="utf-8">'
    + '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; style-src \'unsafe-inline\'">'
    + `<style>${STYLE}</style><main>${figures.join('')}</main></html>`;
}

/** Draws the sheet in a browser of its own; the piece of evidence, or null when it came to nothing. */
export async function contactSheet(checks, out, launchOptions) {
  if (!checks.length) return null;
  const browser = await chromium.launch({ ...launchOptions, headless: true, timeout: 15_000 });
  const late = setTimeout(() => browser.close().catch(() => {}), 40_000);
  try {
    const view = await browser.newPage({ viewport: { width: 1600, height: 900 }, javaScriptEnabled: false });
    await view.setContent(page(checks, out), { timeout: 15_000 });
    for (const quality of [70, 40]) {
      const bytes = await view.screenshot({ type: 'jpeg', quality, fullPage: true, timeout: 15_000 });
      if (bytes.length > LARGEST) continue;
      writeFileSync(path.join(out, FILE), bytes);
      return { kind: 'contact', file: FILE, media_type: 'image/jpeg' };
    }
    return null;
  } finally {
    clearTimeout(late);
    await browser.close();
  }
}
