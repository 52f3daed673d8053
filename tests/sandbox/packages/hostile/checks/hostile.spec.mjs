// What a page does to itself must stay its own affair: the checks after it go on.
import { check, claim, undetermined } from 'podium-rig';

const title = (en) => ({ zh: en, en });

check({ id: 'answers', aspect: 'A1.01', title: title('The page answers'), points: { add: 100 } }, async ({ page, rig }) => {
  await rig.open();
  await rig.run(300);
  claim(await page.locator('h1').count() === 1, title('There is no heading.'));
});

check({ id: 'hook', aspect: 'A1.02', title: title('The hook is there'), points: { add: 100 } }, async ({ page, rig }) => {
  await rig.open();
  if (!await page.locator('[data-hook]').count()) undetermined(title('There is no hook.'));
});

check({ id: 'alive', aspect: 'A1.03', title: title('The rig lives'), points: { add: 100 } },
  async ({ page }) => {
    await page.setContent('<h1>alive</h1>');
    claim(await page.locator('h1').textContent() === 'alive', title('The browser is dead.'));
  });
