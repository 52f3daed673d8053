/** How Playwright Test runs the checks: Debian's Chromium, no retries, our own report. */
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import { OPTIONS } from './launch.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const env = process.env;

// A task's checks say `import … from 'podium-rig'`, wherever their folder lies. Playwright loads
// this file in the runner and in every worker, so the name means this folder in all of them.
registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'podium-rig') return next(specifier, context);
    return next(new URL('./index.mjs', import.meta.url).href, context);
  },
});

for (const name of ['PODIUM_SITE', 'PODIUM_CHECKS', 'PODIUM_OUT', 'PODIUM_CHROMIUM']) {
  if (!env[name]) throw new Error(`${name} is not set: the rig does not know what to judge`);
}

export default defineConfig({
  testDir: path.resolve(env.PODIUM_CHECKS),
  testMatch: '**/*.spec.mjs',
  outputDir: path.join(path.resolve(env.PODIUM_OUT), '.playwright'),
  globalSetup: path.join(here, 'setup.mjs'),
  reporter: [[path.join(here, 'reporter.mjs')]],
  fullyParallel: true,
  workers: Math.min(2, Number(env.PODIUM_WORKERS) || 2),
  retries: 0,
  timeout: 0, // every check has its own limit, held by index.mjs; this runner only starts them
  use: {
    browserName: 'chromium',
    headless: true,
    launchOptions: OPTIONS,
  },
});
