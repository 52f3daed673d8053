// A picture that the server shows to judges only: by the sign-in where there is one; on a tablet of
// the hall, which has none, by the token.
import type { App } from "../app";
import { h, type VNode } from "../dom";
import * as store from "../store";

const fetched = new Map<string, Promise<string | null>>(); // address → one of this page

export function picture(app: App, url: string, alt: string, extra = "", lazy = false): VNode {
  const shown = { alt, ...(extra && { class: extra }), ...(lazy && { loading: "lazy" }) };
  if (!app.start.hall || !url.startsWith("/evidence/")) {
    return h("img", { ...shown, key: url, src: url });
  }
  return h("img", {
    ...shown,
    key: url,
    mount: (element) => {
      void load(app, url).then((found) => {
        if (found) (element as HTMLImageElement).src = found;
      });
    },
  });
}

/** The bytes of a piece of evidence as an address of this page; null when they cannot be had. */
export function load(app: App, url: string): Promise<string | null> {
  const key = `${app.owner} ${url}`;
  const known = fetched.get(key) ?? get(app, url);
  fetched.set(key, known);
  void known.then((found) => found ?? fetched.delete(key));
  return known;
}

async function get(app: App, url: string): Promise<string | null> {
  try {
    const token = await store.token(app.db, app.owner);
    const answer = await fetch(url, {
      headers: { Authorization: `Bearer ${token}` },
      credentials: "omit",
    });
    return answer.ok ? URL.createObjectURL(await answer.blob()) : null;
  } catch {
    return null;
  }
}
