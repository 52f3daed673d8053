import { check, claim } from 'podium-rig';

check({ id: 'heading', aspect: 'A1.01', title: { zh: '有标题', en: 'Has a heading' },
  points: { add: 100 }, public: true }, async ({ page, rig }) => {
  claim(await rig.open() === 200, { zh: '没有 index.html。', en: 'There is no index.html.' });
  claim(await page.getByText('Built').count() === 1, { zh: '没有标题。', en: 'There is no heading.' });
});

check({ id: 'button', aspect: 'A1.02', title: { zh: '按钮有反应', en: 'The button answers' },
  points: { add: 50 } }, async ({ page, rig }) => {
  claim(await rig.open() === 200, { zh: '没有 index.html。', en: 'There is no index.html.' });
  claim(await page.getByRole('button').count() === 1, { zh: '没有按钮。', en: 'There is no button.' });
  await page.getByRole('button').click();
  const text = await page.getByRole('button').textContent();
  claim(text === 'pressed', { zh: '按钮没有反应。', en: 'The button does not answer.' });
});
