// Asks for the page once more and puts its parts in place of those that changed.
import htmx from "htmx.org";
import { inTime } from "../in_time";
import { untouched } from "../untouched";
import { language, words } from "../words";
import { replaceParts } from "./parts";

const T = words(
  {
    lost: "与服务器的连接中断，页面显示的可能不是最新情况；恢复后会自动更新。",
  },
  {
    lost: "The connection to the server is lost; the page may be out of date. It will catch up by itself.",
  },
);
/** What went wrong is said in `link`, and taken back as soon as the server answers again. */
export async function refreshParts(link: HTMLElement | null, drawn: () => void): Promise<void> {
  try {
    const answer = await inTime(location.href, { cache: "no-store" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    await new Promise<void>(untouched);
    for (const part of replaceParts(document, fresh)) htmx.process(part);
    drawn();
    if (link) link.hidden = true;
  } catch {
    if (link) {
      link.textContent = T[language()].lost;
      link.hidden = false;
    }
  }
}
