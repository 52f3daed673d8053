/** Reads a Sky Battle as a person does, with the hooks of the statement where an eye is needed. */
import { claim, isPlain, undetermined } from 'podium-rig';

export const THINGS = ['enemy', 'rock', 'friend', 'drop'];

// A label and its figure, with nothing but its translation and marks between: "燃料 Fuel: 15". A
// sentence of the instructions ("燃料从 15 开始") is not a gauge.
const BETWEEN = '[\\s:：=()（）a-z]{0,16}';
const NAMES = {
  fuel: { label: new RegExp(`(?:燃料|燃油|油量|fuel)${BETWEEN}([−-]?\\d+)`, 'i') },
  score: { label: new RegExp(`(?:得分|分数|score)${BETWEEN}([−-]?\\d+)`, 'i') },
  clock: { label: new RegExp(`(?:时间|用时|time|clock)${BETWEEN}(\\d+(?::\\d+)*)`, 'i') },
};
const START = /开始|出发|起飞|再[来玩飞试]|重新|start|play|again|begin/i;
const SUBMIT = /确[定认]|提交|登记|保存|继续|完成|ok|submit|save|continue|enter|done/i;

/** Runs in the page: what can be read and where everything is, in one look. */
function look(kinds) {
  // CSS runs in real time, the game does not: what is fading in has arrived by now
  for (const animation of document.getAnimations()) {
    const { endTime } = animation.effect?.getComputedTiming() ?? {};
    const fades = animation.effect?.getKeyframes().some((frame) => 'opacity' in frame);
    if (animation.playState === 'running' && Number.isFinite(endTime) && fades) animation.finish();
  }
  const shown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const find = (name) => [...document.querySelectorAll(`[data-sky~="${name}"]`)].find(shown);
  const box = (e) => {
    const { x, y, width, height } = e.getBoundingClientRect();
    return { x, y, width, height };
  };
  const text = (name) => {
    const e = find(name);
    if (!e) return null;
    return /^(METER|PROGRESS|INPUT|OUTPUT)$/.test(e.tagName) ? String(e.value) : e.textContent.trim();
  };
  const mark = Symbol.for('podium-thing');
  const things = [];
  for (const kind of kinds) {
    for (const e of document.querySelectorAll(`[data-sky~="${kind}"]`)) {
      if (!shown(e)) continue;
      e[mark] ??= `e${window[mark] = (window[mark] ?? 0) + 1}`;
      things.push({ kind, id: e[mark], ...box(e) });
    }
  }
  let broken = null;
  for (const e of document.querySelectorAll('[data-sky-things]')) {
    if (!shown(e)) continue;
    const area = box(e);
    const zoom = e.width ? area.width / e.width : 1; // a canvas counts in its own pixels
    try {
      for (const t of JSON.parse(e.dataset.skyThings || '[]')) {
        things.push({
          kind: t.kind, id: `c${t.id}`, x: area.x + t.x * zoom, y: area.y + t.y * zoom,
          width: t.w * zoom, height: t.h * zoom,
        });
      }
    } catch (error) {
      broken = String(error.message);
    }
  }
  const field = find('name') ?? [...document.querySelectorAll('input:not([type]), input[type=text]')].find(shown);
  const stage = find('stage') ?? [...document.querySelectorAll('[data-sky-things]')].find(shown);
  // An icon and the figure beside it read as one: a picture of a drop, then "15".
  const icons = [...document.querySelectorAll('img[alt], [role=img][aria-label]')].filter(shown)
    .map((e) => `${e.getAttribute('alt') ?? e.getAttribute('aria-label')} ${e.nextElementSibling?.textContent ?? ''}`);
  return {
    fuel: text('fuel'), score: text('score'), clock: text('clock'), things, broken,
    stage: stage ? box(stage) : null, form: Boolean(field),
    words: [document.body?.innerText ?? '', ...icons].join('\n'),
  };
}

/** "−10", "00:15", "15 s", "１５" → a number; clocks in seconds; null when there is none. */
export function number(text) {
  if (text === null || text === undefined) return null;
  const plain = String(text).normalize('NFKC').replace(/[−–—]/g, '-').replace(/\s+/g, ' ');
  const parts = /(-?\d+(?:\s*:\s*\d+)+)/.exec(plain);
  if (parts) return parts[1].split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  const found = /-?\s?\d+(?:\.\d+)?/.exec(plain);
  return found ? Number(found[0].replace(' ', '')) : null;
}

export class Sky {
  constructor(rig) {
    this.rig = rig;
    this.page = rig.page;
  }

  /** The page, open and not empty. An empty page is seen to be wrong, whatever hooks it lacks. */
  static async open(rig) {
    const status = await rig.open();
    claim(status === 200, {
      zh: `打开网站首页，服务器答 ${status}：交来的文件里没有 index.html。`,
      en: `Opened the site and got ${status}: the hand-in has no index.html.`,
    });
    const sky = new Sky(rig);
    claim(!(await sky.isEmpty()), {
      zh: '打开页面并等了两秒：页面是空的，没有文字，也没有图形。',
      en: 'Opened the page and waited two seconds: it is empty, no text and no picture.',
    });
    return sky;
  }

  async isEmpty() {
    const something = () => this.page.evaluate(() => {
      const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.clientWidth > 1;
      return Boolean(document.body?.innerText.trim())
        || [...document.querySelectorAll('img, svg, video, button, input')].some(shown);
    });
    if (await something()) return false;
    await this.rig.run(2000);
    return !(await something()) && isPlain(await this.rig.pixels());
  }

  /** The page as it is now; numbers are null where nothing gives them. */
  async now() {
    const seen = await this.page.evaluate(look, ['plane', 'shot', ...THINGS]);
    if (seen.broken) {
      undetermined({
        zh: `data-sky-things 不是有效的 JSON（${seen.broken}），请裁判目测。`,
        en: `data-sky-things is not valid JSON (${seen.broken}); judge by eye.`,
      });
    }
    const plane = seen.things.find((thing) => thing.kind === 'plane') ?? null;
    const values = Object.fromEntries(Object.keys(NAMES).map((name) => [name, number(seen[name])]));
    return { ...seen, ...values, plane, things: seen.things.filter((t) => t.kind !== 'plane') };
  }

  /** One of fuel, score, clock: by its hook, else by its label (a guess), else not determined. */
  async value(name, seen) {
    const state = seen ?? await this.now();
    if (state[name] !== null) return state[name];
    const guess = NAMES[name].label.exec(state.words);
    if (!guess) this.missing(name);
    this.rig.unsure();
    return number(guess[1]);
  }

  missing(...names) {
    const hooks = names.map((name) => `data-sky="${name}"`).join('、');
    undetermined({
      zh: `看不到 ${hooks} 标出的元素，也没有别的办法读出，请裁判目测。`,
      en: `Nothing visible carries ${hooks.replaceAll('、', ', ')} and it cannot be read otherwise; judge by eye.`,
    });
  }

  /** The stage and the plane, or not determined. */
  async places() {
    const seen = await this.now();
    const lacking = ['stage', 'plane'].filter((name) => !seen[name]);
    if (lacking.length) this.missing(...lacking);
    return seen;
  }

  /** The visible control with this hook, else the one a person would take by its words (a guess). */
  async control(hook, words) {
    const hooked = this.page.locator(`[data-sky~="${hook}"]:visible`);
    if (await hooked.count()) return { control: hooked.first(), hooked: true };
    const named = this.page.getByRole('button', { name: words })
      .or(this.page.getByRole('link', { name: words })).locator('visible=true');
    if (await named.count()) return { control: named.first(), hooked: false };
    return { control: null, hooked: false };
  }

  startControl() {
    return this.control('start', START);
  }

  /** Starts a flight the way a person would. */
  async start() {
    const { control, hooked } = await this.startControl();
    if (!control) this.missing('start');
    if (!hooked) this.rig.unsure();
    await control.click();
    await this.rig.run(32);
    // A screen may fade in first, in real time and in the game's own.
    for (let tries = 0; tries < 8 && !this.gauges(await this.now()); tries += 1) {
      await this.rig.run(64);
      await this.rig.wait(60);
    }
  }

  /** Whether a gauge of the flight can be read, by hook or by guess. */
  gauges(seen) {
    return ['fuel', 'clock'].some((name) => seen[name] !== null || NAMES[name].label.test(seen.words));
  }

  static async fly(rig) {
    const sky = await Sky.open(rig);
    await sky.start();
    return sky;
  }

  /** Holds a key for so much game time, with the repeats a real keyboard sends. */
  async hold(key, ms, { release = true, every = 100 } = {}) {
    for (let passed = 0; passed < ms; passed += every) {
      await this.page.keyboard.down(key);
      await this.rig.run(Math.min(every, ms - passed));
    }
    if (release) await this.page.keyboard.up(key);
  }

  async tap(key) {
    await this.page.keyboard.down(key);
    await this.rig.run(48);
    await this.page.keyboard.up(key);
  }

  /** Writes a name into the form of game over and sends it off, as a person would. */
  async submit(name) {
    const hooked = this.page.locator('[data-sky~="name"]:visible');
    const field = await hooked.count() ? hooked.first()
      : this.page.locator('input:not([type]):visible, input[type=text]:visible').first();
    await field.click();
    await field.fill('');
    await this.page.keyboard.type(name);
    await this.rig.run(64);
    await this.page.keyboard.press('Enter');
    await this.rig.run(320);
    if (!(await this.now()).form) return;
    const inForm = this.page.locator('form:has(input:visible)').getByRole('button').last();
    const named = this.page.getByRole('button', { name: SUBMIT }).locator('visible=true').first();
    const button = await inForm.count() ? inForm : named;
    if (await button.count() && await button.isEnabled()) await button.click();
    await this.rig.run(320);
  }

  /** Rows of the ranking as lists of cell texts, without the header; null when none is visible. */
  async ranking() {
    const hooked = this.page.locator('[data-sky~="ranking"]:visible');
    const table = await hooked.count() ? hooked.first() : this.page.locator('table:visible').first();
    if (!(await table.count())) return null;
    if (!(await hooked.count())) this.rig.unsure();
    return table.evaluate((element) => {
      const cells = (row) => [...row.children].map((cell) => cell.innerText.trim());
      const rows = [...element.querySelectorAll('tr')];
      if (rows.length) return rows.filter((row) => row.querySelector('td')).map(cells);
      return [...element.querySelectorAll('li')].map((row) => (
        row.children.length > 1 ? cells(row) : row.innerText.split(/\s{2,}|\t|\n/)));
    });
  }

  /** The ranking's lines as { name, score, seconds }, in the order shown (place, name, score, time). */
  async lines() {
    const rows = await this.ranking();
    if (rows === null) this.missing('ranking');
    return rows.filter((row) => row.length >= 3).map((row) => {
      const [name, score, time] = row.slice(-3);
      return { name, score: number(score), seconds: number(time) };
    });
  }
}
