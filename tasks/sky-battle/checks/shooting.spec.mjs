/** B3 shooting, C2 what it scores. */
import { check, claim, undetermined } from 'podium-rig';
import { Pilot } from './pilot.mjs';

const CHINESE = { enemy: '敌机', rock: '陨石', friend: '友机' };

/** A clean shot at a thing of this kind, tried in up to three flights; or not determined. */
async function cleanShot(rig, kind, { through = true } = {}) {
  let missed = 0;
  for (let flight = 0; flight < 3; flight += 1) {
    const pilot = await Pilot.takeOff(rig);
    for (let tries = 0; tries < 5; tries += 1) {
      const shot = await pilot.shoot(kind);
      if (!shot) break;
      if (shot.hit) return { pilot, shot };
      missed += 1;
      claim(!through || missed < 3, {
        zh: `对准${CHINESE[kind]}正中开了 3 枪，子弹都穿了过去。`,
        en: `Fired 3 times at the middle of a thing of kind ${kind}; every shot flew through it.`,
      });
    }
    await pilot.release();
  }
  return undetermined({
    zh: `飞了三次，没有等到能单独击中${CHINESE[kind]}的机会，请裁判目测。`,
    en: `Three flights gave no clean shot at a thing of kind ${kind}; judge by eye.`,
  });
}

/** The same rock shot at until it is gone; the marks before and after every hit. */
async function breakRock(rig) {
  for (let tries = 0; tries < 3; tries += 1) {
    const { pilot, shot } = await cleanShot(rig, 'rock');
    if (shot.gone) return [shot];
    const second = await pilot.shoot('rock', { id: shot.id });
    if (second?.hit) return [shot, second];
  }
  return undetermined({
    zh: '没有机会对同一块陨石连开两枪，请裁判目测。',
    en: 'There was no chance to hit the same rock twice; judge by eye.',
  });
}

check({
  id: 'space-fires', aspect: 'B3.01', points: { add: 150 },
  title: { zh: '空格键从飞机向前发射', en: 'The space bar fires forward from the plane' },
}, async ({ rig }) => {
  const pilot = await Pilot.takeOff(rig);
  await pilot.step([' '], 64);
  await pilot.step([], 32);
  const [shot] = pilot.seen.things.filter((thing) => thing.kind === 'shot');
  if (!shot) {
    undetermined({
      zh: '按了空格键，没有看到 data-sky="shot" 标出的子弹，请裁判目测。',
      en: 'Pressed the space bar; nothing marked data-sky="shot" was seen; judge by eye.',
    });
  }
  const { plane, stage } = pilot.seen;
  const level = shot.y + shot.height / 2 - plane.y;
  claim(level > -20 && level < plane.height + 20, {
    zh: '子弹不是从飞机的高度发出的。', en: 'The shot does not leave from the height of the plane.',
  });
  await pilot.step([], 160);
  const later = pilot.get(shot.id);
  claim(!later || later.x > shot.x + 20, {
    zh: `子弹应向右飞；0.16 秒里横坐标 ${Math.round(shot.x)}→${Math.round(later?.x ?? 0)}。`,
    en: `The shot should fly right; in 0.16 s its x went ${Math.round(shot.x)}→${Math.round(later?.x ?? 0)}.`,
  });
  for (let waited = 0; waited < 4000 && pilot.get(shot.id); waited += 160) await pilot.step([], 160);
  claim(!pilot.get(shot.id) || pilot.over, {
    zh: `4 秒后子弹还在（飞行区宽 ${Math.round(stage.width)}）。`,
    en: `After 4 s the shot is still there (the stage is ${Math.round(stage.width)} wide).`,
  });
});

check({
  id: 'enemy-one-shot', aspect: 'B3.02', points: { add: 150 },
  title: { zh: '敌机一枪击落', en: 'One shot brings an enemy down' },
}, async ({ rig }) => {
  const { shot } = await cleanShot(rig, 'enemy');
  claim(shot.gone, {
    zh: '一枪正中敌机，敌机还在。', en: 'One shot hit an enemy in the middle; it is still there.',
  });
});

check({
  id: 'rock-two-shots', aspect: 'B3.03', points: { add: 200 },
  title: { zh: '陨石要打两枪', en: 'A rock takes two shots' },
}, async ({ rig }) => {
  const hits = await breakRock(rig);
  claim(hits.length === 2, {
    zh: '陨石应挨两枪才碎，第一枪就没了。', en: 'A rock should take two shots; it went at the first.',
  });
  claim(hits[1].gone, {
    zh: '陨石挨了两枪还在。', en: 'The rock was hit twice and is still there.',
  });
});

/** What one hit, or the last of two, does to the score. */
function scores(id, aspect, title, points, kind, gain) {
  check({ id, aspect, title, points: { add: points } }, async ({ rig }) => {
    const { shot } = await cleanShot(rig, kind);
    if (!shot.gone) {
      undetermined({
        zh: `一枪没有击落${CHINESE[kind]}，得分无从核对，请裁判目测。`,
        en: `One shot did not bring the ${kind} down, so its points cannot be checked; judge by eye.`,
      });
    }
    const got = shot.after - shot.before;
    claim(got === gain, {
      zh: `击中${CHINESE[kind]}：得分应变化 ${gain}，看到 ${shot.before}→${shot.after}（${got}）。`,
      en: `Shot a thing of kind ${kind}: the score should change by ${gain}, saw ${shot.before}→${shot.after} (${got}).`,
    });
  });
}

scores('enemy-points', 'C2.01', { zh: '击落敌机 +5', en: 'An enemy scores +5' }, 200, 'enemy', 5);
scores('friend-points', 'C2.03', { zh: '误击友机 −10', en: 'A friend costs −10' }, 150, 'friend', -10);

check({
  id: 'rock-points', aspect: 'C2.02', points: { add: 200 },
  title: { zh: '击碎陨石 +10，第一枪不得分', en: 'A rock scores +10, nothing at the first shot' },
}, async ({ rig }) => {
  const hits = await breakRock(rig);
  const gains = hits.map((hit) => hit.after - hit.before);
  const [last] = gains.slice(-1);
  if (!hits.at(-1).gone) {
    undetermined({
      zh: '两枪没有打碎陨石，得分无从核对，请裁判目测。',
      en: 'Two shots did not break the rock, so its points cannot be checked; judge by eye.',
    });
  }
  claim(last === 10 && gains.slice(0, -1).every((gain) => gain === 0), {
    zh: `击碎一块陨石，各枪得分变化应为 0、10，看到 ${gains.join('、')}。`,
    en: `Broke a rock; the hits should score 0 and 10, saw ${gains.join(' and ')}.`,
  });
});

check({
  id: 'below-zero', aspect: 'C2.04', points: { add: 100 },
  title: { zh: '得分可以为负', en: 'The score may fall below zero' },
}, async ({ rig }) => {
  const { shot } = await cleanShot(rig, 'friend');
  if (!shot.gone || shot.before > 9) {
    undetermined({
      zh: '没有出现得分低于零的机会，请裁判目测。',
      en: 'No situation arose in which the score falls below zero; judge by eye.',
    });
  }
  claim(shot.after < 0, {
    zh: `得分 ${shot.before} 时误击友机，应变为负数，看到 ${shot.after}。`,
    en: `Shot a friend at a score of ${shot.before}; it should become negative, saw ${shot.after}.`,
  });
});
