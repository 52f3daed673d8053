/**
 * A rig that is started before there is work: Playwright's workers and their browsers are up when a
 * hand-in comes, and wait. What they are told then is the environment they would have begun with.
 *
 * Playwright starts its workers when it knows the checks, and has no setting for starting them
 * earlier. So `fork` hands out workers that wait already; whatever it is asked for beyond them
 * (another worker after a browser that ended, another version's way of starting) it starts as ever.
 */
import childProcess from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const resolve = createRequire(import.meta.url).resolve;
const ENTRY = path.join(
  path.dirname(resolve('playwright/package.json')), 'lib/worker/workerProcessEntry.js',
);
const EARLY = fileURLToPath(new URL('./worker.mjs', import.meta.url));

/** Starts so many workers, says "ready" once they are warm, and comes back when there is work. */
export async function standBy(number) {
  const { fork } = childProcess;
  const waiting = Array.from({ length: number }, () => fork(ENTRY, {
    execArgv: ['--import', EARLY], stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  }));
  childProcess.fork = (script, options) => {
    const worker = script === ENTRY ? waiting.shift() : null;
    if (!worker?.connected) return fork(script, options);
    worker.send({ podium: options.env });
    setImmediate(() => worker.emit('message', { method: 'ready' })); // said long ago, unheard
    return worker;
  };
  await Promise.all([...waiting.map(warm), import('./index.mjs')]);
  process.stdout.write('ready\n');
  Object.assign(process.env, JSON.parse(await text(process.stdin)));
  process.stdout.write('begun\n');
  return () => waiting.forEach((worker) => worker.kill());
}

/** Its browser is up; or it has ended, and another one will be started when it is needed. */
function warm(worker) {
  return new Promise((done) => {
    worker.on('exit', done);
    worker.on('message', ({ podium }) => podium && done());
  });
}
