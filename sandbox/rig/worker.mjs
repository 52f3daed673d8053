/** Loaded into a worker that is started ahead (ahead.mjs), before Playwright's own entry. */
import './playwright.config.mjs';
import './index.mjs';
import { ownBrowser } from './launch.mjs';

process.on('message', ({ podium }) => podium && Object.assign(process.env, podium));
ownBrowser().catch(() => {}).then(() => process.send({ podium: 'warm' }));
