/** B1 the plane and the scenery, B2 what comes towards it. */
import { check, claim, difference, undetermined } from 'podium-rig';
import { Sky, THINGS } from './sky.mjs';

const round = Math.round;

check({
  id: 'all-in-sight', aspect: 'B1.01', points: { add: 100 }, public: true,
  title: { zh: '飞行中看得到飞机、燃料、得分和时间', en: 'In flight the plane, fuel, score and clock are in sight' },
}, async ({ rig }) => {
  const sky = await Sky.fly(rig);
  await rig.run(500);
  const seen = await sky.now();
  const lacking = ['stage', 'plane', 'fuel', 'score', 'clock'].filter((name) => seen[name] === null);
  if (lacking.length) sky.missing(...lacking);
  const { plane, stage } = seen;
  claim(plane.x >= stage.x - 2 && plane.x + plane.width <= stage.x + stage.width + 2
    && plane.y >= stage.y - 2 && plane.y + plane.height <= stage.y + stage.height + 2
    && plane.width >= 16 && plane.height >= 8, {
    zh: `飞机应在飞行区内；看到飞机 ${round(plane.x)},${round(plane.y)} 大小 ${round(plane.width)}×${round(plane.height)}。`,
    en: `The plane should be inside the stage; saw it at ${round(plane.x)},${round(plane.y)}, ${round(plane.width)}×${round(plane.height)}.`,
  });
});

/** Holds one arrow, then the opposite one, and looks where the plane goes. */
function moves(id, aspect, title, [there, back], axis) {
  check({ id, aspect, title, points: { add: 150 } }, async ({ rig }) => {
    const sky = await Sky.fly(rig);
    const at = [(await sky.places()).plane[axis]];
    for (const key of [there, back]) {
      await sky.hold(key, 640);
      const { plane } = await sky.places();
      at.push(plane[axis]);
    }
    const [first, second, third] = at.map(round);
    claim(second - first >= 12 && second - third >= 12, {
      zh: `按住 ${there} 再按住 ${back} 各 0.64 秒：位置 ${first}→${second}→${third} 像素，应先增后减。`,
      en: `Held ${there}, then ${back}, 0.64 s each: position went ${first}→${second}→${third} px; it should rise, then fall.`,
    });
  });
}

moves('up-and-down', 'B1.02', { zh: '上下方向键让飞机上下飞', en: 'Up and down keys move the plane' },
  ['ArrowDown', 'ArrowUp'], 'y');
moves('left-and-right', 'B1.03', { zh: '左右方向键让飞机左右飞', en: 'Left and right keys move the plane' },
  ['ArrowRight', 'ArrowLeft'], 'x');

check({
  id: 'stays-on-stage', aspect: 'B1.04', points: { add: 150 },
  title: { zh: '飞机飞不出飞行区', en: 'The plane cannot leave the stage' },
}, async ({ rig }) => {
  for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
    const sky = await Sky.fly(rig);
    await sky.places();
    for (let passed = 0; passed < 3200; passed += 400) {
      await sky.hold(key, 400, { release: false });
      const { plane, stage, form } = await sky.now();
      if (form || !plane) break; // the flight ended on the way
      const out = round(Math.max(stage.x - plane.x, stage.y - plane.y,
        plane.x + plane.width - stage.x - stage.width, plane.y + plane.height - stage.y - stage.height));
      claim(out <= 6, {
        zh: `一直按住 ${key}：飞机飞出飞行区 ${out} 像素。`,
        en: `Held ${key}: the plane left the stage by ${out} px.`,
      });
    }
    await sky.page.keyboard.up(key);
  }
});

check({
  id: 'scenery-moves', aspect: 'B1.05', points: { add: 150 },
  title: { zh: '背景在移动', en: 'The scenery moves' },
}, async ({ rig }) => {
  const sky = await Sky.fly(rig);
  await rig.run(400);
  const first = await sky.places();
  const one = await rig.pixels(first.stage);
  await rig.run(1200);
  const then = await sky.places();
  const two = await rig.pixels(first.stage);
  const except = [...first.things, ...then.things, first.plane, then.plane].map((t) => ({
    x: t.x - first.stage.x - 40, y: t.y - first.stage.y - 25, width: t.width + 80, height: t.height + 50,
  }));
  const share = difference(one, two, { except });
  const seen = `${(share * 100).toFixed(1)}%`;
  if (share > 0.001 && share < 0.02) {
    undetermined({
      zh: `1.2 秒里背景只有 ${seen} 的像素变了，请裁判目测。`,
      en: `In 1.2 s only ${seen} of the scenery's pixels changed; judge by eye.`,
    });
  }
  claim(share >= 0.02, {
    zh: `飞了 1.2 秒，除去飞行物，背景没有变化（${seen}）。`,
    en: `Flew for 1.2 s; apart from the things that fly, the scenery did not change (${seen}).`,
  });
});

const CHINESE = { enemy: '敌机', rock: '陨石', friend: '友机', drop: '油滴' };

for (const kind of THINGS) {
  check({
    id: `comes-${kind}`, aspect: 'B2.01', points: { add: 50 },
    title: { zh: `会出现${CHINESE[kind]}`, en: `There are things of the kind ${kind}` },
  }, async ({ rig }) => {
    let hooked = false;
    for (const key of ['', 'ArrowUp', 'ArrowDown']) {
      const sky = await Sky.fly(rig);
      for (let passed = 0; passed < 14_000; passed += 320) {
        if (key) await sky.page.keyboard.down(key);
        await rig.run(320);
        const { things, form } = await sky.now();
        if (things.some((thing) => thing.kind === kind)) return;
        hooked ||= things.length > 0;
        if (form) break;
      }
      if (key) await sky.page.keyboard.up(key);
      if (!hooked) break; // nothing carries a hook: looking on is of no use
    }
    undetermined({
      zh: `飞行中没有看到 data-sky="${kind}" 标出的${CHINESE[kind]}，请裁判目测。`,
      en: `In flight nothing was seen that carries data-sky="${kind}"; judge by eye.`,
    });
  });
}

check({
  id: 'from-the-right', aspect: 'B2.02', points: { add: 100 },
  title: { zh: '飞行物从右边来，向左飞', en: 'Things come from the right and fly left' },
}, async ({ rig }) => {
  const sky = await Sky.fly(rig);
  const { stage } = await sky.places();
  const tracks = new Map();
  for (let passed = 0; passed < 9000; passed += 160) {
    await rig.run(160);
    const seen = await sky.now();
    if (seen.form) break;
    for (const thing of seen.things.filter((t) => t.kind !== 'shot')) {
      tracks.set(thing.id, [...(tracks.get(thing.id) ?? []), thing]);
    }
  }
  const long = [...tracks.values()].filter((track) => track.length >= 4);
  if (long.length < 2) sky.missing('enemy', 'rock', 'friend', 'drop');
  const wrong = long.filter((track) => track[0].x < stage.x + stage.width / 2 && track.length > 6
    ? true : track.at(-1).x >= track[0].x - 3);
  claim(wrong.length === 0, {
    zh: `看了 ${long.length} 个飞行物，其中 ${wrong.length} 个不是从右边来向左飞。`,
    en: `Watched ${long.length} things; ${wrong.length} of them did not come from the right and fly left.`,
  });
});
