// A plain build of another hand: one canvas, one interval, one file. It follows the same rules as the
// reference and shows its things by data-sky-things.
'use strict';

const canvas = document.querySelector('canvas');
const pen = canvas.getContext('2d');
const put = (name, text) => { document.querySelector(`[data-sky=${name}]`).textContent = text; };
const KINDS = {
  enemy: { w: 120, h: 60, life: 1, points: 5, colour: '#222', every: 1700 },
  rock: { w: 110, h: 110, life: 2, points: 10, colour: '#864', every: 3700 },
  friend: { w: 110, h: 90, life: 1, points: -10, colour: '#2a5', every: 4900 },
  drop: { w: 60, h: 80, life: 1, points: 0, colour: '#fd0', every: 5300 },
};
const SCREENS = ['intro', 'pause', 'end', 'list'];
const held = {};
let state = 'intro';
let size = 18;
let game = null;
let number = 0;
let audio = null;
let loud = null;
let muted = false;

function show(name) {
  state = name;
  for (const screen of SCREENS) document.getElementById(screen).hidden = screen !== name;
}

function start() {
  game = {
    fuel: 15, score: 0, ms: 0, way: 0, since: { enemy: 900, rock: 2200, friend: 2600, drop: 3600 },
    plane: { x: 100, y: 450, w: 150, h: 70 }, things: [], shots: [],
  };
  if (!audio) {
    audio = new AudioContext();
    loud = audio.createGain();
    loud.gain.value = muted ? 0 : 0.3;
    loud.connect(audio.destination);
  }
  show('play');
  document.activeElement.blur();
}

function beep(frequency) {
  const tone = audio.createOscillator();
  tone.frequency.value = frequency;
  tone.connect(loud);
  tone.start();
  tone.stop(audio.currentTime + 0.12);
}

const touch = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

function lane(height) {
  for (let tries = 0; ; tries += 1) {
    const y = 20 + Math.random() * (canvas.height - height - 40);
    const free = game.things.every((t) => t.x < 1200 || t.y > y + height + 30 || t.y + t.h + 30 < y);
    if (free || tries > 9) return y;
  }
}

function arrive() {
  for (const [kind, rule] of Object.entries(KINDS)) {
    game.since[kind] += 20;
    if (game.since[kind] >= rule.every) {
      game.since[kind] = 0;
      game.things.push({
        kind, id: number += 1, x: canvas.width, y: lane(rule.h), w: rule.w, h: rule.h, life: rule.life,
        speed: 5 + Math.random() * 1.5,
      });
    }
  }
}

function fly() {
  const { plane } = game;
  if (held.ArrowUp) plane.y -= 11;
  if (held.ArrowDown) plane.y += 11;
  if (held.ArrowLeft) plane.x -= 11;
  if (held.ArrowRight) plane.x += 11;
  plane.x = Math.max(0, Math.min(canvas.width - plane.w, plane.x));
  plane.y = Math.max(0, Math.min(canvas.height - plane.h, plane.y));
}

function hits() {
  for (const shot of game.shots) {
    const thing = game.things.find((t) => t.kind !== 'drop' && t.life > 0 && touch(t, shot));
    if (!thing) continue;
    shot.x = Infinity;
    thing.life -= 1;
    if (thing.life === 0) game.score += KINDS[thing.kind].points;
    beep(thing.life ? 300 : 180);
  }
  for (const thing of game.things) {
    if (thing.life <= 0 || !touch(thing, game.plane)) continue;
    thing.life = 0;
    game.fuel = thing.kind === 'drop' ? Math.min(30, game.fuel + 15) : Math.max(0, game.fuel - 15);
    beep(thing.kind === 'drop' ? 900 : 90);
  }
  game.shots = game.shots.filter((shot) => shot.x < canvas.width);
  game.things = game.things.filter((thing) => thing.life > 0 && thing.x + thing.w > 0);
}

function tick() {
  if (state !== 'play') return;
  const second = Math.floor(game.ms / 1000);
  game.ms += 20;
  game.way += 6;
  if (Math.floor(game.ms / 1000) > second) game.fuel = Math.max(0, game.fuel - 1);
  arrive();
  fly();
  for (const thing of game.things) thing.x -= thing.speed;
  for (const shot of game.shots) shot.x += 20;
  hits();
  draw();
  if (game.fuel === 0) {
    show('end');
    document.querySelector('[data-sky=name]').value = '';
    document.querySelector('[data-sky=name]').focus();
  }
}

const time = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;

function draw() {
  pen.clearRect(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < 9; i += 1) {
    pen.fillStyle = i % 2 ? '#7a9' : '#698';
    pen.beginPath();
    pen.arc(((i * 300 - game.way) % 2700 + 2700) % 2700 - 300, 1000, 210, 0, 7);
    pen.fill();
  }
  for (const { kind, x, y, w, h, life } of game.things) {
    pen.fillStyle = kind === 'rock' && life === 1 ? '#c96' : KINDS[kind].colour;
    pen.fillRect(x, y, w, h);
  }
  pen.fillStyle = '#c22';
  pen.fillRect(game.plane.x, game.plane.y, game.plane.w, game.plane.h);
  pen.fillStyle = '#fff';
  for (const { x, y, w, h } of game.shots) pen.fillRect(x, y, w, h);
  put('fuel', game.fuel);
  put('score', game.score);
  put('clock', time(game.ms));
  const tell = (kind) => (t) => ({ kind: t.kind ?? kind, id: t.id ?? 0, x: t.x, y: t.y, w: t.w, h: t.h });
  canvas.dataset.skyThings = JSON.stringify([
    tell('plane')(game.plane), ...game.things.map(tell()), ...game.shots.map(tell('shot')),
  ]);
}

function save(event) {
  event.preventDefault();
  const name = document.querySelector('[data-sky=name]').value.trim();
  if (!name) return;
  const rows = JSON.parse(localStorage.getItem('ranking') ?? '[]');
  const mine = { name, score: game.score, ms: Math.floor(game.ms / 1000) * 1000 };
  rows.push(mine);
  rows.sort((a, b) => b.score - a.score || b.ms - a.ms);
  localStorage.setItem('ranking', JSON.stringify(rows));
  const table = document.querySelector('table');
  table.innerHTML = '<tr><th>Place</th><th>Name</th><th>Score</th><th>Time</th></tr>';
  rows.forEach((row, i) => {
    const line = table.insertRow();
    if (row === mine) line.className = 'mine';
    for (const text of [i + 1, row.name, row.score, time(row.ms)]) line.insertCell().textContent = text;
  });
  show('list');
}

addEventListener('keydown', (event) => {
  if (state === 'end') return;
  if (state === 'play' && /^Arrow| $/.test(event.key)) event.preventDefault();
  held[event.key] = true;
  if (event.repeat) return;
  if (event.key === ' ' && state === 'play') {
    const { x, y, w, h } = game.plane;
    game.shots.push({ id: number += 1, x: x + w, y: y + h / 2, w: 30, h: 8 });
    beep(700);
  }
  if (event.key === 'p') {
    if (state === 'play') show('pause');
    else if (state === 'pause') show('play');
  }
  if (event.key === 'm') {
    muted = !muted;
    if (loud) loud.gain.value = muted ? 0 : 0.3;
  }
});
addEventListener('keyup', (event) => { held[event.key] = false; });
document.querySelector('form').addEventListener('submit', save);
for (const button of document.querySelectorAll('[data-sky=start]')) button.addEventListener('click', start);
for (const [name, by] of [['smaller', -2], ['larger', 2]]) {
  document.querySelector(`[data-sky=${name}]`).addEventListener('click', (event) => {
    size = Math.max(12, Math.min(30, size + by));
    document.body.style.fontSize = `${size}px`;
    event.target.blur();
  });
}
setInterval(tick, 20);
