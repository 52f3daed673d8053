/** Reads the PNG files that Chromium makes of a page: 8 bits a channel, not interlaced. */
import { inflateSync } from 'node:zlib';

const CHANNELS = { 0: 1, 2: 3, 4: 2, 6: 4 };

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [dl, du, dc] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (dl <= du && dl <= dc) return left;
  return du <= dc ? up : corner;
}

/** Undoes the five line filters of PNG; returns the bytes without filter marks. */
function unfilter(raw, height, stride, step) {
  const out = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y += 1) {
    const [filter, from, to] = [raw[y * (stride + 1)], y * (stride + 1) + 1, y * stride];
    for (let x = 0; x < stride; x += 1) {
      const left = x >= step ? out[to + x - step] : 0;
      const up = y ? out[to + x - stride] : 0;
      let guess = 0;
      if (filter === 1) guess = left;
      else if (filter === 2) guess = up;
      else if (filter === 3) guess = (left + up) >> 1;
      else if (filter === 4) guess = paeth(left, up, y && x >= step ? out[to + x - stride - step] : 0);
      out[to + x] = raw[from + x] + guess;
    }
  }
  return out;
}

/** `{ width, height, at(x, y) → [r, g, b, a], data }` of a PNG file's bytes. */
export function decode(file) {
  let [width, height, channels] = [0, 0, 0];
  const parts = [];
  for (let at = 8; at < file.length;) {
    const [length, type] = [file.readUInt32BE(at), file.toString('latin1', at + 4, at + 8)];
    const body = file.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      [width, height, channels] = [body.readUInt32BE(0), body.readUInt32BE(4), CHANNELS[body[9]]];
      if (body[8] !== 8 || !channels || body[12]) throw new Error('not a PNG this rig reads');
    }
    if (type === 'IDAT') parts.push(body);
    at += length + 12;
  }
  const data = unfilter(inflateSync(Buffer.concat(parts)), height, width * channels, channels);
  const at = (x, y) => {
    const i = (y * width + x) * channels;
    const grey = channels < 3;
    return [data[i], data[grey ? i : i + 1], data[grey ? i : i + 2],
      channels % 2 ? 255 : data[i + channels - 1]];
  };
  return { width, height, at, data, channels };
}

/** The share (0…1) of pixels that differ visibly between two pictures, boxes left out. */
export function difference(one, two, { except = [], step = 2, by = 24 } = {}) {
  let [seen, changed] = [0, 0];
  const hidden = (x, y) => except.some(
    (b) => x >= b.x && x < b.x + b.width && y >= b.y && y < b.y + b.height,
  );
  for (let y = 0; y < Math.min(one.height, two.height); y += step) {
    for (let x = 0; x < Math.min(one.width, two.width); x += step) {
      if (hidden(x, y)) continue;
      seen += 1;
      const [a, b] = [one.at(x, y), two.at(x, y)];
      if (Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]) > by) changed += 1;
    }
  }
  return seen ? changed / seen : 0;
}

/** True when the whole picture has one colour, as an empty page has. */
export function isPlain(picture, step = 3) {
  const first = picture.at(0, 0);
  for (let y = 0; y < picture.height; y += step) {
    for (let x = 0; x < picture.width; x += step) {
      if (picture.at(x, y).some((v, i) => Math.abs(v - first[i]) > 3)) return false;
    }
  }
  return true;
}
