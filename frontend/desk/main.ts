// The chief judge's desk: parts that refresh when the skill moves, clocks, forms in a dialog.
import "../htmx/main";
import "./desk.css";
import "./forms.css";
import "./provenance.css";
import "./rejudging.css";
import "./signoff.css";
import "./tablets.css";
import "../people/release.css";
import "./panel.css";
import "../board/award.css";
import { ServerTime } from "../clock";
import { drawClocks } from "./clocks";
import { openAsks } from "./ask";
import { follow } from "./follow";
import { readOutbox } from "./outbox";

const root = document.querySelector<HTMLElement>("[data-desk]");
const time = new ServerTime();

drawClocks(document, time.now());
void time.ask().then(() => drawClocks(document, time.now()));
setInterval(() => drawClocks(document, time.now()), 250);
setInterval(() => void time.ask(), 60_000);

openAsks(() => drawClocks(document, time.now()));
if (root) follow(root, () => drawClocks(document, time.now()));

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

const reader = document.querySelector<HTMLElement>("[data-reader]");
if (reader) readOutbox(reader);
