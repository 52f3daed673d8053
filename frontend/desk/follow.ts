// The desk follows its skill: a new revision replaces the parts of the page that have changed.
import { io } from "socket.io-client";
import { refreshParts } from "./refresh";

const SETTLE = 1_000; // ms: while three judges tap, the desk is drawn once a second at most
const ANYWAY = 15_000; // ms: last contact of tablets moves without a revision

export function follow(root: HTMLElement, drawn: () => void): void {
  const link = document.querySelector<HTMLElement>("#desk-link");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;

  const refresh = async (): Promise<void> => {
    timer = undefined;
    last = performance.now();
    await refreshParts(link, drawn);
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
