// A page that knows what the rig fixes (seed 1, a morning in May) passes; other values tell.
import { check, claim } from 'podium-rig';

const title = (en) => ({ zh: en, en });
const reads = (selector) => async ({ page, rig }) => {
  await rig.open();
  const text = await page.locator(selector).textContent({ timeout: 3000 });
  claim(text === 'good', title(`${selector} says ${text}.`));
};

check({ id: 'dice', aspect: 'A1.01', title: title('The dice are fair'), points: { add: 100 } }, reads('#dice'));
check({ id: 'year', aspect: 'A1.02', title: title('The year is right'), points: { add: 100 }, clock: '2026-02-03T04:05:06+08:00' }, reads('#year'));
check({ id: 'fixed', aspect: 'A1.03', title: title('Real time passes'), points: { add: 100 }, clock: 'real' },
  async ({ page, rig }) => {
    await rig.open();
    const moment = () => page.evaluate(() => Date.now());
    const before = await moment();
    await rig.run(400);
    claim(await moment() - before >= 400, title('The clock stands still.'));
  });
