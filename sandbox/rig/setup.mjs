/** Before the checks are read: where they will look, and the wait of a rig that is ahead of them. */
import { connect } from 'node:net';
import { standBy } from './ahead.mjs';
import { serve } from './server.mjs';

/** Whether somebody listens on this port of the loopback, now or within so many seconds. */
async function listens(port, seconds) {
  const until = performance.now() + seconds * 1000;
  const once = () => new Promise((done) => {
    const line = connect({ port, host: '127.0.0.1' });
    line.once('connect', () => { line.destroy(); done(true); });
    line.once('error', () => done(false));
  });
  while (!(await once())) {
    if (performance.now() > until) return false;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  return true;
}

/**
 * Playwright's global set-up. One server serves all workers, which read its address. Where the
 * hand-in is a server itself, it is waited for; when it never answers, every check will say so.
 */
export default async function setup(config) {
  const own = await serve(process.env.PODIUM_SITE, Number(process.env.PODIUM_PORT) || 0);
  process.env.PODIUM_ORIGIN = own.origin; // before the wait, for the pages that are opened in it
  const dismiss = process.env.PODIUM_AHEAD === '1' ? await standBy(config.workers) : () => {};
  const port = Number(process.env.PODIUM_SERVER);
  if (port) {
    await own.close();
    await listens(port, Number(process.env.PODIUM_SERVER_SECONDS) || 20);
    process.env.PODIUM_ORIGIN = `http://127.0.0.1:${port}`;
    return dismiss;
  }
  return () => {
    dismiss();
    return own.close();
  };
}
