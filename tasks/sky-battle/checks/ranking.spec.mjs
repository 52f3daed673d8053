/** E1 game over, E2 the ranking. */
import { check, claim, undetermined } from 'podium-rig';
import { endFlight, endQuickly, sweep } from './pilot.mjs';
import { Sky } from './sky.mjs';

/** A flight brought to its end; its form is in sight, or the check is not determined. */
async function ended(sky, how = endFlight) {
  await how(sky);
  const seen = await sky.now();
  if (seen.form) return seen;
  const asked = sky.rig.console.some((line) => line.type === 'dialog');
  const fuel = await sky.value('fuel', seen);
  claim(fuel > 0 || asked, {
    zh: '燃料耗尽后没有出现可以填名字的输入框。',
    en: 'When fuel had run out, no field for a name appeared.',
  });
  return undetermined({
    zh: `没有等到带输入框的结束画面（燃料 ${fuel}），请裁判目测。`,
    en: `The end of the flight with a field for the name was not reached (fuel ${fuel}); judge by eye.`,
  });
}

/** Flies once more from wherever the page is, ends the flight and enters this name. */
async function another(sky, name, how) {
  await sky.start();
  const seen = await ended(sky, how);
  await sky.submit(name);
  return seen;
}

const line = (lines, name) => lines.findIndex((each) => each.name.includes(name));
const told = (lines) => lines.map((each) => `${each.name} ${each.score} ${each.seconds}s`).join(' | ');

check({
  id: 'name-form', aspect: 'E1.01', points: { add: 150 },
  title: { zh: '结束画面有得分、时间和名字输入框', en: 'Game over shows score, time and a field for the name' },
}, async ({ rig }) => {
  const sky = await Sky.fly(rig);
  const { words } = await ended(sky);
  const [score, clock] = [await sky.value('score'), await sky.value('clock')];
  claim(words.normalize('NFKC').replace(/[−–]/g, '-').includes(String(score)) && clock > 0, {
    zh: `结束画面应能看到得分和时间；得分 ${score}，时间 ${clock}。`,
    en: `Game over should show score and time; score ${score}, time ${clock}.`,
  });
});

check({
  id: 'empty-name', aspect: 'E1.02', points: { add: 100 },
  title: { zh: '空名字不被接受', en: 'An empty name is not accepted' },
}, async ({ page, rig }) => {
  const sky = await Sky.fly(rig);
  await ended(sky);
  await page.locator('[data-sky~="name"]:visible, input:not([type]):visible, input[type=text]:visible').first().click();
  await page.keyboard.press('Enter');
  await rig.run(300);
  claim((await sky.now()).form, {
    zh: '没有填名字就按回车，表单却被接受了。',
    en: 'Pressed Enter without a name; the form was accepted.',
  });
});

check({
  id: 'name-is-text', aspect: 'E1.03', points: { add: 100 },
  title: { zh: '名字按文字显示，不当作 HTML', en: 'A name is shown as text, never as HTML' },
}, async ({ rig }) => {
  const sky = await Sky.fly(rig);
  await ended(sky);
  await sky.submit('<i>A</i>');
  const rows = await sky.ranking();
  if (rows === null) sky.missing('ranking');
  const text = rows.flat().join(' ');
  claim(!/(^|\s)A(\s|$)/.test(text) || text.includes('<i>'), {
    zh: '名字“<i>A</i>”被当作 HTML 显示了。', en: 'The name "<i>A</i>" was shown as HTML.',
  });
});

check({
  id: 'ranking-row', aspect: 'E2.01', points: { add: 200 },
  title: { zh: '排行榜里有名字、得分和时间', en: 'The ranking holds name, score and time' },
}, async ({ rig }) => {
  const sky = await Sky.fly(rig);
  const seen = await ended(sky);
  const [score, clock] = [await sky.value('score', seen), await sky.value('clock', seen)];
  await sky.submit('Heron');
  const lines = await sky.lines();
  const mine = lines[line(lines, 'Heron')];
  claim(mine && mine.score === score && Math.abs(mine.seconds - clock) <= 1, {
    zh: `填了 Heron（得分 ${score}，${clock} 秒），排行榜显示：${told(lines) || '空'}。`,
    en: `Entered Heron (score ${score}, ${clock} s); the ranking shows: ${told(lines) || 'nothing'}.`,
  });
});

check({
  id: 'sorted-by-score', aspect: 'E2.02', points: { add: 200 },
  title: { zh: '排行榜按得分从高到低', en: 'The ranking is sorted by score, highest first' },
}, async ({ rig }) => {
  const sky = await Sky.open(rig);
  await another(sky, 'Aspen', endFlight); // most likely 0: shown out of place by a list
  await another(sky, 'Birch', sweep); // that is not sorted, wherever it puts a new line
  await another(sky, 'Cedar', endFlight);
  const lines = await sky.lines();
  const scores = lines.map((each) => each.score);
  if (lines.length < 3 || new Set(scores).size < 2) {
    undetermined({
      zh: `飞了三次，没有得到不同的得分（${told(lines)}），请裁判目测。`,
      en: `Three flights did not give different scores (${told(lines)}); judge by eye.`,
    });
  }
  claim(scores.every((score, i) => i === 0 || score <= scores[i - 1]), {
    zh: `排行榜应按得分从高到低，看到：${told(lines)}。`,
    en: `The ranking should be sorted by score, highest first; saw: ${told(lines)}.`,
  });
});

check({
  id: 'ties-by-time', aspect: 'E2.03', points: { add: 150 },
  title: { zh: '得分相同时，飞得久的在前', en: 'At equal scores the longer flight comes first' },
}, async ({ rig }) => {
  const sky = await Sky.open(rig);
  await another(sky, 'Aspen', endQuickly);
  await another(sky, 'Birch', endFlight);
  await another(sky, 'Cedar', endQuickly);
  const lines = await sky.lines();
  const pairs = lines.slice(1).map((each, i) => [lines[i], each])
    .filter(([a, b]) => a.score === b.score && a.seconds !== b.seconds);
  if (!pairs.length) {
    undetermined({
      zh: `没有出现得分相同、时间不同的两行（${told(lines)}），请裁判目测。`,
      en: `No two lines had equal scores and different times (${told(lines)}); judge by eye.`,
    });
  }
  claim(pairs.every(([a, b]) => a.seconds > b.seconds), {
    zh: `得分相同时飞得久的应在前，看到：${told(lines)}。`,
    en: `At equal scores the longer flight should come first; saw: ${told(lines)}.`,
  });
});

check({
  id: 'ranking-is-kept', aspect: 'E2.04', points: { add: 200 },
  title: { zh: '重新打开页面，排行榜还在', en: 'The ranking is still there when the page is opened again' },
}, async ({ page, rig }) => {
  const sky = await Sky.fly(rig);
  await ended(sky);
  await sky.submit('Heron');
  const shown = (await sky.now()).words;
  if (!shown.includes('Heron')) sky.missing('ranking');
  await page.reload({ waitUntil: 'load' });
  await rig.settle();
  if ((await sky.now()).words.includes('Heron')) return;
  await another(sky, 'Crane', endFlight);
  const { words } = await sky.now();
  claim(words.includes('Heron'), {
    zh: '填了 Heron，重新打开页面后再飞一次，排行榜里没有 Heron 了。',
    en: 'Entered Heron, opened the page again and flew once more; Heron is no longer in the ranking.',
  });
});

check({
  id: 'new-flight-is-fresh', aspect: 'E2.05', points: { add: 150 },
  title: { zh: '再来一次：燃料、得分、时间从头开始', en: 'A new flight begins with fresh fuel, score and clock' },
}, async ({ rig }) => {
  const sky = await Sky.fly(rig);
  await ended(sky, sweep);
  await sky.submit('Heron');
  await sky.start();
  const seen = await sky.now();
  const [fuel, score, clock] = [
    await sky.value('fuel', seen), await sky.value('score', seen), await sky.value('clock', seen),
  ];
  claim(fuel >= 14 && fuel <= 15 && score === 0 && clock <= 1, {
    zh: `新的飞行应是燃料 15、得分 0、时间 0，看到 ${fuel}、${score}、${clock}。`,
    en: `A new flight should have fuel 15, score 0, clock 0; saw ${fuel}, ${score}, ${clock}.`,
  });
});
