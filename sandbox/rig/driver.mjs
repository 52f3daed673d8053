/** One page under fixed time and chance, with a record of all it asked for, said and showed. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { asText, findings } from './accessibility.mjs';
import { VIEWPORT, emptyPage } from './empty.mjs';
import { Film } from './film.mjs';
import { decode } from './png.mjs';

const FIRST_MOMENT = new Date('2026-05-20T09:00:00+08:00');
const BEFORE = readFileSync(new URL('./before.js', import.meta.url), 'utf8').trim();
const LARGEST_PICTURE = 200 * 1024;
const MOST_LINES = 400;
const MOST_DIALOGS = 50; // in one check; a person would have given up long before

/** Says that the page itself made it impossible to go on; `why` is a key of WORDS. */
export class Spoilt extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

export class Rig {
  constructor(context, page, { id, seed, origin, out, clock }) {
    Object.assign(this, { context, page, id, seed, origin, out });
    this.held = clock !== 'real'; // whether the page's clock stands still until run()
    this.requests = []; // { url, method, type, external, status | failure }
    this.console = []; // { type, text, where }
    this.errors = []; // uncaught exceptions, as text
    this.evidence = [];
    this.spoilt = null; // why nothing can be asked of the page any more: a key of WORDS
    this.dialogs = 0;
    this.opened = 0;
    this.guessed = false; // see unsure()
    this.film = null;
  }

  /** A fresh browser context for one check; nothing of an earlier check is in it. */
  static async create(browser, { id, seed, origin, out, film, clock, viewport = VIEWPORT }) {
    const { context, page } = await emptyPage(browser, origin);
    if (viewport !== VIEWPORT) await page.setViewportSize(viewport);
    await context.addInitScript(`(${BEFORE})(${Number(seed)})`);
    const rig = new Rig(context, page, { id, seed, origin, out, clock });
    await rig.#listen();
    if (film) rig.film = await Film.begin(context, page).catch(() => null);
    // The clock runs until it is paused, which may take seconds on a busy machine: begin well before.
    if (rig.held) {
      const first = clock ? new Date(clock) : FIRST_MOMENT;
      await page.clock.install({ time: first.getTime() - 3_600_000 });
      await page.clock.pauseAt(first);
    }
    return rig;
  }

  async #listen() {
    const { context, page } = this;
    const outside = (url) => /^(https?|wss?|ftp):/i.test(url) && !url.startsWith(`${this.origin}/`);
    await context.route((url) => outside(url.href), (route) => route.abort('blockedbyclient'));
    await context.routeWebSocket(/.*/, (socket) => {
      this.#request({ url: socket.url(), method: 'GET', type: 'websocket', external: true });
      socket.close();
    });
    const known = new Map();
    context.on('request', (r) => {
      const url = r.url().startsWith('data:') ? 'data:' : r.url();
      known.set(r, this.#request({
        url, method: r.method(), type: r.resourceType(), external: outside(url),
      }));
    });
    context.on('response', (r) => Object.assign(known.get(r.request()) ?? {}, { status: r.status() }));
    context.on('requestfailed', (r) => {
      Object.assign(known.get(r) ?? {}, { failure: r.failure()?.errorText ?? 'failed' });
    });
    context.on('page', (other) => other !== page && other.close().catch(() => {}));
    page.on('console', (m) => this.#line(m.type(), m.text(), m.location()));
    page.on('pageerror', (e) => this.#error(e.message ?? String(e)));
    page.on('dialog', (d) => {
      this.dialogs += 1;
      this.#line('dialog', `${d.type()}: ${d.message()}`);
      if (this.dialogs > MOST_DIALOGS) this.#spoil('dialogs');
      // A page may not keep us from leaving it; every other question is answered with no.
      (d.type() === 'beforeunload' ? d.accept() : d.dismiss()).catch(() => {});
    });
    page.on('crash', () => this.#spoil('crashed'));
    page.on('close', () => !this.ending && this.#spoil('closed'));
  }

  #spoil(why) {
    this.spoilt ??= why;
    this.onSpoilt?.(new Spoilt(this.spoilt));
  }

  /** The end of the check: what closes now is closed by us. */
  close() {
    this.ending = true;
    return this.context.close();
  }

  #request(facts) {
    if (this.requests.length < MOST_LINES) this.requests.push(facts);
    return facts;
  }

  #line(type, text, at) {
    if (this.console.length >= MOST_LINES) return;
    const where = at?.url ? `${at.url.replace(this.origin, '')}:${at.lineNumber + 1}` : '';
    this.console.push({ type, text: text.slice(0, 1000), where });
  }

  #error(text) {
    const short = text.split('\n', 1)[0].slice(0, 500);
    if (this.errors.length < MOST_LINES) this.errors.push(short);
    this.#line('exception', short);
  }

  /**
   * Goes to the hand-in's index page and lets what it loads arrive. Returns the HTTP status. Every
   * opening within a check has its own chance, so that a second try is not the first one again.
   */
  async open(where = '/') {
    const answer = await this.page.goto(this.origin + where, { waitUntil: 'load', timeout: 30_000 })
      .catch((error) => {
        // The rig's own server always answers; a competitor's may have fallen over.
        const silent = /ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_INVALID_HTTP/.test(error.message);
        if (process.env.PODIUM_SERVER && silent) this.#spoil('server');
        this.alive();
        throw error;
      });
    if (this.opened) {
      const other = this.seed + 1000 * this.opened;
      await this.page.evaluate((n) => window[Symbol.for('podium-rig')].seed(n), other);
    }
    this.opened += 1;
    await this.settle();
    return answer?.status() ?? 0;
  }

  /** A little game time and a little real time: pictures decode and promises resolve in the latter. */
  async settle() {
    for (let i = 0; i < 3; i += 1) {
      await this.run(48);
      await this.wait(10);
    }
  }

  /** Lets the page's time (timers, frames, Date) go on by so many milliseconds. */
  async run(ms) {
    if (!this.held) return this.wait(ms);
    return this.#runFor(ms);
  }

  async #runFor(ms) {
    const from = performance.now();
    try {
      await this.page.clock.runFor(ms);
      this.film?.ran(from, ms);
    } catch (error) {
      this.alive();
      const text = String(error.message ?? error);
      if (/context was destroyed|navigat/i.test(text)) {
        await this.page.waitForLoadState('load'); // the page reloaded itself
      } else if (/has been closed|Target closed/i.test(text)) {
        if (this.page.isClosed()) throw error;
        // Else it was another window, closed by us while its clock went on; the page's own went on.
      } else {
        this.#error(text.replace(/^.*?runFor: /, '')); // thrown by the page's own timer
      }
    }
  }

  /** Throws when the page has made it impossible to go on. */
  alive() {
    if (this.spoilt) throw new Spoilt(this.spoilt);
  }

  /** Real time, for what the fixed clock does not hold: sound, decoding, CSS animations. */
  wait(ms) {
    return new Promise((done) => { setTimeout(done, ms); });
  }

  /** From here on the check reads by guess: it may still pass, but it can no longer fail. */
  unsure() {
    this.guessed = true;
  }

  /** `{ level, started }`: the loudest sound now (0…1), and how many sounds were started so far. */
  sound() {
    return this.page.evaluate(() => window[Symbol.for('podium-rig')].sound());
  }

  /** The decoded picture of the page, or of a locator's box, or of a clip { x, y, width, height }. */
  async pixels(what) {
    const options = { type: 'png', animations: 'allow', caret: 'initial' };
    if (what && typeof what.boundingBox === 'function') return decode(await what.screenshot(options));
    return decode(await this.page.screenshot(what ? { ...options, clip: what } : options));
  }

  /** Keeps a screenshot as evidence. */
  async shot(name = 'screen') {
    let bytes;
    for (const quality of [72, 40, 15]) {
      bytes = await this.page.screenshot({
        type: 'jpeg', quality, animations: 'allow', caret: 'initial', timeout: 4000,
      });
      if (bytes.length <= LARGEST_PICTURE) break;
    }
    this.#keep('screenshot', `${name}.jpg`, 'image/jpeg', bytes);
  }

  /** axe-core's findings in the page as it stands, worst first; kept as evidence. */
  async accessibility() {
    const { pathname } = new URL(this.page.url());
    this.#firstLook(pathname);
    const found = await findings(this.context, this.page);
    const name = `accessibility-${this.evidence.length}.txt`;
    this.#keep('accessibility', name, 'text/plain', asText(found, pathname));
    return found;
  }

  /** The same at a check's end, for every page of the site once. */
  async accessibilityOnce() {
    const url = new URL(this.page.url());
    if (url.origin === this.origin && this.#firstLook(url.pathname)) await this.accessibility();
  }

  /** Whether neither worker has looked at this page's accessibility yet. */
  #firstLook(pathname) {
    const name = createHash('sha256').update(pathname).digest('hex');
    try {
      mkdirSync(path.join(this.out, `.looked-${name}`));
      return true;
    } catch {
      return false;
    }
  }

  /** Keeps the console and network logs as evidence. */
  keepLogs() {
    const lines = (rows) => JSON.stringify(rows, null, 1);
    this.#keep('console', 'console.json', 'application/json', lines(this.console));
    this.#keep('network', 'network.json', 'application/json', lines(this.requests));
  }

  #keep(kind, name, mediaType, bytes) {
    const file = path.posix.join(this.id, name);
    mkdirSync(path.join(this.out, this.id), { recursive: true });
    writeFileSync(path.join(this.out, file), bytes);
    this.evidence = this.evidence.filter((piece) => piece.file !== file);
    this.evidence.push({ kind, file, media_type: mediaType });
  }
}
