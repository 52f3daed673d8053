import { check, claim } from 'podium-rig';

const title = (en) => ({ zh: en, en });

check({ id: 'links', aspect: 'A1.01', title: title('Every page can be reached'), points: { add: 100 } },
  async ({ page, rig }) => {
    await rig.open();
    for (const [name, heading] of [['About', 'About us'], ['Contact', 'Contact']]) {
      const link = page.getByRole('link', { name });
      claim(await link.count() === 1, title(`There is no link ${name}.`));
      await link.click();
      await page.waitForLoadState('load');
      const seen = await page.locator('h1').textContent();
      claim(seen === heading, title(`The page ${name} says ${seen}.`));
      await page.goBack();
    }
  });

check({ id: 'direct', aspect: 'A1.02', title: title('A page can be opened by its address'), points: { add: 100 } },
  async ({ page, rig }) => {
    claim(await rig.open('/about?from=card') === 200, title('There is no page about.'));
    claim(new URL(page.url()).pathname === '/about/', title('The folder is not found.'));
    const found = await rig.accessibility();
    claim(!found.some((one) => one.impact === 'critical'), title(`Found: ${found[0]?.help_en}.`));
  });
