/** Flies the plane with real key presses: to meet a thing, to shoot at one, to end the flight. */
import { undetermined } from 'podium-rig';
import { Sky } from './sky.mjs';

const STEP = 64; // ms of game time between two looks
const STRIDE = 128; // while nothing is near

const middle = (b) => ({ x: b.x + b.width / 2, y: b.y + b.height / 2 });
const shared = (a, b) => Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x))
  * Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));
const grown = (b, by) => ({ x: b.x - by, y: b.y - by, width: b.width + 2 * by, height: b.height + 2 * by });

export class Pilot {
  constructor(sky) {
    this.sky = sky;
    this.rig = sky.rig;
    this.keyboard = sky.page.keyboard;
    this.held = new Set();
    this.time = 0;
    this.seen = null;
    this.before = null;
  }

  /** A flight under way, with stage and plane in sight. */
  static async takeOff(rig) {
    const sky = await Sky.fly(rig);
    const pilot = new Pilot(sky);
    pilot.seen = await sky.places();
    return pilot;
  }

  async #keys(wanted) {
    for (const key of this.held) if (!wanted.has(key)) await this.keyboard.up(key);
    for (const key of wanted) await this.keyboard.down(key); // again while held: as a keyboard repeats
    this.held = wanted;
  }

  /** Some game time with these keys held, then a look. */
  async step(keys = [], ms = STEP) {
    await this.#keys(new Set(keys));
    await this.rig.run(ms);
    this.time += ms;
    this.before = this.seen;
    this.seen = await this.sky.now();
    return this.seen;
  }

  get over() {
    return this.seen.form || !this.seen.plane;
  }

  get(id) {
    return this.seen.things.find((thing) => thing.id === id);
  }

  /** Things of the step before that are no longer there and had not reached the left edge. */
  gone() {
    const { stage } = this.before;
    return this.before.things.filter((thing) => thing.kind !== 'shot' && !this.get(thing.id)
      && thing.x + thing.width > stage.x + 30);
  }

  /** The arrow that brings the plane's middle to this height, allowing for its own speed. */
  #toHeight(y, slack) {
    const { plane } = this.seen;
    const speed = this.before?.plane ? plane.y - this.before.plane.y : 0;
    const off = y - (middle(plane).y + speed * 1.2);
    if (Math.abs(off) <= slack) return [];
    return [off < 0 ? 'ArrowUp' : 'ArrowDown'];
  }

  /** The nearest thing of these kinds that is wholly on the stage and still ahead of the plane. */
  #target(kinds, margin) {
    const { plane, stage, things } = this.seen;
    return things
      .filter((t) => kinds.includes(t.kind) && t.x > plane.x + plane.width + margin
        && t.x + t.width < stage.x + stage.width - 4)
      .sort((a, b) => a.x - b.x)
      .find((t) => Math.abs(middle(t).y - middle(plane).y) < (t.x - plane.x - plane.width) * 1.5 + 40);
  }

  /**
   * Flies into a thing of one of these kinds. Returns what it cost, or null when it did not happen:
   * { kind, before, after, over, through }. `through`: the boxes met by half and nothing came of it.
   */
  async meet(kinds, { until = 40_000, fire = false } = {}) {
    let id = null;
    let deepest = 0;
    while (this.time < until && !this.over) {
      const target = (id && this.get(id)) || this.#target(kinds, 10);
      if (target && target.id !== id) [id, deepest] = [target.id, 0];
      const keys = target ? this.#toHeight(middle(target).y, 7) : [];
      const fuel = await this.sky.value('fuel', this.seen);
      await this.step(fire && !this.held.has(' ') ? [...keys, ' '] : keys, this.#near(target) ? STEP : STRIDE);
      if (!id) continue;
      const there = this.get(id);
      if (there && this.seen.plane) {
        deepest = Math.max(deepest, shared(there, this.seen.plane) / (there.width * there.height));
        if (there.x + there.width < this.seen.plane.x) {
          const now = await this.sky.value('fuel', this.seen);
          if (deepest >= 0.5) return { kind: there.kind, before: fuel, after: now, through: true, over: false };
          id = null; // flew past it
        }
      } else {
        const met = await this.#met(id, fuel);
        if (met) return met;
        id = null;
      }
    }
    return null;
  }

  #near(target) {
    return target && target.x - this.seen.plane.x - this.seen.plane.width < 130;
  }

  /** The target vanished: was it the plane, and the plane alone, that took it? */
  async #met(id, fuel) {
    const last = this.before.things.find((thing) => thing.id === id);
    const lost = this.gone();
    const plane = this.before.plane ?? this.seen.plane;
    const near = last && plane && shared(grown(plane, 30), last) > 0;
    if (!near || lost.filter((thing) => shared(grown(plane, 30), thing) > 0).length > 1) return null;
    await this.step([], 32);
    const over = this.over;
    const after = over && this.seen.fuel === null ? 0 : await this.sky.value('fuel', this.seen);
    return { kind: last.kind, before: fuel, after, over, through: false };
  }

  /**
   * One shot at a thing of this kind. Returns { kind, id, hit, gone, before, after } with the scores,
   * or null when no clean shot came about. `hit` is false when the shot flew through its target.
   */
  async shoot(kind, { id = null, until = 40_000 } = {}) {
    while (this.time < until && !this.over) {
      const target = (id && this.get(id)) || this.#target([kind], 70);
      if (id && !this.get(id)) return null;
      if (!target) {
        await this.step([], STRIDE);
        continue;
      }
      if (this.#canFire(target)) {
        const result = await this.#fire(target);
        if (result) return result;
        continue;
      }
      await this.step(this.#toHeight(middle(target).y, Math.min(8, target.height / 6)));
    }
    return null;
  }

  #canFire(target) {
    const { plane, things, stage } = this.seen;
    const lane = middle(plane).y;
    const level = Math.abs(middle(target).y - lane) < Math.min(14, target.height / 4);
    const front = plane.x + plane.width;
    const clear = things.every((t) => t.id === target.id
      || (t.kind !== 'shot' && (t.kind === 'drop' || t.x > target.x + 40 || t.x + t.width < front
        || Math.abs(middle(t).y - lane) > t.height / 2 + 34)));
    return level && clear && target.x > front + 30 && target.x < stage.x + stage.width * 0.92;
  }

  async #fire(target) {
    const score = await this.sky.value('score', this.seen);
    await this.step([' '], 48);
    await this.step([], 32);
    const shots = this.seen.things.filter((thing) => thing.kind === 'shot');
    if (!shots.length && this.get(target.id)) this.#noShot();
    for (let waited = 0; waited < 2500; waited += 32) {
      const lost = this.gone().filter((thing) => thing.id !== target.id);
      if (lost.length || this.over) return null; // something else happened in the same moment
      const there = this.get(target.id);
      const flying = this.seen.things.filter((thing) => thing.kind === 'shot');
      if (!there || !flying.length) return this.#result(target, there, score);
      if (flying.every((shot) => shot.x > there.x + there.width + 12)) {
        return { kind: target.kind, id: target.id, hit: false, gone: false, before: score, after: score };
      }
      await this.step([], 32);
    }
    return null;
  }

  async #result(target, there, before) {
    await this.step([], 48);
    if (this.gone().some((thing) => thing.id !== target.id) || this.over) return null;
    const after = await this.sky.value('score', this.seen);
    const gone = !this.get(target.id);
    return { kind: target.kind, id: target.id, hit: true, gone, before, after };
  }

  #noShot() {
    undetermined({
      zh: '按了空格键，看不到 data-sky="shot" 标出的子弹，请裁判目测。',
      en: 'Pressed the space bar and saw nothing marked data-sky="shot"; judge by eye.',
    });
  }

  async release() {
    await this.#keys(new Set());
  }
}

/** Into a corner on the left, where little comes by. */
export async function hide(sky, way = 'ArrowUp') {
  await sky.page.keyboard.down('ArrowLeft');
  await sky.hold(way, 800, { every: 200 });
  await sky.page.keyboard.up('ArrowLeft');
}

/** Lets the fuel run out; true when the form of game over is in sight. */
async function waitForEnd(sky, seconds) {
  for (let second = 0; second < seconds; second += 2) {
    if ((await sky.now()).form) return true;
    await sky.rig.run(2000);
  }
  return (await sky.now()).form;
}

/** Flies into things until the flight is over. */
async function crash(sky) {
  const pilot = new Pilot(sky);
  pilot.seen = await sky.now();
  for (let tries = 0; tries < 6 && pilot.seen.stage && !pilot.over; tries += 1) {
    await pilot.meet(['enemy', 'rock', 'friend'], { until: pilot.time + 12_000 });
  }
  await pilot.release();
  return (await sky.now()).form;
}

/** Ends the flight without a shot: waits until the fuel is gone, else flies into things. */
export async function endFlight(sky) {
  await hide(sky);
  return await waitForEnd(sky, 36) || crash(sky);
}

/** Ends the flight early, by collisions. */
export async function endQuickly(sky) {
  return await crash(sky) || waitForEnd(sky, 36);
}

/** Ends the flight after some seconds with the guns blazing, so that the score is not zero. */
export async function sweep(sky) {
  const { keyboard } = sky.page;
  for (const key of ['ArrowUp', 'ArrowDown', 'ArrowUp', 'ArrowDown']) {
    await keyboard.down(key);
    for (let passed = 0; passed < 1500; passed += 250) {
      await keyboard.down(' ');
      await sky.rig.run(200);
      await keyboard.up(' ');
      await sky.rig.run(50);
    }
    await keyboard.up(key);
    if ((await sky.now()).form) break;
  }
  return endFlight(sky);
}
