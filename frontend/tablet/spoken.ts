// The language a judge chose on this tablet. It stays here until the server has it and the page that
// is kept for offline use says so too: a reload in between, or without a network, keeps the choice.
import type { Language } from "../words";
import { renewPage } from "./offline";

const key = (owner: string): string => `podium-language|${owner}`;

/** What was chosen here and is not yet known to the server; null when nothing is. */
export function chosen(owner: string): Language | null {
  const found = localStorage.getItem(key(owner));
  return found === "zh" || found === "en" ? found : null;
}

export function choose(owner: string, language: Language): void {
  try {
    localStorage.setItem(key(owner), language);
  } catch {
    // A full or forbidden storage: the choice lasts as long as this page.
  }
}

/** Tell the server, and let go of the choice once the page comes back in it. Asked again at the next
 * start and when the network is back. */
export async function tell(owner: string, urls: Record<Language, string>): Promise<void> {
  const language = chosen(owner);
  if (!language) return;
  try {
    const answer = await fetch(urls[language], { redirect: "manual" });
    const had = answer.ok || answer.type === "opaqueredirect";
    if (!had || !(await renewPage(language))) return;
  } catch {
    return;
  }
  if (chosen(owner) === language) localStorage.removeItem(key(owner));
}
