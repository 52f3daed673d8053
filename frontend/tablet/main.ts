// The judge's tablet: opens what is kept here, draws, and keeps in step with the server.
import { language } from "../words";
import { anchored } from "./anchored";
import { App, type Start } from "./app";
import "./css/frame.css";
import "./css/foot.css";
import "./css/list.css";
import "./css/rows.css";
import "./css/evidence.css";
import "./css/votes.css";
import "./css/dialogs.css";
import "./css/hall.css";
import "./css/signing.css";
import "./css/comfort.css";
import "./css/matrix.css";
import { draw, h, type Kid } from "./dom";
import { listen } from "./install";
import { Hall, type HallStart } from "./hall";
import { register } from "../offline";
import { putShapes } from "./shapes";
import { chosen } from "./spoken";
import { prepare } from "../scanner";
import { untouched } from "../untouched";
import * as store from "./store";
import { Sync } from "./sync";
import { dialog } from "./views/dialogs";
import { banners, bar, foot } from "./views/frame";
import { locked } from "./views/hall";
import { list } from "./views/list";
import { presence } from "./views/presence";
import { sheet } from "./views/sheet";

/** Draws at most once in a turn, never under a finger, and once a second for the clock. */
function drawing(root: HTMLElement, tree: () => Kid[]): () => void {
  const drawn = (): void => anchored(root, () => draw(root, tree()));
  let due = false;
  const redraw = (): void => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      untouched(drawn);
    });
  };
  setInterval(redraw, 1_000);
  listen(redraw);
  return redraw;
}

function marking(app: App, hall: Hall | null): Kid[] {
  const { code } = app.route;
  return [
    h("div", { class: "t-top", key: "top" }, bar(app, hall), banners(app), code && presence(app)),
    code ? sheet(app, code) : list(app),
    foot(app),
    dialog(app),
  ];
}

async function runOwn(root: HTMLElement, start: Start): Promise<void> {
  const app: App = new App(await store.open(), start, language(), () => redraw());
  const redraw = drawing(root, () => marking(app, null));
  await new Sync(app).begin();
}

async function runHall(root: HTMLElement, start: HallStart): Promise<void> {
  const spoke = chosen("hall") ?? language();
  const hall: Hall = new Hall(await store.open(), start, spoke, () => redraw());
  const redraw = drawing(root, () => (hall.app ? marking(hall.app, hall) : [locked(hall)]));
  await hall.begin();
}

const root = document.getElementById("tablet");
if (root) {
  const start = JSON.parse(document.getElementById("tablet-data")?.textContent ?? "{}") as
    | Start
    | HallStart;
  root.replaceChildren();
  putShapes();
  register("/tablet/");
  prepare();
  void ("judge" in start ? runOwn(root, start) : runHall(root, start));
}
