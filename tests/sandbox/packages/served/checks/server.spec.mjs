import { check, claim } from 'podium-rig';

const title = (en) => ({ zh: en, en });

check({ id: 'answers', aspect: 'A1.01', title: title('The server answers'), points: { add: 100 }, public: true },
  async ({ page, rig }) => {
    claim(await rig.open() === 200, title('No page.'));
    claim(await page.locator('h1').textContent() === 'Guests', title('No heading.'));
  });

check({ id: 'remembers', aspect: 'A1.02', title: title('The server remembers a guest'), points: { add: 100 } },
  async ({ page, rig }) => {
    await rig.open();
    await page.getByRole('textbox').fill('Ada');
    await page.getByRole('button').click();
    await page.waitForLoadState('load');
    await rig.open();
    claim(await page.getByText('Ada').count() === 1, title('Ada is not in the book.'));
  });
