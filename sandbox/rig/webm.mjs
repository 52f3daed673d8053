/** The smallest WebM file that can be wound: one VP8 track, a cluster and a cue per key frame. */

const bytes = (...values) => Buffer.from(values);

/** An element: its id, the length of its contents in eight bytes, its contents. */
function element(id, ...contents) {
  const body = Buffer.concat(contents);
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(body.length) | (1n << 56n));
  return Buffer.concat([Buffer.from(id, 'hex'), length, body]);
}

function number(id, value) {
  const body = Buffer.alloc(4); // always four bytes, so that cues have a known length beforehand
  body.writeUInt32BE(value);
  return element(id, body);
}

function real(id, value) {
  const body = Buffer.alloc(8);
  body.writeDoubleBE(value);
  return element(id, body);
}

const text = (id, value) => element(id, Buffer.from(value, 'ascii'));

/** Chunks are { at (ms), key, data }, in order; the first one is a key frame. */
export function webm({ width, height, duration, chunks }) {
  const head = element(
    '1a45dfa3',
    number('4286', 1), number('42f7', 1), number('42f2', 4), number('42f3', 8),
    text('4282', 'webm'), number('4287', 4), number('4285', 2),
  );
  const info = element(
    '1549a966', number('2ad7b1', 1_000_000), real('4489', duration),
    text('4d80', 'podium'), text('5741', 'podium'),
  );
  const tracks = element('1654ae6b', element(
    'ae', number('d7', 1), number('73c5', 1), number('83', 1), text('86', 'V_VP8'),
    element('e0', number('b0', width), number('ba', height)),
  ));
  const groups = [];
  for (const chunk of chunks) {
    if (chunk.key) groups.push([]);
    groups.at(-1).push(chunk);
  }
  const clusters = groups.map((group) => element(
    '1f43b675', number('e7', group[0].at), ...group.map((chunk) => block(chunk, group[0].at)),
  ));
  const cuesAt = (begin) => {
    let place = begin;
    return element('1c53bb6b', ...groups.map((group, n) => {
      const position = place;
      place += clusters[n].length;
      return element('bb', number('b3', group[0].at), element('b7', number('f7', 1), number('f1', position)));
    }));
  };
  const begin = info.length + tracks.length + cuesAt(0).length;
  return Buffer.concat([head, element('18538067', info, tracks, cuesAt(begin), ...clusters)]);
}

function block({ at, key, data }, from) {
  const head = bytes(0x81, 0, 0, key ? 0x80 : 0);
  head.writeInt16BE(at - from, 1);
  return element('a3', head, data);
}
