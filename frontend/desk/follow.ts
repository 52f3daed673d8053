// The desk follows its skill: a new revision replaces the parts of the page that have changed.
import htmx from "htmx.org";
import { io } from "socket.io-client";
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
const SETTLE = 1_000; // ms: while three judges tap, the desk is drawn once a second at most
const ANYWAY = 15_000; // ms: last contact of tablets moves without a revision

export function follow(root: HTMLElement, drawn: () => void): void {
  const link = document.querySelector<HTMLElement>("#desk-link");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;

  const refresh = async (): Promise<void> => {
    timer = undefined;
    last = performance.now();
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of replaceParts(document, fresh)) htmx.process(part);
      drawn();
      if (link) link.hidden = true;
    } catch {
      if (link) {
        link.textContent = T[language()].lost;
        link.hidden = false;
      }
    }
  };
  const soon = (): void => {
    timer ??= setTimeout(() => void refresh(), Math.max(0, last + SETTLE - performance.now()));
  };

  const socket = io({ transports: ["websocket"], reconnectionDelayMax: 10_000 });
  socket.on("connect", () => socket.emit("follow", { skill: root.dataset["desk"] }));
  socket.on("revision", soon);
  setInterval(() => {
    if (document.visibilityState === "visible") soon();
  }, ANYWAY);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") soon();
  });
}
