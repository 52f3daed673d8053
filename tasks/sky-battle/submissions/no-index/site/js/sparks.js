/** Smoke, sparks and floating figures on one canvas; only for the eye, no rule depends on them. */

const PALETTE = {
  enemy: ['#fff3c9', '#ff9d4d', '#ff5a3c', '#454b74'],
  rock: ['#dcd6e0', '#b2a9bd', '#8b839c', '#5b5472'],
  friend: ['#55d6be', '#fffaf0', '#ff6b6b', '#1c8f86'],
  drop: ['#fff6d8', '#ffe28a', '#ffc233'],
  plane: ['#fff3c9', '#ffb25b', '#e94f37', '#3a3358'],
  chips: ['#efeaf2', '#b2a9bd'],
};
const COUNT = { chips: 9, drop: 20, plane: 60 };
const MOST = 320;

export class Sparks {
  #dots = [];
  #labels = [];
  #rings = [];
  #puff = 0;

  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext('2d');
  }

  clear() {
    this.#dots = [];
    this.#labels = [];
    this.#rings = [];
    this.draw(0);
  }

  burst(x, y, kind) {
    const colours = PALETTE[kind];
    for (let i = COUNT[kind] ?? 34; i > 0; i -= 1) {
      const [angle, speed] = [Math.random() * 6.283, 40 + Math.random() * 250];
      this.#dot({
        x, y, vx: Math.cos(angle) * speed - 60, vy: Math.sin(angle) * speed,
        size: 1.5 + Math.random() * 5, life: 350 + Math.random() * 450,
        colour: colours[i % colours.length], drag: 3, grow: -0.6,
      });
    }
    if (kind !== 'chips') this.#rings.push({ x, y, age: 0, colour: colours[0] });
  }

  flare(x, y) {
    for (let i = 0; i < 4; i += 1) {
      this.#dot({
        x, y, vx: 120 + Math.random() * 160, vy: (Math.random() - 0.5) * 90, size: 2.4,
        life: 130, colour: '#ffe9a8', drag: 4, grow: -0.8,
      });
    }
  }

  trail(plane, ms) {
    this.#puff += ms;
    while (this.#puff > 55) {
      this.#puff -= 55;
      this.#dot({
        x: plane.x + 4, y: plane.y + plane.h * 0.55, vx: -130 - Math.random() * 50,
        vy: (Math.random() - 0.5) * 18, size: 3 + Math.random() * 2.5, life: 620,
        colour: '#fff4e6', drag: 0.4, grow: 1.1, faint: 0.34,
      });
    }
  }

  label(x, y, text, good) {
    this.#labels.push({ x, y, text, good, age: 0 });
  }

  #dot(dot) {
    if (this.#dots.length < MOST) this.#dots.push({ age: 0, faint: 1, ...dot });
  }

  draw(ms) {
    const { pen, canvas } = this;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    this.#drawDots(ms / 1000, ms);
    this.#drawRings(ms);
    this.#drawLabels(ms);
    pen.globalAlpha = 1;
  }

  #drawDots(dt, ms) {
    const { pen } = this;
    for (const dot of this.#dots) {
      dot.age += ms;
      dot.vx -= dot.vx * dot.drag * dt;
      dot.vy -= dot.vy * dot.drag * dt;
      dot.x += dot.vx * dt;
      dot.y += dot.vy * dt;
      const left = Math.max(0, 1 - dot.age / dot.life);
      pen.globalAlpha = left * dot.faint;
      pen.fillStyle = dot.colour;
      pen.beginPath();
      pen.arc(dot.x, dot.y, Math.max(0.2, dot.size * (1 + dot.grow * (1 - left))), 0, 6.283);
      pen.fill();
    }
    this.#dots = this.#dots.filter((dot) => dot.age < dot.life);
  }

  #drawRings(ms) {
    const { pen } = this;
    for (const ring of this.#rings) {
      ring.age += ms;
      const part = ring.age / 420;
      pen.globalAlpha = Math.max(0, 0.75 * (1 - part));
      pen.strokeStyle = ring.colour;
      pen.lineWidth = Math.max(0.1, 7 * (1 - part));
      pen.beginPath();
      pen.arc(ring.x, ring.y, 12 + 58 * Math.sqrt(part), 0, 6.283);
      pen.stroke();
    }
    this.#rings = this.#rings.filter((ring) => ring.age < 420);
  }

  #drawLabels(ms) {
    const { pen } = this;
    pen.textAlign = 'center';
    pen.font = '800 24px "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif';
    pen.lineJoin = 'round';
    for (const label of this.#labels) {
      label.age += ms;
      const part = label.age / 1000;
      pen.globalAlpha = Math.max(0, Math.min(1, 2 - part * 2));
      pen.lineWidth = 5;
      pen.strokeStyle = 'rgb(20 27 61 / 70%)';
      pen.fillStyle = label.good ? '#ffe28a' : '#ff9a8f';
      pen.strokeText(label.text, label.x, label.y - 26 - part * 36);
      pen.fillText(label.text, label.x, label.y - 26 - part * 36);
    }
    this.#labels = this.#labels.filter((label) => label.age < 1000);
  }
}
