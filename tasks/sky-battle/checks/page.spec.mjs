/** A1 the page, A2 the start screen. */
import { check, claim, undetermined } from 'podium-rig';
import { Sky } from './sky.mjs';

const outside = (rig) => rig.requests.filter((request) => request.external);
const list = (things) => [...new Set(things)].slice(0, 3).join('; ');

/** Plays for so many seconds with the keys of the game, whatever comes of it. */
async function play(rig, seconds) {
  const sky = await Sky.open(rig);
  const { control } = await sky.startControl();
  if (control) await control.click();
  for (let second = 0; second < seconds; second += 1) {
    await sky.tap(' ');
    await sky.hold(second % 2 ? 'ArrowUp' : 'ArrowDown', 900, { every: 300 });
  }
}

check({
  id: 'opens', aspect: 'A1.01', points: { add: 100 }, public: true,
  title: { zh: '页面能打开并显示内容', en: 'The page opens and shows something' },
}, async ({ rig }) => {
  await Sky.open(rig);
  await rig.run(1000);
  claim(rig.errors.length === 0, {
    zh: `打开页面时程序出错：${list(rig.errors)}`,
    en: `The page's program failed while it opened: ${list(rig.errors)}`,
  });
});

check({
  id: 'no-outside-request', aspect: 'A1.02', points: { deduct: 100 }, public: true,
  title: { zh: '不向外部网络请求任何东西', en: 'Nothing is requested from outside' },
}, async ({ rig }) => {
  await play(rig, 6);
  const found = outside(rig).map((request) => request.url);
  claim(found.length === 0, {
    zh: `打开并玩了 6 秒，页面向外部请求了 ${found.length} 次：${list(found)}`,
    en: `Opened and played for 6 seconds; the page asked outside ${found.length} times: ${list(found)}`,
  });
});

check({
  id: 'quiet-console', aspect: 'A1.03', points: { deduct: 100 },
  title: { zh: '玩的时候没有错误和缺失的文件', en: 'No errors and no missing files while playing' },
}, async ({ rig }) => {
  await play(rig, 12);
  const said = rig.console.filter((line) => ['error', 'exception'].includes(line.type)
    && !/ERR_BLOCKED_BY_CLIENT|WebSocket connection/.test(line.text)).map((line) => line.text);
  const lost = rig.requests.filter((request) => !request.external && request.status >= 400)
    .map((request) => request.url.replace(rig.origin, ''));
  claim(said.length === 0 && lost.length === 0, {
    zh: `玩了 12 秒：控制台有 ${said.length} 条错误，缺 ${lost.length} 个文件。${list([...said, ...lost])}`,
    en: `Played for 12 seconds: ${said.length} errors in the console, ${lost.length} files missing. ${list([...said, ...lost])}`,
  });
});

check({
  id: 'title-and-language', aspect: 'A1.04', points: { add: 50 },
  title: { zh: '页面有标题并声明了语言', en: 'The page has a title and names its language' },
}, async ({ page, rig }) => {
  await Sky.open(rig);
  const [title, lang] = [await page.title(), await page.getAttribute('html', 'lang')];
  claim(title.trim() && !/^document$/i.test(title.trim()) && /^[a-z]{2,3}(-|$)/i.test(lang ?? ''), {
    zh: `应有标题和 html lang；看到标题“${title}”，lang“${lang ?? ''}”。`,
    en: `Expected a title and html lang; saw title "${title}", lang "${lang ?? ''}".`,
  });
});

check({
  id: 'fits', aspect: 'A1.05', points: { add: 100 },
  title: { zh: '1024×768 下无滚动条，画面完整', en: 'At 1024×768 all is in view without scrolling' },
}, async ({ page, rig }) => {
  const sky = await Sky.open(rig);
  const measure = () => page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.scrollingElement;
    return { width: scrollWidth, height: scrollHeight };
  });
  const first = await measure();
  await sky.start();
  const then = await measure();
  const { stage } = await sky.now();
  const [width, height] = [Math.max(first.width, then.width), Math.max(first.height, then.height)];
  claim(width <= 1025 && height <= 769, {
    zh: `窗口 1024×768，页面却有 ${width}×${height}。`,
    en: `The window is 1024×768, the page takes ${width}×${height}.`,
  });
  claim(!stage || (stage.x >= -1 && stage.y >= -1 && stage.x + stage.width <= 1025
    && stage.y + stage.height <= 769), {
    zh: '飞行区有一部分在窗口外。', en: 'A part of the stage lies outside the window.',
  });
});

check({
  id: 'start-screen', aspect: 'A2.01', points: { add: 100 }, public: true,
  title: { zh: '先出现开始画面：游戏名和开始按钮', en: 'A start screen comes first: name and start button' },
}, async ({ rig }) => {
  const sky = await Sky.open(rig);
  const { control, hooked } = await sky.startControl();
  if (!control) sky.missing('start');
  if (!hooked) rig.unsure();
  const { words, form } = await sky.now();
  if (!/飞机大战|sky\s*battle/i.test(words)) {
    undetermined({
      zh: '有开始按钮，但没有读到游戏名（可能画在图里），请裁判目测。',
      en: 'There is a start button, but the name of the game was not read (it may be drawn); judge by eye.',
    });
  }
  claim(!form, { zh: '还没开始就要求填名字。', en: 'A name is asked for before the flight.' });
});

check({
  id: 'instructions', aspect: 'A2.02', points: { add: 100 },
  title: { zh: '开始画面写明按键', en: 'The start screen names the keys' },
}, async ({ page, rig }) => {
  const sky = await Sky.open(rig);
  const { words } = await sky.now();
  const spoken = await page.locator('[aria-label]:visible, img[alt]:visible').evaluateAll(
    (all) => all.map((e) => `${e.getAttribute('aria-label') ?? ''} ${e.getAttribute('alt') ?? ''}`).join(' '),
  );
  const text = `${words} ${spoken}`;
  const needed = {
    '方向键 arrow keys': /方向键|箭头|arrow|[↑↓←→]/i, '空格 space': /空格|space/i,
    '暂停 P': /暂停|pause/i, '静音 M': /静音|mute/i,
  };
  const lacking = Object.keys(needed).filter((name) => !needed[name].test(text));
  if (lacking.length && await page.locator('img:visible, canvas:visible, svg:visible').count()) {
    undetermined({
      zh: `文字里没有读到：${lacking.join('、')}；画面里有图形，请裁判目测。`,
      en: `Not read in words: ${lacking.join(', ')}; there are pictures, so judge by eye.`,
    });
  }
  claim(lacking.length === 0, {
    zh: `说明里没有：${lacking.join('、')}。`, en: `The instructions lack: ${lacking.join(', ')}.`,
  });
});

check({
  id: 'waits-for-start', aspect: 'A2.03', points: { add: 100 },
  title: { zh: '按开始之前游戏不走', en: 'Nothing runs before the start' },
}, async ({ rig }) => {
  const sky = await Sky.open(rig);
  await rig.run(6000);
  await sky.start();
  const seen = await sky.now();
  const [fuel, clock] = [await sky.value('fuel', seen), await sky.value('clock', seen)];
  claim(fuel >= 14 && clock <= 1, {
    zh: `在开始画面等了 6 秒再开始：燃料应为 15、时间 0，看到燃料 ${fuel}、时间 ${clock} 秒。`,
    en: `Waited 6 seconds on the start screen, then started: expected fuel 15 and clock 0, saw ${fuel} and ${clock} s.`,
  });
});

check({
  id: 'starts', aspect: 'A2.04', points: { add: 100 }, public: true,
  title: { zh: '点开始按钮后开始飞行', en: 'The start button starts the flight' },
}, async ({ rig }) => {
  const sky = await Sky.fly(rig);
  const first = await sky.now();
  const before = { fuel: await sky.value('fuel', first), clock: await sky.value('clock', first) };
  await rig.run(2500);
  const then = await sky.now();
  const after = { fuel: await sky.value('fuel', then), clock: await sky.value('clock', then) };
  claim(after.fuel < before.fuel || after.clock > before.clock, {
    zh: `点了开始，过 2.5 秒：燃料 ${before.fuel}→${after.fuel}，时间 ${before.clock}→${after.clock}，什么都没有走。`,
    en: `Clicked start; after 2.5 s fuel went ${before.fuel}→${after.fuel}, clock ${before.clock}→${after.clock}: nothing runs.`,
  });
});

check({
  id: 'starts-by-keyboard', aspect: 'A2.05', points: { add: 50 },
  title: { zh: '只用键盘也能开始', en: 'The flight can be started by keyboard alone' },
}, async ({ page, rig }) => {
  const sky = await Sky.open(rig);
  const { control, hooked } = await sky.startControl();
  if (!control) sky.missing('start');
  if (!hooked) rig.unsure();
  const focused = () => control.evaluate((e) => e === document.activeElement || e.contains(document.activeElement));
  for (let tabs = 0; tabs < 20 && !(await focused()); tabs += 1) await page.keyboard.press('Tab');
  claim(await focused(), {
    zh: '按了 20 次 Tab，焦点到不了开始按钮。', en: 'Pressed Tab 20 times; the start button never got the focus.',
  });
  await page.keyboard.press('Enter');
  await rig.run(2500);
  const clock = await sky.value('clock');
  claim(clock >= 1, {
    zh: `焦点在开始按钮上按了回车，2.5 秒后时间仍是 ${clock}。`,
    en: `Pressed Enter on the start button; 2.5 s later the clock still says ${clock}.`,
  });
});
