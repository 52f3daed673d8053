// The command board follows all skills: it asks every few seconds, and at once when it is looked at.
import { refreshParts } from "../desk/refresh";
import "./command.css";

const EVERY = 5_000; // ms

const link = document.querySelector<HTMLElement>("#command-link");
let asking = false;

async function look(): Promise<void> {
  if (asking || document.visibilityState !== "visible") return;
  asking = true;
  await refreshParts(link, () => undefined);
  asking = false;
}

setInterval(() => void look(), EVERY);
document.addEventListener("visibilitychange", () => void look());
