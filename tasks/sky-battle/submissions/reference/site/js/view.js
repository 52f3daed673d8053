/** Draws a flight: sprites and scenery as elements, sparks and smoke on a canvas above them. */
import { WORLD } from './flight.js';
import { Sparks } from './sparks.js';

const LAYERS = { far: 12, clouds: 30, mid: 34, near: 78, front: 170 }; // world units a second
const TILE = 1600;

const $ = (selector) => document.querySelector(selector);

export const clock = (seconds) => (
  [seconds / 60, seconds % 60].map((n) => String(Math.floor(n)).padStart(2, '0')).join(':')
);

const signed = (n) => String(n).replace('-', '−');

export class View {
  #sprites = new Map();
  #travelled = 0;
  #sparks = new Sparks($('.sparks'));
  #shake = 0;

  constructor() {
    this.world = $('.world');
    this.box = $('.things');
    this.layers = Object.keys(LAYERS).map((name) => [$(`.layer.${name}`), LAYERS[name]]);
    this.text = { fuel: $('.fuel b'), score: $('.gauge:nth-child(2) b'), clock: $('.gauge:nth-child(3) b') };
    this.tank = $('.tank i');
    this.fuel = $('.fuel');
    new ResizeObserver(() => this.#fit()).observe($('.stage'));
    this.#fit();
  }

  /** The world is always 960 × 600; the stage decides how large that is drawn. */
  #fit() {
    this.world.style.setProperty('--zoom', $('.stage').clientWidth / WORLD.width);
  }

  clear() {
    for (const sprite of this.#sprites.values()) sprite.remove();
    this.#sprites.clear();
    this.#sparks.clear();
  }

  /** Scenery drifts slowly before a flight and fast during one. */
  scenery(ms, pace = 1) {
    this.#travelled += (ms / 1000) * pace;
    for (const [layer, speed] of this.layers) {
      layer.style.transform = `translate3d(${-((this.#travelled * speed) % TILE)}px, 0, 0)`;
    }
  }

  show(flight, ms) {
    const here = new Set();
    const put = (id, kind, thing, turn = 0) => {
      here.add(id);
      const sprite = this.#sprites.get(id) ?? this.#make(id, kind);
      sprite.style.transform = `translate3d(${thing.x}px, ${thing.y}px, 0) rotate(${turn}deg)`;
      if (thing.kind === 'rock') sprite.classList.toggle('cracked', thing.hits === 1);
    };
    put('plane', 'plane', flight.plane, flight.plane.tilt * 9);
    for (const thing of flight.things) {
      put(thing.id, thing.kind, thing, thing.kind === 'rock' ? -thing.phase * 24 : 0);
    }
    for (const shot of flight.shots) put(shot.id, 'shot', shot);
    for (const [id, sprite] of this.#sprites) {
      if (!here.has(id)) {
        sprite.remove();
        this.#sprites.delete(id);
      }
    }
    this.#sparks.trail(flight.plane, ms);
    this.#numbers(flight);
    this.#tremble(ms);
    this.#sparks.draw(ms);
  }

  #make(id, kind) {
    const sprite = document.createElement('div');
    sprite.className = `sprite ${kind}`;
    sprite.dataset.sky = kind;
    this.#sprites.set(id, sprite);
    this.box.append(sprite);
    return sprite;
  }

  #numbers(flight) {
    const { fuel, score, clock: time } = this.text;
    const shown = `${flight.fuel} ${flight.score} ${flight.seconds}`;
    if (shown === this.shown) return;
    this.shown = shown;
    fuel.textContent = flight.fuel;
    score.textContent = signed(flight.score);
    time.textContent = clock(flight.seconds);
    this.tank.style.width = `${(flight.fuel / 30) * 100}%`;
    this.fuel.classList.toggle('low', flight.fuel <= 5);
  }

  /** What the eye gets for each thing that happened. */
  celebrate(event) {
    const { type, kind, x, y } = event;
    if (type === 'shot') this.#sparks.flare(x + 12, y + 3);
    if (type === 'cracked') this.#sparks.burst(x, y, 'chips');
    if (type === 'destroyed') {
      this.#sparks.burst(x, y, kind);
      this.#sparks.label(x, y, event.points > 0 ? `+${event.points}` : signed(event.points), event.points > 0);
    }
    if (type === 'collected') {
      this.#sparks.burst(x, y, 'drop');
      this.#sparks.label(x, y, '燃料 +15', true);
    }
    if (type === 'crashed') {
      this.#sparks.burst(x, y, kind);
      this.#sparks.label(x, y, '燃料 −15', false);
      this.#shake = 320;
    }
    if (type === 'over') this.#sparks.burst(x, y, 'plane');
  }

  /** Ends the shaking, so that the last blow does not stay on the picture. */
  calm() {
    this.#shake = 0;
    this.#tremble(0);
  }

  #tremble(ms) {
    if (!this.#shake && ms) return; // nothing to shake, so no style is touched
    this.#shake = Math.max(0, this.#shake - ms);
    const size = (this.#shake / 320) * 9;
    const wave = performance.now() / 22;
    this.world.style.setProperty('--dx', `${Math.sin(wave * 1.3) * size}px`);
    this.world.style.setProperty('--dy', `${Math.cos(wave) * size}px`);
    this.world.classList.toggle('hurt', this.#shake > 180);
  }
}

export { signed };
