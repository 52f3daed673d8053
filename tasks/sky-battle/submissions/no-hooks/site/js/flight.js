/** The rules of one flight: what flies, what hits what, what it costs. Knows nothing of the page. */

export const WORLD = { width: 960, height: 600, ground: 52 };
const FULL_TANK = 30;
const START_FUEL = 15;
const CRASH = 15;
const RELOAD = 170; // ms between shots while the space bar is held

/** How each kind looks to the rules: size, speed, shots it takes, points, and when it comes. */
export const KINDS = {
  enemy: { w: 76, h: 42, speed: [170, 230], hits: 1, points: 5, first: 0.5, every: [1.2, 2], sway: 16 },
  rock: { w: 72, h: 68, speed: [120, 150], hits: 2, points: 10, first: 1.5, every: [3, 4.2], sway: 0 },
  friend: { w: 58, h: 78, speed: [100, 130], hits: 1, points: -10, first: 2.6, every: [4, 5.5], sway: 10 },
  drop: { w: 42, h: 52, speed: [140, 165], hits: Infinity, points: 0, first: 1.8, every: [4.2, 5.6], sway: 6 },
};

const PLANE = { w: 92, h: 46, speed: 370, grip: 9 };
const SHOT = { w: 26, h: 6, speed: 640 };

const between = ([low, high]) => low + Math.random() * (high - low);

const overlap = (a, b, inset = 0) => (
  a.x + a.w - inset > b.x + inset && b.x + b.w - inset > a.x + inset
  && a.y + a.h - inset > b.y + inset && b.y + b.h - inset > a.y + inset
);

export class Flight {
  fuel = START_FUEL;
  score = 0;
  time = 0; // ms of flight
  over = false;
  plane = { x: 110, y: 250, w: PLANE.w, h: PLANE.h, vx: 0, vy: 0, tilt: 0 };
  things = [];
  shots = [];
  #next = Object.fromEntries(Object.entries(KINDS).map(([kind, k]) => [kind, k.first]));
  #reload = 0;
  #number = 0;

  get seconds() {
    return Math.floor(this.time / 1000);
  }

  /** Lets `ms` pass with these keys held; returns what happened, in order. */
  step(ms, keys) {
    const events = [];
    const dt = ms / 1000;
    this.#fly(dt, keys);
    if (keys.fire) this.#shoot(ms, events);
    else this.#reload = Math.max(0, this.#reload - ms);
    this.#spawn(dt);
    this.#drift(dt);
    this.#strike(events);
    this.#meet(events);
    this.#burn(ms, events);
    return events;
  }

  #fly(dt, keys) {
    const plane = this.plane;
    const ease = 1 - Math.exp(-PLANE.grip * dt);
    const want = { x: (keys.right - keys.left) * PLANE.speed, y: (keys.down - keys.up) * PLANE.speed };
    plane.vx += (want.x - plane.vx) * ease;
    plane.vy += (want.y - plane.vy) * ease;
    plane.x = Math.min(Math.max(plane.x + plane.vx * dt, 8), WORLD.width - plane.w - 8);
    plane.y = Math.min(Math.max(plane.y + plane.vy * dt, 8), WORLD.height - WORLD.ground - plane.h);
    plane.tilt = plane.vy / PLANE.speed;
  }

  #shoot(ms, events) {
    this.#reload -= ms;
    if (this.#reload > 0) return;
    this.#reload = RELOAD;
    const { x, y, w, h } = this.plane;
    const shot = { id: this.#number += 1, x: x + w - 6, y: y + h / 2, w: SHOT.w, h: SHOT.h };
    this.shots.push(shot);
    events.push({ type: 'shot', x: shot.x, y: shot.y });
  }

  #spawn(dt) {
    for (const [kind, rule] of Object.entries(KINDS)) {
      this.#next[kind] -= dt;
      if (this.#next[kind] <= 0) {
        this.#next[kind] = between(rule.every);
        this.things.push(this.#place(kind, rule));
      }
    }
  }

  /** A new thing just outside on the right, in a lane that nothing has entered a moment ago. */
  #place(kind, rule) {
    const thing = {
      id: this.#number += 1, kind, w: rule.w, h: rule.h, x: WORLD.width + 10, y: 0, hits: rule.hits,
      speed: between(rule.speed) * (1 + Math.min(0.4, this.time / 120_000)), phase: between([0, 6.28]),
    };
    for (let tries = 0; tries < 12; tries += 1) {
      thing.lane = between([30, WORLD.height - WORLD.ground - rule.h - 30]);
      thing.y = thing.lane;
      const near = { x: thing.x - 170, y: thing.y - 24, w: thing.w + 340, h: thing.h + 48 };
      if (!this.things.some((other) => overlap(near, other))) break;
    }
    return thing;
  }

  #drift(dt) {
    for (const thing of this.things) {
      thing.x -= thing.speed * dt;
      thing.phase += dt * 2.2;
      thing.y = thing.lane + Math.sin(thing.phase) * KINDS[thing.kind].sway;
    }
    for (const shot of this.shots) shot.x += SHOT.speed * dt;
    this.things = this.things.filter((thing) => thing.x + thing.w > -10);
    this.shots = this.shots.filter((shot) => shot.x < WORLD.width);
  }

  /** Shots against things. A drop lets shots pass. */
  #strike(events) {
    for (const shot of this.shots) {
      const thing = this.things.find((t) => t.kind !== 'drop' && t.hits > 0 && overlap(shot, t));
      if (!thing) continue;
      shot.spent = true;
      thing.hits -= 1;
      const where = { kind: thing.kind, x: thing.x + thing.w / 2, y: thing.y + thing.h / 2 };
      if (thing.hits > 0) {
        events.push({ type: 'cracked', ...where, x: shot.x + SHOT.w });
      } else {
        const { points } = KINDS[thing.kind];
        this.score += points;
        events.push({ type: 'destroyed', points, ...where });
      }
    }
    this.shots = this.shots.filter((shot) => !shot.spent);
    this.things = this.things.filter((thing) => thing.hits > 0);
  }

  /** The plane against things: drops are collected, all else is a collision. */
  #meet(events) {
    for (const thing of this.things) {
      if (!overlap(this.plane, thing, 7)) continue;
      thing.met = true;
      const where = { kind: thing.kind, x: thing.x + thing.w / 2, y: thing.y + thing.h / 2 };
      if (thing.kind === 'drop') {
        this.fuel = Math.min(FULL_TANK, this.fuel + 15);
        events.push({ type: 'collected', ...where });
      } else {
        this.fuel = Math.max(0, this.fuel - CRASH);
        events.push({ type: 'crashed', ...where });
      }
    }
    this.things = this.things.filter((thing) => !thing.met);
  }

  #burn(ms, events) {
    const before = this.seconds;
    this.time += ms;
    this.fuel = Math.max(0, this.fuel - (this.seconds - before));
    if (this.fuel === 0) {
      this.over = true;
      events.push({ type: 'over', x: this.plane.x + 46, y: this.plane.y + 23 });
    }
  }
}
