// The tablet's questions to the server, asked with its device token only.
import { inTime } from "../in_time";
import type { Shown, SignOff } from "./signing";
import type {
  AllProgress,
  Answer,
  Call,
  Card,
  Judge,
  Pack,
  Post,
  Present,
  Sentence,
  Skill,
  Work,
} from "./types";

/** What became of a question. `same`: nothing new. `offline` is also a server that fails. */
export type Reply<T> =
  | { kind: "ok"; body: T; etag: string | null }
  | { kind: "same" }
  | { kind: "offline" }
  | { kind: "unpaired"; sentence: Sentence }
  | { kind: "refused"; status: number; sentence: Sentence };

const UNREADABLE: Sentence = {
  zh: "服务器没有给出可读的回答。",
  en: "The server gave no readable answer.",
};

async function ask<T>(path: string, init: RequestInit, busy = [429]): Promise<Reply<T>> {
  try {
    const answer = await inTime(path, { ...init, cache: "no-store" });
    if (answer.status === 304) return { kind: "same" };
    if (answer.ok) {
      return { kind: "ok", body: (await answer.json()) as T, etag: answer.headers.get("ETag") };
    }
    if (answer.status >= 500 || busy.includes(answer.status)) return { kind: "offline" };
    const body = (await answer.json().catch(() => ({}))) as { error?: Sentence };
    const sentence = body.error ?? UNREADABLE;
    if (answer.status === 401) return { kind: "unpaired", sentence };
    return { kind: "refused", status: answer.status, sentence };
  } catch {
    return { kind: "offline" };
  }
}

function headers(token: string, etag: string | null = null): Record<string, string> {
  const out: Record<string, string> = { Authorization: `Bearer ${token}` };
  if (etag) out["If-None-Match"] = etag;
  return out;
}

const read =
  <T>(path: (code: string) => string) =>
  (token: string, etag: string | null, code = ""): Promise<Reply<T>> =>
    ask<T>(path(code), { headers: headers(token, etag), credentials: "omit" });

export const pack = read<Pack>(() => "/tablet/api/pack");
export const progress = read<AllProgress>(() => "/tablet/api/progress");
export const work = read<Work>((code) => `/tablet/api/sheets/${encodeURIComponent(code)}`);

export function send(
  token: string,
  posts: Post[],
  waiting: number,
  version = "",
): Promise<Reply<{ answers: Answer[] }>> {
  return ask("/tablet/api/marks", {
    method: "POST",
    headers: { ...headers(token), "Content-Type": "application/json" },
    body: JSON.stringify({ waiting, posts, ...(version && { version }) }),
    credentials: "omit",
    keepalive: posts.length < 40, // goes out even while the page is being closed
  });
}

const post = <T>(path: string, token: string, body: object, busy?: number[]): Promise<Reply<T>> =>
  ask<T>(
    path,
    {
      method: "POST",
      headers: { ...(token && headers(token)), "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
    },
    busy,
  );

export interface HallTold {
  number: number;
  skill: Skill;
  judges: Card[];
  lock_minutes: number;
}

/** Pair this tablet of the hall with a code; "too many tries" is an answer here, not a bad network. */
export const pairHall = (
  code: string,
  device: string,
): Promise<Reply<{ token: string; number: number; skill: Skill }>> =>
  post("/tablet/api/hall/pair", "", { code, device }, []);

export const here = (token: string, waiting: number, version: string): Promise<Reply<HallTold>> =>
  post("/tablet/api/hall/here", token, { waiting, version });

export const unlock = (
  token: string,
  judge: number,
  pin: string,
  held: string,
): Promise<Reply<{ token: string | null; judge: Judge }>> =>
  post("/tablet/api/hall/unlock", token, { judge, pin, held }, []);

/** Sign-off on a tablet of the hall (`signing.ts`): where it stands, with the sheets of `sub`. */
export const signOffState = (token: string, sub: number | null): Promise<Reply<SignOff>> =>
  ask(`/tablet/api/hall/sign-off${sub === null ? "" : `?sub=${sub}`}`, {
    headers: headers(token),
    credentials: "omit",
  });

export const lookToSign = (token: string, body: object): Promise<Reply<{ sheets: Shown[] }>> =>
  post("/tablet/api/hall/sign-off/look", token, body, []);

export const signOff = (token: string, body: object): Promise<Reply<{ count: number }>> =>
  post("/tablet/api/hall/sign-off/sign", token, body, []);

type Taken = { state: string; sentence: Sentence | null };
const callsOf = (hall: boolean): string => `/tablet/api/${hall ? "hall/" : ""}calls`;

export const call = (token: string, hall: boolean, body: object): Promise<Reply<Taken>> =>
  post(callsOf(hall), token, body);

export const calls = (token: string, hall: boolean): Promise<Reply<{ calls: Call[] }>> =>
  ask(callsOf(hall), { headers: headers(token), credentials: "omit" });

/** Tell which sheet is open here (an empty code: none); learn who else marks it. */
export const opened = (
  token: string,
  code: string,
  sub: number,
  way: string,
): Promise<Reply<Present>> => post("/tablet/api/open", token, { code, sub, way });

export function remark(token: string, body: object, photo?: Blob): Promise<Reply<Taken>> {
  const form = new FormData();
  form.set("remark", JSON.stringify(body));
  if (photo) form.set("photo", photo, "photo.jpg");
  const init = { method: "POST", headers: headers(token), body: form };
  return ask("/tablet/api/remarks", { ...init, credentials: "omit" });
}

/** Pair this browser with whoever is signed in; the session and the page's token prove it. */
export function pair(skill: string): Promise<Reply<{ token: string; judge: Judge }>> {
  const csrf = document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
  return ask("/tablet/pair", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ skill }),
  });
}
