/**
 * A short film of a check, on the page's own clock: what a person would have seen at normal speed.
 *
 * Chromium tells of each picture it shows (DevTools screencast) and, afterwards and in a page of our
 * own, encodes them itself: Debian's ffmpeg would make the image 227 MB larger. A check lets five
 * seconds of game pass in one; the film stretches the pictures of that second over the five, and
 * shortens the waits in which the page's clock stood still.
 */
import { webm } from './webm.mjs';

const LONGEST = 20_000; // ms of film; a longer check is shown faster, and the film says so
const APART = 110; // ms of film between two pictures: nine a second
const PAUSE = 150; // ms; while the page's clock stands still no more of it is shown
const MOST_FRAMES = 400;
const LARGEST = 1_000_000; // bytes; the bit rate keeps a film far below
const PICTURE = { format: 'jpeg', quality: 50, maxWidth: 640, maxHeight: 480, everyNthFrame: 1 };
const PLACE = 'https://film.invalid/'; // never asked for: answered by the rig

export class Film {
  #frames = []; // { at: real ms, jpeg: base64 }
  #runs = []; // { from, to: real ms, ms: of the page's time }
  #begun = performance.now();
  #line = null;

  /** Begins to listen; a film that cannot be made is no reason for a check to fail. */
  static async begin(context, page) {
    const film = new Film();
    film.#line = await context.newCDPSession(page);
    film.#line.on('Page.screencastFrame', ({ data, sessionId }) => {
      film.#frame(data);
      const seen = () => film.#line?.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
      setTimeout(seen, 100); // Chromium waits for this before it shows the next
    });
    await film.#line.send('Page.startScreencast', PICTURE);
    return film;
  }

  #frame(jpeg) {
    this.#frames.push({ at: performance.now() - this.#begun, jpeg });
    if (this.#frames.length > MOST_FRAMES) this.#frames = this.#frames.filter((_, n) => n % 2 === 0);
  }

  /** The page's clock went on by `ms` since the real moment `from`. */
  ran(from, ms) {
    this.#runs.push({ from: from - this.#begun, to: performance.now() - this.#begun, ms });
  }

  /** Stops and encodes; the file's bytes, or null when there is nothing to show. */
  async end(browser) {
    const end = performance.now() - this.#begun;
    const line = this.#line;
    this.#line = null;
    await Promise.race([
      line.send('Page.stopScreencast').catch(() => {}), // a page that hangs never answers
      new Promise((done) => { setTimeout(done, 300); }),
    ]);
    const { shots, length, speed } = this.#cut(end);
    if (!shots.length) return null;
    const bytes = await encode(browser, { shots, length, speed });
    return bytes.length <= LARGEST ? bytes : null;
  }

  /** Pictures at their moments of film time, not more than can be told apart. */
  #cut(end) {
    const timeOf = filmTime(this.#runs, end);
    const whole = timeOf(end);
    const speed = Math.max(1, whole / LONGEST);
    const shots = [];
    for (const { at, jpeg } of this.#frames) {
      const moment = Math.round(timeOf(at) / speed);
      if (shots.length && moment - shots.at(-1).at < APART) {
        shots.at(-1).jpeg = jpeg; // the newer one shows how that moment ended
      } else {
        shots.push({ at: moment, jpeg });
      }
    }
    return { shots, length: Math.round(whole / speed), speed };
  }
}

/** Real time → film time: runs take the page's time, what lies between them at most a pause. */
export function filmTime(runs, end) {
  const knots = [{ real: 0, film: 0 }];
  const gap = (real) => {
    const last = knots.at(-1);
    if (real > last.real) knots.push({ real, film: last.film + Math.min(real - last.real, PAUSE) });
  };
  for (const { from, to, ms } of runs) {
    gap(from);
    knots.push({ real: Math.max(to, knots.at(-1).real), film: knots.at(-1).film + ms });
  }
  gap(end);
  return (real) => {
    const after = knots.findIndex((knot) => knot.real >= real);
    if (after < 0) return knots.at(-1).film;
    if (after === 0) return knots[0].film;
    const [a, b] = [knots[after - 1], knots[after]];
    return a.film + ((real - a.real) / (b.real - a.real || 1)) * (b.film - a.film);
  };
}

async function encode(browser, film) {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  try {
    const page = await context.newPage();
    const html = { contentType: 'text/html', body: '<!doctype html><title>film</title>' };
    await page.route('**', (route) => route.fulfill(html));
    await page.goto(PLACE); // a secure context, without which there is no VideoEncoder
    const { width, height, chunks } = await page.evaluate(encodeInPage, film);
    const binary = chunks.map((each) => ({ ...each, data: Buffer.from(each.data, 'base64') }));
    return webm({ width, height, duration: film.length, chunks: binary });
  } finally {
    await context.close().catch(() => {});
  }
}

/** Runs in the page: draws each picture over a line with its moment, and encodes. */
async function encodeInPage({ shots, length, speed }) {
  const STRIP = 24;
  const decode = async (jpeg) => createImageBitmap(
    new Blob([Uint8Array.from(atob(jpeg), (c) => c.charCodeAt(0))], { type: 'image/jpeg' }),
  );
  const first = await decode(shots[0].jpeg);
  const even = (n) => n - (n % 2);
  const [width, height] = [Math.max(160, even(first.width)), even(first.height) + STRIP];
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d', { alpha: false });
  const chunks = [];
  let trouble = null;
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      let text = '';
      for (let i = 0; i < data.length; i += 8192) {
        text += String.fromCharCode(...data.subarray(i, i + 8192));
      }
      chunks.push({ at: Math.round(chunk.timestamp / 1000), key: chunk.type === 'key', data: btoa(text) });
    },
    error: (error) => { trouble = error; },
  });
  encoder.configure({ codec: 'vp8', width, height, bitrate: 400_000, latencyMode: 'realtime' });
  const draw = async ({ at, jpeg }) => {
    const picture = await decode(jpeg);
    pen.fillStyle = '#101418';
    pen.fillRect(0, 0, width, height);
    const zoom = Math.min(width / picture.width, (height - STRIP) / picture.height, 1);
    pen.drawImage(picture, 0, 0, picture.width * zoom, picture.height * zoom);
    picture.close();
    pen.fillRect(0, height - STRIP, width, STRIP);
    pen.fillStyle = '#8fd3c8';
    pen.fillRect(0, height - STRIP, width * Math.min(1, length ? at / length : 1), 3);
    pen.fillStyle = '#e8eef0';
    pen.font = '14px sans-serif';
    const faster = speed > 1 ? `  ×${speed.toFixed(1)}` : '';
    pen.fillText(`${((at * speed) / 1000).toFixed(1)} s${faster}`, 8, height - 6);
  };
  const all = [...shots];
  if (length > shots.at(-1).at) all.push({ ...shots.at(-1), at: length }); // the end is shown, too
  let keyAt = -Infinity;
  for (const shot of all) {
    await draw(shot);
    const keyFrame = shot.at - keyAt >= 4000;
    if (keyFrame) keyAt = shot.at;
    const frame = new VideoFrame(canvas, { timestamp: shot.at * 1000 });
    encoder.encode(frame, { keyFrame });
    frame.close();
    if (encoder.encodeQueueSize > 8) await new Promise((done) => { setTimeout(done, 5); });
  }
  await encoder.flush();
  encoder.close();
  if (trouble) throw trouble;
  return { width, height, chunks };
}
