// The tablet's page as its service worker keeps it.
import type { Language } from "../words";

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
