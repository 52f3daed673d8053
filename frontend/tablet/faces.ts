// The photos on the judges' cards of a tablet of the hall: asked for once by its token, and kept on it
// for as long as they stand on a card.

const KEPT = "podium-faces";
const REST = 5_000; // ms until what could not be had is asked for again
const at = (name: string): string => `/tablet/api/hall/photos/${name}`;

export class Faces {
  private readonly urls = new Map<string, string>(); // the name of a photo → where it is shown from
  private wanted = "";
  private busy = false;
  private restsUntil = 0;

  constructor(private readonly redraw: () => void) {}

  of(name: string | null | undefined): string | null {
    return (name && this.urls.get(name)) || null;
  }

  /** These photos stand on cards now; all others go. What cannot be had comes with the next call. */
  async bring(names: readonly string[], token: string): Promise<void> {
    const rests = Date.now() < this.restsUntil;
    const missing = rests ? [] : names.filter((name) => !this.urls.has(name));
    const wanted = [...names].sort().join();
    if (this.busy || (wanted === this.wanted && !missing.length)) return;
    this.busy = true;
    try {
      const kept = await cache();
      if (wanted !== this.wanted) await this.forget(names, kept);
      this.wanted = wanted;
      for (const name of missing) await this.show(name, token, kept);
    } finally {
      this.busy = false;
    }
    if (missing.some((name) => this.urls.has(name))) this.redraw();
  }

  private async show(name: string, token: string, kept: Cache | null): Promise<void> {
    const photo = (await kept?.match(at(name))) ?? (await asked(name, token, kept));
    if (photo) this.urls.set(name, URL.createObjectURL(await photo.blob()));
    else this.restsUntil = Date.now() + REST;
  }

  /** Nothing of a photo stays, but of those that are named. */
  async forget(but: readonly string[] = [], kept?: Cache | null): Promise<void> {
    for (const [name, url] of this.urls) {
      if (but.includes(name)) continue;
      URL.revokeObjectURL(url);
      this.urls.delete(name);
    }
    const store = kept === undefined ? await cache() : kept;
    for (const one of (await store?.keys()) ?? []) {
      if (!but.some((name) => one.url.endsWith(at(name)))) await store?.delete(one);
    }
  }
}

/** Where photos outlive a reload without a network; a browser without HTTPS has none. */
async function cache(): Promise<Cache | null> {
  return "caches" in globalThis ? await caches.open(KEPT) : null;
}

async function asked(name: string, token: string, kept: Cache | null): Promise<Response | null> {
  try {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await fetch(at(name), { headers, credentials: "omit", cache: "no-store" });
    if (!answer.ok) return null;
    await kept?.put(at(name), answer.clone());
    return answer;
  } catch {
    return null; // no network
  }
}
