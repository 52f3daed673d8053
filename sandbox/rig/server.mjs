/** Serves the handed-in site on 127.0.0.1: plain files only, nothing from outside the folder. */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';

const TYPES = {
  html: 'text/html; charset=utf-8', htm: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8', json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8', txt: 'text/plain; charset=utf-8',
  md: 'text/markdown; charset=utf-8', xml: 'application/xml; charset=utf-8',
  webmanifest: 'application/manifest+json', wasm: 'application/wasm',
  svg: 'image/svg+xml', png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg',
  gif: 'image/gif', webp: 'image/webp', avif: 'image/avif', ico: 'image/x-icon',
  woff: 'font/woff', woff2: 'font/woff2', ttf: 'font/ttf', otf: 'font/otf',
  mp3: 'audio/mpeg', ogg: 'audio/ogg', oga: 'audio/ogg', wav: 'audio/wav', m4a: 'audio/mp4',
  mp4: 'video/mp4', webm: 'video/webm', glb: 'model/gltf-binary',
};

/** The regular file that a request path names inside the root, or null. */
async function fileFor(root, url) {
  let name;
  try {
    name = decodeURIComponent(url.split(/[?#]/, 1)[0]);
  } catch {
    return null; // a malformed escape names no file
  }
  if (name.includes('\0') || name.includes('\\')) return null;
  if (name.endsWith('/')) name += 'index.html';
  try {
    const found = await realpath(path.join(root, path.posix.normalize(name)));
    if (!found.startsWith(root + path.sep)) return null; // a link that leads out
    const facts = await stat(found);
    if (facts.isDirectory()) { // "about" is asked for, "about/" is meant
      return (await stat(path.join(found, 'index.html'))).isFile() ? { folder: true } : null;
    }
    return facts.isFile() ? { found, size: facts.size } : null;
  } catch {
    return null;
  }
}

/** One byte range (`bytes=a-b`), as browsers ask for sound and film; null: the whole file. */
function rangeOf(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (!match[1] && !match[2]) || size === 0) return null;
  const first = match[1] ? Number(match[1]) : Math.max(0, size - Number(match[2]));
  const last = match[1] && match[2] ? Math.min(Number(match[2]), size - 1) : size - 1;
  return first <= last ? { first, last } : null;
}

function notFound(response) {
  const page = '<!doctype html><html lang="en"><meta charset="utf-8"><title>404</title>'
    + '<h1>404</h1><p>没有这个文件。There is no such file.</p></html>';
  response.writeHead(404, { 'content-type': TYPES.html, 'x-podium-rig': '404' });
  response.end(page);
}

async function answer(root, request, response) {
  const file = ['GET', 'HEAD'].includes(request.method) && await fileFor(root, request.url);
  if (!file && request.url === '/favicon.ico') return response.writeHead(204).end(); // nobody's fault
  if (!file) return notFound(response);
  if (file.folder) {
    const [where, search] = request.url.split(/(?=\?)/, 2);
    response.writeHead(301, { location: `${path.posix.normalize(where)}/${search ?? ''}` });
    return response.end();
  }
  const range = rangeOf(request.headers.range, file.size);
  const headers = {
    'content-type': TYPES[path.extname(file.found).slice(1).toLowerCase()]
      ?? 'application/octet-stream',
    'content-length': range ? range.last - range.first + 1 : file.size,
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  };
  if (range) headers['content-range'] = `bytes ${range.first}-${range.last}/${file.size}`;
  response.writeHead(range ? 206 : 200, headers);
  if (request.method === 'HEAD') return response.end();
  const bytes = createReadStream(file.found, range ? { start: range.first, end: range.last } : {});
  return bytes.on('error', () => response.destroy()).pipe(response);
}

/** A server for this folder; resolves to `{ origin, close }` once it listens. */
export async function serve(folder, port = 0) {
  const root = await realpath(folder);
  const server = http.createServer((request, response) => {
    answer(root, request, response).catch(() => response.destroy());
  });
  await new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  const close = () => new Promise((done) => {
    server.closeAllConnections();
    server.close(done);
  });
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}
