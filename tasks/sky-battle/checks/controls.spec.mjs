/** D1 pause, D2 sound, D3 size of the text. */
import { check, claim, difference, undetermined } from 'podium-rig';
import { hide } from './pilot.mjs';
import { Sky } from './sky.mjs';

/** A flight that is seen to run, paused with P after about three seconds. */
async function paused(rig, way = 'ArrowUp') {
  const sky = await Sky.fly(rig);
  const first = await sky.now();
  await hide(sky, way);
  await rig.run(1800);
  const then = await sky.now();
  const runs = await sky.value('clock', then) > await sky.value('clock', first)
    || await sky.value('fuel', then) < await sky.value('fuel', first);
  if (!runs || then.form) {
    undetermined({
      zh: '暂停之前游戏没有在走，无法判断暂停，请裁判目测。',
      en: 'The game did not run before the pause, so pausing cannot be judged; judge by eye.',
    });
  }
  await sky.tap('p');
  await rig.run(200);
  return sky;
}

const values = async (sky) => {
  const seen = await sky.now();
  return { fuel: await sky.value('fuel', seen), clock: await sky.value('clock', seen) };
};

check({
  id: 'pause-stops-numbers', aspect: 'D1.01', points: { add: 200 },
  title: { zh: '按 P 后燃料和时间停住', en: 'P stops fuel and clock' },
}, async ({ rig }) => {
  const sky = await paused(rig);
  const before = await values(sky);
  await rig.run(4000);
  const after = await values(sky);
  claim(before.fuel === after.fuel && before.clock === after.clock, {
    zh: `暂停 4 秒：燃料 ${before.fuel}→${after.fuel}，时间 ${before.clock}→${after.clock}，应不变。`,
    en: `Paused for 4 s: fuel ${before.fuel}→${after.fuel}, clock ${before.clock}→${after.clock}; both should stay.`,
  });
});

check({
  id: 'pause-stops-things', aspect: 'D1.02', points: { add: 200 },
  title: { zh: '按 P 后所有飞行物停住', en: 'P stops everything that flies' },
}, async ({ rig }) => {
  const sky = await paused(rig);
  const before = await sky.now();
  if (!before.things.length) {
    sky.missing('enemy', 'rock', 'friend', 'drop');
  }
  await rig.run(1000);
  const after = await sky.now();
  const moved = before.things.filter((thing) => {
    const there = after.things.find((other) => other.id === thing.id);
    return !there || Math.hypot(there.x - thing.x, there.y - thing.y) > 3;
  });
  claim(moved.length === 0, {
    zh: `暂停 1 秒，${before.things.length} 个飞行物里有 ${moved.length} 个还在动。`,
    en: `Paused for 1 s: ${moved.length} of ${before.things.length} things still moved.`,
  });
});

check({
  id: 'pause-resumes', aspect: 'D1.03', points: { add: 150 },
  title: { zh: '再按 P 从原处继续', en: 'P again goes on from the same state' },
}, async ({ rig }) => {
  for (const way of ['ArrowUp', 'ArrowDown']) {
    const sky = await paused(rig, way);
    const before = await values(sky);
    await rig.run(5000);
    await sky.tap('p');
    await rig.run(2000);
    if ((await sky.now()).form) continue; // a collision after the pause: try the other corner
    const after = await values(sky);
    const passed = after.clock - before.clock;
    claim(passed >= 1 && passed <= 3, {
      zh: `暂停 5 秒再继续 2 秒：时间 ${before.clock}→${after.clock}，应只走约 2 秒。`,
      en: `Paused for 5 s, went on for 2 s: the clock went ${before.clock}→${after.clock}; it should be about 2 s.`,
    });
    return;
  }
  undetermined({
    zh: '两次暂停后继续，飞行都在 2 秒内结束了，请裁判目测。',
    en: 'Twice the flight ended within 2 s after the pause; judge by eye.',
  });
});

check({
  id: 'pause-ignores-keys', aspect: 'D1.04', points: { add: 100 },
  title: { zh: '暂停时飞机不动、不射击', en: 'While paused the plane neither moves nor shoots' },
}, async ({ rig }) => {
  const sky = await paused(rig);
  const before = await sky.places();
  await sky.hold('ArrowDown', 600);
  await sky.hold('ArrowUp', 300);
  await sky.tap(' ');
  await rig.run(100);
  const after = await sky.places();
  const moved = Math.round(Math.hypot(after.plane.x - before.plane.x, after.plane.y - before.plane.y));
  const shots = (seen) => seen.things.filter((thing) => thing.kind === 'shot').length;
  claim(moved <= 3 && shots(after) <= shots(before), {
    zh: `暂停时按方向键和空格：飞机移动了 ${moved} 像素，子弹 ${shots(before)}→${shots(after)}。`,
    en: `Pressed arrows and space while paused: the plane moved ${moved} px, shots ${shots(before)}→${shots(after)}.`,
  });
});

/** The loudest sound heard while shooting for about half a second of real time. */
async function listen(sky) {
  let top = 0;
  for (let turn = 0; turn < 7; turn += 1) {
    await sky.tap(' ');
    await sky.rig.run(64);
    await sky.rig.wait(70);
    top = Math.max(top, (await sky.rig.sound()).level);
  }
  return top;
}

const HEARD = 0.002;

/** A flight in which sound was heard; M has been pressed and old sounds have died away. */
async function muted(rig) {
  const sky = await Sky.fly(rig);
  const loud = await listen(sky);
  if (loud < HEARD) {
    undetermined({
      zh: '飞行和射击时没有测到声音，请裁判听。',
      en: 'No sound was measured while flying and shooting; judge by ear.',
    });
  }
  await sky.tap('m');
  await rig.run(100);
  await rig.wait(500);
  return sky;
}

check({
  id: 'mute', aspect: 'D2.01', points: { add: 150 },
  title: { zh: '按 M 静音', en: 'M mutes' },
}, async ({ rig }) => {
  const sky = await muted(rig);
  const level = await listen(sky);
  claim(level < HEARD, {
    zh: `按了 M，射击时还测到声音（${level.toFixed(3)}）。`,
    en: `Pressed M; sound was still measured while shooting (${level.toFixed(3)}).`,
  });
});

check({
  id: 'unmute', aspect: 'D2.02', points: { add: 100 },
  title: { zh: '再按 M 恢复声音', en: 'M again brings the sound back' },
}, async ({ rig }) => {
  const sky = await muted(rig);
  await sky.tap('m');
  const level = await listen(sky);
  claim(level >= HEARD, {
    zh: '再按一次 M，射击时没有测到声音。', en: 'Pressed M again; no sound was measured while shooting.',
  });
});

/** Sizes of all words in sight, by element. */
const sizes = (page) => page.evaluate(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = new Map();
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() && e.checkVisibility({ visibilityProperty: true })) {
      found.set(e, Number.parseFloat(getComputedStyle(e).fontSize));
    }
  }
  return [...found.values()];
});

function fontButton(id, aspect, title, hook, words, sign) {
  check({ id, aspect, title, points: { add: 100 } }, async ({ page, rig }) => {
    const sky = await Sky.open(rig);
    let { control, hooked } = await sky.control(hook, words);
    if (!control) {
      await sky.start();
      ({ control, hooked } = await sky.control(hook, words));
    }
    if (!control) sky.missing(hook);
    if (!hooked) rig.unsure();
    const [before, one] = [await sizes(page), await rig.pixels()];
    await control.click();
    await rig.run(300);
    await rig.wait(100);
    const [after, two] = [await sizes(page), await rig.pixels()];
    const changed = after.filter((size, i) => (size - before[i]) * sign > 0.2).length;
    if (!changed && difference(one, two) > 0.002) {
      undetermined({
        zh: '点了按钮，画面变了，但文字大小读不出来，请裁判目测。',
        en: 'Clicked the button; the picture changed but the size of the words cannot be read; judge by eye.',
      });
    }
    claim(changed >= after.length / 3, {
      zh: `点了按钮，${after.length} 处文字里有 ${changed} 处${sign > 0 ? '变大' : '变小'}。`,
      en: `Clicked the button; ${changed} of ${after.length} texts became ${sign > 0 ? 'larger' : 'smaller'}.`,
    });
  });
}

fontButton('larger-text', 'D3.01', { zh: '按钮放大文字', en: 'A button makes the text larger' },
  'larger', /A\s*[+＋]|[放增加变]大|大字|larger|bigger|increase/i, 1);
fontButton('smaller-text', 'D3.02', { zh: '按钮缩小文字', en: 'A button makes the text smaller' },
  'smaller', /A\s*[-−–－]|[缩减变]小|小字|smaller|decrease/i, -1);
