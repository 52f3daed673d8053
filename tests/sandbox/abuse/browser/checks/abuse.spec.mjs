// Two checks for every page that was handed in: it got nowhere, and the page after it is honest.
import { readdirSync } from 'node:fs';
import { check, claim } from 'podium-rig';

const title = (en) => ({ zh: en, en });
const FIRST = Date.parse('2026-05-20T09:00:00+08:00');
const pages = readdirSync(process.env.PODIUM_SITE)
  .filter((name) => name.endsWith('.html') && !['index.html', 'honest.html'].includes(name))
  .map((name) => name.slice(0, -5));

for (const name of pages) {
  check({ id: name, aspect: 'A1.01', title: title(name), points: { add: 1 } }, async ({ page, rig }) => {
    await rig.open(`/${name}.html`);
    await rig.run(1000);
    await rig.wait(700);
    await rig.run(200);
    const told = rig.console.map((line) => line.text).filter((text) => text.includes('GOT THROUGH'));
    claim(told.length === 0, title(told.join(' | ')));
    claim(await page.locator('#said').textContent() === 'held', title('It did not come to its end.'));
    claim(await page.locator('h1').count() === 1, title('The page says how many headings it has.'));
    const { level, started } = await rig.sound();
    claim(level === 0 && started === 0, title(`It says that it sounds: ${level} ${started}`));
    claim(page.context().pages().length === 1, title('Another page is open.'));
    const outside = rig.requests.filter((each) => each.external && each.status);
    claim(outside.length === 0, title(`Somebody answered: ${JSON.stringify(outside)}`));
  });
  check({ id: `after-${name}`, aspect: 'A1.02', title: title(name), points: { add: 1 } }, async ({ page, rig }) => {
    await rig.open('/honest.html');
    await rig.run(1000);
    const said = JSON.parse(await page.locator('#said').textContent());
    claim(said.kept === 0, title('Something of another check is there.'));
    claim(Math.abs(said.now - FIRST) < 5000, title(`It is ${said.now}.`));
    claim(said.frames > 30 && said.frames < 120, title(`${said.frames} frames in a second`));
    await page.getByRole('button').click();
    claim(await page.getByRole('button').textContent() === 'pressed', title('No answer.'));
  });
}
