// The service worker of tablets and screens: a page that was opened once opens again without a
// network. It keeps the page and its parts. Marks never pass through it: they are the outbox's.

const FOLDER = new URL("./", location.href).pathname; // which it governs: /tablet/ or /screen/
const CACHE = `podium-${FOLDER.replaceAll("/", "")}`;
const PATIENCE = 5_000; // ms for the network when there is a kept page to show instead

interface Later extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Later {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Told extends Later {
  data: { keep?: string[] };
  ports: readonly MessagePort[];
}
interface Scope {
  addEventListener(type: "install" | "activate", run: (event: Later) => void): void;
  addEventListener(type: "fetch", run: (event: Asked) => void): void;
  addEventListener(type: "message", run: (event: Told) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
const worker = self as unknown as Scope;

worker.addEventListener("install", (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (event) => event.waitUntil(asked(event)));
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(part(event.request, url));
});

/** Keep what a page asks for, and tell it whether everything is kept. */
async function asked(event: Told): Promise<void> {
  const done = await keep(event.data.keep ?? []).catch(() => false);
  event.ports[0]?.postMessage(done);
}

/** Keep these, and let go of what an older page was made of; gives whether all of them are kept. */
async function keep(urls: string[]): Promise<boolean> {
  const cache = await caches.open(CACHE);
  const wanted = new Set(urls);
  for (const request of await cache.keys()) {
    const built = new URL(request.url).pathname.startsWith("/static/dist/");
    if (built && !wanted.has(request.url)) await cache.delete(request);
  }
  const done = await Promise.all(
    urls.map(async (url) => {
      if (await cache.match(url)) return true;
      const answer = await fetch(url, { credentials: "same-origin" });
      const good = answer.ok && !answer.redirected;
      if (good) await cache.put(url, answer);
      return good;
    }),
  );
  return done.every(Boolean);
}

/** The newest page while the network answers; the kept one when it does not. */
async function page(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await keptPage(cache, url);
  try {
    const answer = await (kept ? soon(fetch(request)) : fetch(request));
    if (answer.ok && !answer.redirected) await cache.put(url.origin + url.pathname, answer.clone());
    return answer.status >= 500 && kept ? kept : answer;
  } catch {
    return kept ?? Response.error();
  }
}

/** This page, or for the folder itself the page of the skill that was opened last. */
async function keptPage(cache: Cache, url: URL): Promise<Response | undefined> {
  const same = await cache.match(url.origin + url.pathname);
  if (same || url.pathname !== FOLDER) return same;
  const pages = (await cache.keys()).filter((one) =>
    new URL(one.url).pathname.startsWith(FOLDER),
  );
  const last = pages.at(-1);
  return last ? cache.match(last) : undefined;
}

/** Built files have their content in their name: what is kept is right. */
async function part(request: Request, url: URL): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept && url.pathname.startsWith("/static/dist/")) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

function soon(answer: Promise<Response>): Promise<Response> {
  const late = new Promise<never>((_, fail) => setTimeout(() => fail(new Error("late")), PATIENCE));
  return Promise.race([answer, late]);
}
