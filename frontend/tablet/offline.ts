// Asks the service worker to keep the page and everything it is made of.
import type { Language } from "../words";

/** Works on localhost and over HTTPS; elsewhere the open page still works on, but cannot reload. */
export function register(): void {
  if (!("serviceWorker" in navigator)) return;
  void navigator.serviceWorker
    .register("/tablet/worker.js", { scope: "/tablet/" })
    .catch(() => undefined);
  void navigator.serviceWorker.ready.then((registration) => {
    // Fonts arrive late; a moment after the page is up the list is complete.
    setTimeout(() => registration.active?.postMessage({ keep: parts() }), 1_500);
  });
}

/** Keep the page anew, as the server gives it now. False when it cannot be had in `language`. */
export async function renewPage(language: Language): Promise<boolean> {
  const address = location.origin + location.pathname;
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) return false;
  const found = /<html[^>]* lang="([a-z]+)/.exec(await answer.clone().text());
  if (found?.[1] !== language) return false;
  if ("caches" in window) await (await caches.open("podium-tablet")).put(address, answer);
  return true;
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
