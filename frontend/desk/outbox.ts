// Unsent marks read from a tablet's screen: its row of QR codes, put together and handed in as the file
// that it would have saved.
import { Frames } from "../frames";
import { Scanner } from "../scanner";
import { language, words } from "../words";

const TEXT = words(
  {
    read: "用相机读取",
    stop: "停止",
    looking: "正在找二维码…",
    some: (have: number, of: number) => `已读 ${have} / ${of} 个`,
    whole: "已读完，正在交入…",
    broken: "读到的内容不完整，没有交入。请继续对准平板屏幕，正在重新读取。",
    insecure: "此页面没有通过 HTTPS 打开，不能使用相机。请用文件交入。",
    none: "没有可用的相机。请用文件交入。",
    denied: "没有使用相机的许可。请在浏览器中允许，或用文件交入。",
  },
  {
    read: "Read with the camera",
    stop: "Stop",
    looking: "Looking for a code…",
    some: (have, of) => `Codes read: ${have} of ${of}`,
    whole: "All are read; handing them in…",
    broken: "What was read is not whole and was not handed in. Keep the camera before the tablet; it is read again.",
    insecure: "This page did not come over HTTPS, so the camera cannot be used. Hand in a file.",
    none: "There is no camera. Hand in a file.",
    denied: "The camera is not allowed. Allow it in the browser, or hand in a file.",
  },
);

/** The section of the page with the camera; its form is the one that takes the file. */
export function readOutbox(section: HTMLElement): void {
  const text = TEXT[language()];
  const video = section.querySelector("video")!;
  const bar = section.querySelector("progress")!;
  const said = section.querySelector<HTMLElement>("[data-said]")!;
  const button = section.querySelector<HTMLButtonElement>("[data-read]")!;
  const form = document.querySelector<HTMLFormElement>("form:has(#file)")!;
  let scanner: Scanner | null = null;
  section.hidden = false;

  const stop = (): void => {
    scanner?.stop();
    scanner = null;
    video.hidden = bar.hidden = true;
    button.textContent = text.read;
  };

  const start = async (): Promise<void> => {
    const read = new Frames();
    const take = (code: string): void => {
      const now = read.take(code);
      if (now === "none" || now === "known") return;
      bar.value = read.have;
      bar.max = read.of;
      said.textContent = now === "broken" ? text.broken : text.some(read.have, read.of);
      if (now !== "whole") return;
      stop();
      said.textContent = text.whole;
      button.disabled = true;
      handIn(form, read.text);
    };
    video.hidden = bar.hidden = false;
    bar.value = 0;
    said.textContent = text.looking;
    button.textContent = text.stop;
    scanner = new Scanner(video, take);
    const no = await scanner.start();
    if (!no) return;
    stop();
    said.textContent = text[no];
  };

  button.addEventListener("click", () => {
    if (!scanner) return void start();
    stop();
    said.textContent = "";
  });
}

function handIn(form: HTMLFormElement, content: string): void {
  const held = new DataTransfer();
  held.items.add(new File([content], "screen.json", { type: "application/json" }));
  form.querySelector<HTMLInputElement>("#file")!.files = held.files;
  form.requestSubmit();
}
