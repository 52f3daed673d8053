// Asks the service worker to keep the page and everything it is made of (page_worker/main.ts).

/** For the pages of a folder. Works on localhost and over HTTPS; elsewhere the open page still works
 *  on, but cannot reload. */
export function register(folder: "/tablet/" | "/screen/"): void {
  if (!("serviceWorker" in navigator)) return;
  void navigator.serviceWorker
    .register(`${folder}worker.js`, { scope: folder })
    .catch(() => undefined);
  void navigator.serviceWorker.ready.then((registration) => {
    // Fonts arrive late; a moment after the page is up the list is complete.
    setTimeout(() => registration.active?.postMessage({ keep: parts() }), 1_500);
  });
}

function parts(): string[] {
  const links = [...document.querySelectorAll<HTMLLinkElement>("link[href]")].map(
    (one) => one.href,
  );
  const scripts = [...document.scripts].map((one) => one.src);
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  const all = [...links, ...scripts, ...loaded];
  const own = all.filter((url) => url.startsWith(`${location.origin}/static/`));
  return [...new Set([...own, location.origin + location.pathname])];
}
