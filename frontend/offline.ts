// Asks the service worker to keep the page and everything it is made of (page_worker/main.ts).

const FIRST = 1_500; // ms after the page is up: fonts arrive late
const AGAIN = 10_000; // ms until it is asked once more, while it has not said that everything is kept

let kept = false;

/** Whether the page opens again without a network: "never" on plain HTTP, "later" until every part of
 *  it is kept. */
export function opensAgain(): "yes" | "later" | "never" {
  if (!("serviceWorker" in navigator)) return "never";
  return kept ? "yes" : "later";
}

/** For the pages of a folder. Works on localhost and over HTTPS; elsewhere the open page still works
 *  on, but cannot reload. */
export function register(folder: "/tablet/" | "/screen/"): void {
  if (!("serviceWorker" in navigator)) return;
  void navigator.serviceWorker
    .register(`${folder}worker.js`, { scope: folder })
    .catch(() => undefined);
  void navigator.serviceWorker.ready.then((registration) => {
    // The network may be lost at any moment, and a worker be stopped: asked until it is done.
    const ask = (): void => {
      if (kept) return;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<boolean>) => {
        kept ||= data;
        port1.close();
      };
      registration.active?.postMessage({ keep: parts() }, [port2]);
      setTimeout(ask, AGAIN);
    };
    setTimeout(ask, FIRST);
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
