/**
 * Films are made after their checks' outcomes are told, oldest first, by Chromium itself in a page of
 * our own: Debian's ffmpeg would make the image 227 MB larger. Few wait at a time and none for long,
 * so that little is missing when time is up and little memory is taken.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Late, within } from './late.mjs';
import { ownBrowser } from './launch.mjs';
import { webm } from './webm.mjs';

export const NAME = 'film.webm';
const MOST = 5; // films that wait in one worker: those of the first ten checks of two
const LONGEST_WAIT = 10_000; // ms
const PATIENCE = 15_000; // ms for one film
const LARGEST = 1_000_000; // bytes; the bit rate keeps a film far below
const PLACE = 'https://film.invalid/'; // never asked for: answered by the rig

export class Films {
  #waiting = []; // { id, cut, since }
  #page = null; // the page that encodes, kept from film to film

  constructor(out) {
    this.out = out;
  }

  /** The last attempt of a check is the one that is shown. */
  take(id, cut) {
    this.#waiting = this.#waiting.filter((each) => each.id !== id);
    if (cut) this.#waiting.push({ id, cut, since: performance.now() });
  }

  /** Before the next check: what has waited long enough. */
  async catchUp() {
    const due = () => this.#waiting.length > MOST
      || performance.now() - this.#waiting[0]?.since > LONGEST_WAIT;
    while (due()) await this.#next();
  }

  /** After the last one: all of them. */
  async finish() {
    while (this.#waiting.length) await this.#next();
  }

  /** A film that cannot be made is missing; nothing is judged by it. */
  async #next() {
    const { id, cut } = this.#waiting.shift();
    try {
      const bytes = await within(PATIENCE, this.#encode(cut));
      if (bytes.length <= LARGEST) this.#keep(id, bytes);
    } catch (error) {
      if (error instanceof Late) this.#waiting = []; // this browser does nothing more
    }
  }

  async #encode(cut) {
    if (!this.#page || this.#page.isClosed()) this.#page = await studio();
    const { width, height, chunks } = await this.#page.evaluate(encodeInPage, cut);
    const binary = chunks.map((each) => ({ ...each, data: Buffer.from(each.data, 'base64') }));
    return webm({ width, height, duration: cut.length, chunks: binary });
  }

  /** Whole or not at all: the reporter tells of it when it is there. */
  #keep(id, bytes) {
    const file = path.join(this.out, id, NAME);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.part`, bytes);
    renameSync(`${file}.part`, file);
  }
}

async function studio() {
  const browser = await ownBrowser();
  const page = await browser.newPage({ serviceWorkers: 'block' });
  const html = { contentType: 'text/html', body: '<!doctype html><title>film</title>' };
  await page.route('**', (route) => route.fulfill(html));
  await page.goto(PLACE); // a secure context, without which there is no VideoEncoder
  return page;
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
