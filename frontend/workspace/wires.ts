// The outside of a hand-in in a real browser: fetch, and XHR for the progress of an upload.

import type { Hasher } from "./hasher";
import type { Announcement, Answer, Wires } from "./upload";

export interface Addresses {
  announce_url: string;
  bytes_url: string;
}

function token(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

export function browserWires(at: Addresses, hasher: Hasher): Wires {
  const hash: Wires["hash"] = (file, share, signal) => hasher.hash(file, share, signal);
  return { hash, announce: announcer(at.announce_url), send: sender(at.bytes_url), wait, key };
}

function announcer(url: string) {
  return async (said: Announcement, signal: AbortSignal): Promise<Answer> => {
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify(said),
        signal,
      });
      return { status: answer.status, body: await answer.json().catch(() => null) };
    } catch {
      return { status: 0, body: null };
    }
  };
}

function sender(url: string) {
  return (
    key: string,
    file: Blob,
    share: (done: number) => void,
    signal: AbortSignal,
  ): Promise<Answer> =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const unanswered = (): void => resolve({ status: 0, body: null });
      request.open("PUT", url.replace("KEY", key));
      request.setRequestHeader("Content-Type", "application/zip");
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", token());
      request.responseType = "json";
      request.upload.onprogress = (e) => share(e.total ? e.loaded / e.total : 0);
      request.onload = () => resolve({ status: request.status, body: request.response });
      request.onerror = request.onabort = unanswered;
      signal.addEventListener("abort", () => request.abort());
      request.send(file);
    });
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const now = (): void => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener("abort", now, { once: true });
    window.addEventListener("online", now, { once: true });
  });
}

/** Random, also over plain HTTP, where randomUUID is missing. */
function key(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
