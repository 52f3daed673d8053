/** Joins rules, picture, sound and keys, and moves between the five screens. */
import { Flight } from './flight.js';
import { Keys } from './keys.js';
import { add, load, table } from './ranking.js';
import { Sound } from './sound.js';
import { View, clock, signed } from './view.js';

const LONGEST_FRAME = 50; // ms; after a stall the world goes on, it does not jump
const SIZES = [0.85, 1, 1.15, 1.3, 1.45];

const $ = (selector) => document.querySelector(selector);
const view = new View();
const sound = new Sound();
const keys = new Keys(() => screen() === 'flying', press);
let flight = new Flight();
let size = Number(localStorage.getItem('sky-battle/size') ?? 1);

function screen(name) {
  if (name) {
    document.body.dataset.screen = name;
    sound.flying(name === 'flying');
    keys.release();
  }
  return document.body.dataset.screen;
}

function begin() {
  flight = new Flight();
  view.clear();
  view.show(flight, 0);
  sound.wake();
  screen('flying');
  document.activeElement?.blur();
}

function hold() {
  if (screen() === 'flying') screen('paused');
  else if (screen() === 'paused') screen('flying');
}

function mute(muted = !sound.muted) {
  sound.mute(muted);
  $('.sound').setAttribute('aria-pressed', String(muted));
}

function press(event) {
  if (event.target instanceof HTMLInputElement) return;
  const key = event.key.toLowerCase();
  if (key === 'p') hold();
  if (key === 'm') mute();
}

function end() {
  view.calm();
  $('[data-final=score]').textContent = signed(flight.score);
  $('[data-final=time]').textContent = clock(flight.seconds);
  $('.hint').textContent = '';
  $('#pilot').value = '';
  screen('over');
  $('#pilot').focus();
}

function register(event) {
  event.preventDefault();
  const name = $('#pilot').value.trim();
  if (!name) {
    $('.hint').textContent = '请先写下名字。';
    $('#pilot').focus();
    return;
  }
  const at = Date.now();
  rank(add({ name, score: flight.score, seconds: flight.seconds, at }), at);
  screen('ranking');
  $('[data-again]').focus();
}

/** Only one ranking is in the page: on the start screen before the first flight, else on its own. */
function rank(rows, mine) {
  for (const place of document.querySelectorAll('[data-ranking-here]')) place.replaceChildren();
  const place = mine ? $('.board') : $('.best [data-ranking-here]');
  place.append(table(mine ? rows : rows.slice(0, 4), mine));
  $('.best').hidden = Boolean(mine) || rows.length === 0;
}

function resize(step) {
  size = Math.min(Math.max(size + step, 0), SIZES.length - 1);
  localStorage.setItem('sky-battle/size', size);
  document.documentElement.style.setProperty('--text', SIZES[size]);
}

let last = performance.now();
function frame(now) {
  const ms = Math.min(now - last, LONGEST_FRAME);
  last = now;
  if (screen() === 'flying') {
    const events = flight.step(ms, keys.held);
    for (const event of events) {
      view.celebrate(event);
      sound.cue(event);
    }
    view.scenery(ms);
    view.show(flight, ms);
    sound.keepPlaying();
    if (flight.over) end();
  } else if (screen() === 'start') {
    view.scenery(ms, 0.35);
  }
  requestAnimationFrame(frame);
}

for (const button of document.querySelectorAll('[data-begin]')) button.addEventListener('click', begin);
for (const button of document.querySelectorAll('.switches button')) {
  button.addEventListener('click', () => screen() === 'flying' && button.blur());
}
$('[data-sky=larger]').addEventListener('click', () => resize(1));
$('[data-sky=smaller]').addEventListener('click', () => resize(-1));
$('.sound').addEventListener('click', () => mute());
$('.hold').addEventListener('click', hold);
$('.over form').addEventListener('submit', register);
document.addEventListener('visibilitychange', () => {
  if (document.hidden && screen() === 'flying') hold();
});

resize(0);
mute(sound.muted);
rank(load());
$('[data-begin]').focus();
requestAnimationFrame(frame);
