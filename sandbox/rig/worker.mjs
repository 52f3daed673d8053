/** Loaded into a worker that is started ahead (ahead.mjs), before Playwright's own entry. */
import './playwright.config.mjs';
import './index.mjs';
import { Rig } from './driver.mjs';
import { keepSpares } from './empty.mjs';
import { ownBrowser } from './launch.mjs';

const SPARES = 5; // for the first ten checks of two workers; a page takes some 10 MB

process.on('message', ({ podium }) => podium && Object.assign(process.env, podium));
rehearse().catch(() => {}).then(() => process.send({ podium: 'warm' }));

/** What is done for the first time is done slowly: a page of our own goes through a check's steps. */
async function rehearse() {
  const browser = await ownBrowser();
  const rig = await Rig.create(browser, { id: 'rehearsal', seed: 1, film: true });
  await rig.page.setContent('<!doctype html><title>-</title><h1>准备 ready</h1><button>OK</button>');
  await rig.run(48);
  await rig.page.screenshot({ type: 'jpeg' });
  await rig.film?.end();
  await rig.close();
  await keepSpares(browser, process.env.PODIUM_ORIGIN, SPARES);
}
