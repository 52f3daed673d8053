/** What a task's checks import as 'podium-rig': check, claim, undetermined, expect. */
import { expect, test } from '@playwright/test';
import { Rig, Spoilt } from './driver.mjs';
import { Films } from './films.mjs';
import { Late, within } from './late.mjs';
import { closeOwn, ownBrowser } from './launch.mjs';
import { WORDS } from './words.mjs';

export { expect };
export { difference, isPlain } from './png.mjs';
export { VIEWPORT } from './empty.mjs';

const env = process.env; // read when it is needed: a rig started ahead is told later
const SILENCE = 25_000; // ms; a page that gives no answer for so long hangs, however busy the machine

class Failed extends Error {}
class Undetermined extends Error {}

const both = (Kind, { zh, en }) => Object.assign(new Kind(en), { zh, en });

/** Not seen to be true → the check failed, with this sentence: done what, expected what, saw what. */
export function claim(ok, sentence) {
  if (!ok) throw both(Failed, sentence);
}

/** The check cannot be carried out honestly: a person judges by eye (never a zero). */
export function undetermined(sentence) {
  throw both(Undetermined, sentence);
}

/** A check as its author wrote it, complete, or an exception that names what is missing. */
function complete(meta) {
  const { id, aspect, title, points } = meta;
  if (!/^[a-z0-9][a-z0-9-]{0,60}$/.test(id ?? '')) throw new Error(`not an id of a check: ${id}`);
  if (!/^[A-Z]\d{1,2}\.\d{2}$/.test(aspect ?? '')) throw new Error(`${id}: not an aspect: ${aspect}`);
  if (!title?.zh || !title?.en) throw new Error(`${id}: the title needs zh and en`);
  const rule = typeof points === 'string' ? points : Object.keys(points ?? {})[0];
  const value = rule === 'required' ? 0 : points?.[rule];
  if (!['add', 'deduct', 'required'].includes(rule) || !Number.isInteger(value) || value < 0) {
    throw new Error(`${id}: points are { add: n }, { deduct: n } or 'required'`);
  }
  const longest = 1000 * (Number(env.PODIUM_CHECK_SECONDS) || 30); // the task's own limit
  const clock = env.PODIUM_CLOCK || meta.clock;
  if (clock && clock !== 'real' && Number.isNaN(Date.parse(clock))) {
    throw new Error(`${id}: clock is a moment (2026-05-20T09:00:00+08:00) or 'real'`);
  }
  return {
    id, aspect, title_zh: title.zh, title_en: title.en, rule, points: value,
    public: meta.public === true, timeout: Math.min(meta.timeout ?? longest, longest),
    seed: Number(env.PODIUM_SEED) || (meta.seed ?? 1), clock, viewport: meta.viewport,
  };
}

/** A worker has one browser, and makes the films of its checks when no outcome waits for them. */
const judged = test.extend({
  browser: [async ({}, use) => {
    await use(await ownBrowser());
    await closeOwn();
  }, { scope: 'worker' }],
  films: [async ({ browser: _ }, use) => {
    const films = env.PODIUM_FILM === '1' ? new Films(env.PODIUM_OUT) : null;
    await use(films);
    await films?.finish();
  }, { scope: 'worker' }],
});

/** Declares one check. Its body gets `{ page, rig }`; what it throws becomes its outcome. */
export function check(meta, body) {
  const facts = complete(meta);
  if (env.PODIUM_PUBLIC === '1' && !facts.public) return;
  if (env.PODIUM_ONLY && !env.PODIUM_ONLY.split(',').includes(facts.id)) return; // of a variant
  const details = {
    tag: `@${facts.aspect}`,
    annotation: { type: 'podium-check', description: JSON.stringify(facts) },
  };
  judged(facts.id, details, async ({ browser, films }, info) => {
    await films?.catchUp();
    const { outcome, clean } = await agreed({ browser, films }, facts, body);
    info.annotations.push({ type: 'podium-outcome', description: JSON.stringify(outcome) });
    if (!clean) throw new Error('this browser is not used again'); // Playwright starts a new worker
  });
}

/**
 * A fault counts when it is seen twice: what a crowded machine disturbs once, it hardly ever
 * disturbs again in the same way, and a sound build must not lose a mark by it.
 */
async function agreed(means, facts, body) {
  const first = await carryOut(means, facts, body);
  if (first.outcome.outcome !== 'failed' || !first.clean) return first;
  const second = await carryOut(means, facts, body);
  if (second.outcome.outcome === 'failed') return second;
  const { message_zh: zh, message_en: en } = first.outcome;
  const why = second.outcome.outcome === 'error' ? WORDS.cutShort : WORDS.once;
  const said = { zh: why.zh + zh, en: why.en + en };
  return { ...second, outcome: { ...second.outcome, ...say('undetermined', said) } };
}

async function carryOut({ browser, films }, facts, body) {
  const begun = performance.now();
  let rig = null;
  let said;
  try {
    const { PODIUM_ORIGIN: origin, PODIUM_OUT: out } = env;
    rig = await within(30_000, Rig.create(browser, { ...facts, origin, out, film: films !== null }));
    said = await verdictOf(rig, facts, body);
    if (!rig.spoilt) await within(6000, rig.shot()).catch(() => {}); // a hung page gives no picture
    films?.take(facts.id, await rig.film?.end().catch(() => null));
    if (films && !rig.spoilt) await within(8000, rig.accessibilityOnce()).catch(() => {});
    rig.keepLogs();
  } catch (error) {
    said = broken(error, browser);
  }
  // A browser that could not even open a page (its target crashed) is not used again either.
  const closed = rig !== null && await within(5000, rig.close()).then(() => true, () => false);
  const outcome = {
    ...said, duration_ms: Math.round(performance.now() - begun), evidence: rig?.evidence ?? [],
  };
  return { outcome, clean: closed && browser.isConnected() };
}

async function verdictOf(rig, facts, body) {
  const running = Promise.resolve().then(() => body({ page: rig.page, rig }));
  running.catch(() => {}); // after a time-out nobody waits for it any more
  const watch = watchOver(rig);
  try {
    await within(facts.timeout, Promise.race([running, watch.trouble]));
    return say('passed', WORDS.passed);
  } catch (error) {
    // A page goes when its browser goes, and a little before that is known.
    if (rig.spoilt === 'closed') await rig.wait(500);
    if (!rig.context.browser()?.isConnected()) return broken(error, null);
    if (error instanceof Silent) rig.spoilt ??= 'hung';
    if (rig.spoilt) return say('failed', WORDS[rig.spoilt]);
    if (error instanceof Late) return say('undetermined', WORDS.late);
    return fromError(error, rig);
  } finally {
    watch.end();
  }
}

class Silent extends Error {}

/** Notices, while a check runs, that its page is spoilt or no longer answers at all. */
function watchOver(rig) {
  let over = false;
  const trouble = new Promise((_, fail) => {
    rig.onSpoilt = fail;
    if (rig.spoilt) fail(new Spoilt(rig.spoilt));
    const ask = async () => {
      while (!over) {
        try {
          await within(SILENCE, rig.page.evaluate(() => true));
        } catch (error) {
          if (error instanceof Late) fail(new Silent()); // other errors belong to the check itself
        }
        await rig.wait(1500);
      }
    };
    ask();
  });
  trouble.catch(() => {});
  return { trouble, end: () => { over = true; } };
}

function fromError(error, rig) {
  if (error instanceof Undetermined) return say('undetermined', error);
  if (error instanceof Failed) return rig.guessed ? unsure(error) : say('failed', error);
  const plain = tidy(error);
  if (error.matcherResult) {
    const seen = { zh: `未达到预期：${plain}`, en: `Not as expected: ${plain}` };
    return rig.guessed ? unsure(seen) : say('failed', seen);
  }
  if (error.name === 'TimeoutError') {
    return say('undetermined', { zh: WORDS.blocked.zh + plain, en: WORDS.blocked.en + plain });
  }
  return broken(error, rig.context.browser());
}

const unsure = ({ zh, en }) => say('undetermined', {
  zh: WORDS.unsure.zh + zh, en: WORDS.unsure.en + en,
});

function broken(error, browser) {
  if (!browser?.isConnected()) return say('error', WORDS.browser);
  const plain = error instanceof Late ? 'time' : tidy(error);
  return say('error', { zh: WORDS.broken.zh + plain, en: WORDS.broken.en + plain });
}

const say = (outcome, { zh, en }) => ({ outcome, message_zh: zh, message_en: en });

/** The first lines of a library's message, without colour codes. */
function tidy(error) {
  const text = String(error?.message ?? error).replace(/\u001b\[[0-9;]*m/g, '');
  return text.split('\n').map((line) => line.trim()).filter(Boolean).slice(0, 3).join(' ').slice(0, 400);
}
