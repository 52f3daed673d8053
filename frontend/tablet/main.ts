// The judge's tablet: opens what is kept here, draws, and keeps in step with the server.
import { language } from "../words";
import { App, type Start } from "./app";
import "./css/frame.css";
import "./css/list.css";
import "./css/rows.css";
import "./css/evidence.css";
import "./css/votes.css";
import "./css/dialogs.css";
import { draw, h } from "./dom";
import { register } from "./offline";
import { putShapes } from "./shapes";
import * as store from "./store";
import { Sync } from "./sync";
import { dialog } from "./views/dialogs";
import { banners, bar, foot } from "./views/frame";
import { list } from "./views/list";
import { sheet } from "./views/sheet";

async function run(root: HTMLElement): Promise<void> {
  const start = JSON.parse(document.getElementById("tablet-data")?.textContent ?? "{}") as Start;
  root.replaceChildren();
  putShapes();
  let due = false;
  const app = new App(await store.open(), start, language(), () => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      const { code } = app.route;
      draw(root, [
        h("div", { class: "t-top", key: "top" }, bar(app), banners(app)),
        code ? sheet(app, code) : list(app),
        foot(app),
        dialog(app),
      ]);
    });
  });
  setInterval(() => app.changed(), 1_000); // the clock
  register();
  await new Sync(app).begin();
}

const root = document.getElementById("tablet");
if (root) void run(root);
