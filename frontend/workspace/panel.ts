// The panel of handing in: drop or choose a zip (or a source), see it go, read what became of it.

import { timeOfDay } from "./face";
import { megabytes } from "./list";
import { make, need, notice, place, put } from "./page";
import { handIn, type Step, type Wires } from "./upload";
import type { Words } from "./words";

export interface Panel {
  w: Words;
  lang: "zh" | "en";
  shapes: string;
  mostBytes: number;
  /** Endings of single sources that a task takes as they are; a zip it always takes. */
  endings: string[];
  wires: Wires;
  /** Something was taken: ask for the new list. */
  taken: () => void;
}

/** Why a file is not even sent; null when it may go. */
export async function objection(
  files: File[],
  most: number,
  w: Words,
  endings: string[] = [],
): Promise<string | null> {
  const [file] = files;
  if (!file || files.length > 1) return w.one_file;
  if (file.size > most) {
    const tenths = Math.ceil(file.size / 100_000) / 10;
    return w.too_large(tenths.toFixed(1), String(most / 1_000_000));
  }
  try {
    const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
    if (head[0] === 0x50 && head[1] === 0x4b) return null; // every zip begins with PK
    const name = file.name.toLowerCase();
    if (endings.some((ending) => name.endsWith(ending))) return null;
    return endings.length ? w.no_source(endings.join(" ")) : w.no_zip;
  } catch {
    return w.unreadable;
  }
}

export function openPanel(panel: Panel): void {
  const input = need<HTMLInputElement>("#file");
  const drop = need<HTMLElement>('[data-show="drop"]');
  const box = need<HTMLElement>("#hand-in");
  let running: AbortController | null = null;

  const take = async (files: File[]): Promise<void> => {
    if (running) return say(panel, "warning", panel.w.busy);
    place("upload-said")?.replaceChildren();
    const why = await objection(files, panel.mostBytes, panel.w, panel.endings);
    const [file] = files;
    if (why || !file) return say(panel, "refusal", why ?? panel.w.one_file);
    running = new AbortController();
    show(true, file);
    await handIn(file, panel.wires, (step) => draw(panel, step), running.signal);
    running = null;
    show(false);
  };

  input.addEventListener("change", () => {
    void take([...(input.files ?? [])]);
    input.value = "";
  });
  need('[data-show="cancel"]').addEventListener("click", () => running?.abort());
  window.addEventListener("beforeunload", (event) => {
    if (running) event.preventDefault();
  });

  // A file dropped beside the field must not replace the page.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (e) => e.preventDefault());
  window.addEventListener("dragover", () => box.classList.add("work-dragging"));
  window.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) box.classList.remove("work-dragging");
  });
  window.addEventListener("drop", (event) => {
    box.classList.remove("work-dragging");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length) void take(files);
  });

  function show(sending: boolean, file?: File): void {
    drop.hidden = sending;
    need<HTMLElement>('[data-show="sending"]').hidden = !sending;
    if (!file) return;
    put("sending-name", file.name);
    put("sending-size", megabytes(file.size));
    put("sending-announced", "");
  }
}

function say({ shapes }: Panel, kind: string, ...inside: (Node | string)[]): void {
  place("upload-said")?.replaceChildren(notice(shapes, kind, ...inside));
}

function bar(word: string, share: number | null): void {
  put("sending-word", word);
  put("sending-share", share === null ? "" : `${Math.floor(share * 100)} %`);
  const progress = place("sending-bar") as HTMLProgressElement | null;
  if (!progress) return;
  if (share === null) progress.removeAttribute("value");
  else progress.value = share * 1000;
}

function draw(panel: Panel, step: Step): void {
  const { w, lang } = panel;
  switch (step.kind) {
    case "hashing":
    case "sending":
      return bar(w[step.kind], step.share);
    case "announcing":
    case "storing":
    case "offline":
      return bar(w[step.kind], null);
    case "announced":
      return put("sending-announced", w.announced(timeOfDay(step.at)));
    case "taken":
      return drawTaken(panel, step.taken);
    case "refused":
      return say(panel, "refusal", step.sentence ? step.sentence[lang] : w.went_wrong);
    case "cancelled":
      return say(panel, "info", w.cancelled);
    case "unreadable":
    case "signed_out":
      return say(panel, "refusal", w[step.kind]);
  }
}

function drawTaken(
  panel: Panel,
  taken: { number: number; receipt: string; late: boolean; url: string },
): void {
  const { w } = panel;
  const link = make("a", "link-plain whitespace-nowrap", `${w.receipt} ${taken.receipt}`);
  link.href = taken.url;
  const sentence = taken.late ? w.taken_late : w.taken;
  say(panel, taken.late ? "warning" : "success", `${sentence(taken.number)} `, link);
  panel.taken();
}
