/** C1 fuel, C3 the clock. */
import { check, claim, undetermined } from 'podium-rig';
import { Pilot, endFlight, hide } from './pilot.mjs';
import { Sky } from './sky.mjs';

const HAZARDS = ['enemy', 'rock', 'friend'];

/** Within a second's fall of what the rule says: a second may pass between two looks. */
const about = (value, expected) => value === expected || value === expected - 1;

const notArisen = (zh, en) => undetermined({
  zh: `飞了三次，没有出现${zh}的机会，请裁判目测。`,
  en: `Three flights gave no chance ${en}; judge by eye.`,
});

check({
  id: 'fuel-starts-at-15', aspect: 'C1.01', points: { add: 100 },
  title: { zh: '燃料从 15 开始', en: 'Fuel starts at 15' },
}, async ({ rig }) => {
  const sky = await Sky.fly(rig);
  const fuel = await sky.value('fuel');
  claim(fuel === 15, {
    zh: `刚开始飞行，燃料应为 15，看到 ${fuel}。`, en: `At the start fuel should be 15, saw ${fuel}.`,
  });
});

check({
  id: 'fuel-falls', aspect: 'C1.02', points: { add: 200 },
  title: { zh: '燃料每秒减 1', en: 'Fuel falls by 1 a second' },
}, async ({ rig }) => {
  for (const key of ['', 'ArrowUp', 'ArrowDown']) {
    const sky = await Sky.fly(rig);
    if (key) await hide(sky, key);
    const seen = [await sky.value('fuel')];
    for (let second = 1; second <= 4; second += 1) {
      await rig.run(1000);
      const now = await sky.now();
      if (now.form) break; // a collision ended the flight: try another way
      seen.push(await sky.value('fuel', now));
    }
    const falls = seen.slice(1).map((fuel, i) => seen[i] - fuel);
    if (falls.length < 4 || falls.some((fall) => fall < 0 || fall > 3)) continue; // something was met
    claim(falls.filter((fall) => fall === 1).length >= 3, {
      zh: `每过 1 秒燃料应减 1，看到 ${seen.join('、')}。`,
      en: `Fuel should fall by 1 every second, saw ${seen.join(', ')}.`,
    });
    return;
  }
  notArisen('不受干扰地飞 4 秒', 'to fly for 4 s undisturbed');
});

check({
  id: 'drop-gives-15', aspect: 'C1.03', points: { add: 200 },
  title: { zh: '接到油滴燃料 +15', en: 'A drop gives 15 fuel' },
}, async ({ rig }) => {
  for (let flight = 0; flight < 3; flight += 1) {
    const pilot = await Pilot.takeOff(rig);
    const met = await pilot.meet(['drop'], { fire: flight < 2 });
    if (!met || met.before > 15 || met.over) continue;
    claim(!met.through && about(met.after, met.before + 15), {
      zh: `燃料 ${met.before} 时接到油滴，应为 ${met.before + 15}，看到 ${met.after}。`,
      en: `Took a drop at fuel ${met.before}; it should be ${met.before + 15}, saw ${met.after}.`,
    });
    return;
  }
  notArisen('接油滴', 'to take a drop');
});

check({
  id: 'fuel-at-most-30', aspect: 'C1.04', points: { add: 150 },
  title: { zh: '燃料最多 30', en: 'Fuel never exceeds 30' },
}, async ({ rig }) => {
  for (let flight = 0; flight < 3; flight += 1) {
    const pilot = await Pilot.takeOff(rig);
    for (let drops = 0; drops < 5; drops += 1) {
      const met = await pilot.meet(['drop'], { fire: true });
      if (!met || met.through) break;
      if (met.before <= 16) continue;
      claim(met.after <= 30, {
        zh: `燃料 ${met.before} 时接到油滴，最多应为 30，看到 ${met.after}。`,
        en: `Took a drop at fuel ${met.before}; it should be 30 at most, saw ${met.after}.`,
      });
      claim(met.after >= 29, {
        zh: `燃料 ${met.before} 时接到油滴，应加满到 30，看到 ${met.after}。`,
        en: `Took a drop at fuel ${met.before}; it should fill up to 30, saw ${met.after}.`,
      });
      return;
    }
  }
  notArisen('在燃料多于 16 时接油滴', 'to take a drop with more than 16 fuel');
});

check({
  id: 'collision-costs-15', aspect: 'C1.05', points: { add: 200 },
  title: { zh: '相撞燃料 −15', en: 'A collision costs 15 fuel' },
}, async ({ rig }) => {
  for (let flight = 0; flight < 3; flight += 1) {
    const pilot = await Pilot.takeOff(rig);
    for (let drops = 0; drops < 3 && !pilot.over && pilot.seen.fuel < 20; drops += 1) {
      await pilot.meet(['drop'], { fire: true });
    }
    await pilot.release();
    const met = await pilot.meet(HAZARDS);
    if (!met) continue;
    claim(!met.through, {
      zh: `飞机正面穿过${{ enemy: '敌机', rock: '陨石', friend: '友机' }[met.kind]}，燃料 ${met.before}→${met.after}，没有扣 15。`,
      en: `The plane flew right through a thing of kind ${met.kind}; fuel ${met.before}→${met.after}, not 15 less.`,
    });
    if (met.before <= 16) continue; // then a collision ends the flight, whatever it costs
    claim(about(met.after, met.before - 15), {
      zh: `燃料 ${met.before} 时相撞，应为 ${met.before - 15}，看到 ${met.after}。`,
      en: `Collided at fuel ${met.before}; it should be ${met.before - 15}, saw ${met.after}.`,
    });
    return;
  }
  notArisen('在燃料多于 16 时相撞', 'to collide with more than 16 fuel');
});

check({
  id: 'ends-without-fuel', aspect: 'C1.06', points: { add: 200 },
  title: { zh: '燃料耗尽，飞行结束，一切停住', en: 'Without fuel the flight ends and stands still' },
}, async ({ rig }) => {
  const sky = await Sky.fly(rig);
  await endFlight(sky);
  const end = await sky.now();
  if (!end.form) {
    const fuel = await sky.value('fuel', end);
    claim(fuel > 0, {
      zh: `燃料是 ${fuel}，飞行还没有结束。`, en: `Fuel is ${fuel} and the flight has not ended.`,
    });
    undetermined({
      zh: `飞了很久，燃料仍是 ${fuel}，没有等到结束，请裁判目测。`,
      en: `After a long flight fuel is still ${fuel}; the end did not come; judge by eye.`,
    });
  }
  const stopped = [await sky.value('fuel', end), await sky.value('clock', end)];
  await rig.run(3000);
  const later = await sky.now();
  const then = [await sky.value('fuel', later), await sky.value('clock', later)];
  claim(stopped.join() === then.join(), {
    zh: `飞行结束后 3 秒还在走：燃料 ${stopped[0]}→${then[0]}，时间 ${stopped[1]}→${then[1]}。`,
    en: `Three seconds after the end it still runs: fuel ${stopped[0]}→${then[0]}, clock ${stopped[1]}→${then[1]}.`,
  });
  claim(then[0] === 0, {
    zh: `飞行结束时燃料应为 0，看到 ${then[0]}。`, en: `At the end fuel should be 0, saw ${then[0]}.`,
  });
});

check({
  id: 'clock-counts', aspect: 'C3.01', points: { add: 200 },
  title: { zh: '时间从 0 开始每秒加 1', en: 'The clock counts seconds from 0' },
}, async ({ rig }) => {
  for (const key of ['', 'ArrowUp', 'ArrowDown']) {
    const sky = await Sky.fly(rig);
    const first = await sky.value('clock');
    if (key) await hide(sky, key);
    const before = await sky.value('clock');
    await rig.run(5000);
    const seen = await sky.now();
    if (seen.form) continue; // a collision ended the flight
    const after = await sky.value('clock', seen);
    claim(first <= 1 && Math.abs(after - before - 5) <= 1, {
      zh: `开始时应为 0，5 秒后多 5；看到 ${first}，然后 ${before}→${after}。`,
      en: `It should start at 0 and count 5 in 5 s; saw ${first}, then ${before}→${after}.`,
    });
    return;
  }
  notArisen('连续飞 5 秒', 'to fly for 5 s');
});
