/**
 * A short film of a check, on the page's own clock: what a person would have seen at normal speed.
 *
 * Chromium tells of each picture it shows (DevTools screencast); films.mjs encodes them later. A
 * check lets five seconds of game pass in one; the film stretches the pictures of that second over
 * the five, and shortens the waits in which the page's clock stood still.
 */
const LONGEST = 20_000; // ms of film; a longer check is shown faster, and the film says so
const APART = 110; // ms of film between two pictures: nine a second
const PAUSE = 150; // ms; while the page's clock stands still no more of it is shown
const MOST_FRAMES = 400;
// With the line below it a film stays under 640×480: from there on Chromium's encoder takes two threads
// that wait for each other by spinning, which on a busy machine takes seconds (measured: ten times as long).
const PICTURE = { format: 'jpeg', quality: 50, maxWidth: 608, maxHeight: 456, everyNthFrame: 1 };

export class Film {
  #frames = []; // { at: real ms, jpeg: base64 }
  #runs = []; // { from, to: real ms, ms: of the page's time }
  #begun = performance.now();
  #line = null;

  /** Begins to listen; a film that cannot be made is no reason for a check to fail. */
  static async begin(context, page) {
    const film = new Film();
    film.#line = await context.newCDPSession(page);
    film.#line.on('Page.screencastFrame', ({ data, sessionId }) => {
      film.#frame(data);
      const seen = () => film.#line?.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
      setTimeout(seen, 100); // Chromium waits for this before it shows the next
    });
    await film.#line.send('Page.startScreencast', PICTURE);
    return film;
  }

  #frame(jpeg) {
    this.#frames.push({ at: performance.now() - this.#begun, jpeg });
    if (this.#frames.length > MOST_FRAMES) this.#frames = this.#frames.filter((_, n) => n % 2 === 0);
  }

  /** The page's clock went on by `ms` since the real moment `from`. */
  ran(from, ms) {
    this.#runs.push({ from: from - this.#begun, to: performance.now() - this.#begun, ms });
  }

  /** Stops; what is to be shown, { shots: [{ at, jpeg }], length, speed }, or null for nothing. */
  async end() {
    const end = performance.now() - this.#begun;
    const line = this.#line;
    this.#line = null;
    await Promise.race([
      line.send('Page.stopScreencast').catch(() => {}), // a page that hangs never answers
      new Promise((done) => { setTimeout(done, 300); }),
    ]);
    const cut = this.#cut(end);
    this.#frames = [];
    return cut.shots.length ? cut : null;
  }

  /** Pictures at their moments of film time, not more than can be told apart. */
  #cut(end) {
    const timeOf = filmTime(this.#runs, end);
    const whole = timeOf(end);
    const speed = Math.max(1, whole / LONGEST);
    const shots = [];
    for (const { at, jpeg } of this.#frames) {
      const moment = Math.round(timeOf(at) / speed);
      if (shots.length && moment - shots.at(-1).at < APART) {
        shots.at(-1).jpeg = jpeg; // the newer one shows how that moment ended
      } else {
        shots.push({ at: moment, jpeg });
      }
    }
    return { shots, length: Math.round(whole / speed), speed };
  }
}

/** Real time → film time: runs take the page's time, what lies between them at most a pause. */
export function filmTime(runs, end) {
  const knots = [{ real: 0, film: 0 }];
  const gap = (real) => {
    const last = knots.at(-1);
    if (real > last.real) knots.push({ real, film: last.film + Math.min(real - last.real, PAUSE) });
  };
  for (const { from, to, ms } of runs) {
    gap(from);
    knots.push({ real: Math.max(to, knots.at(-1).real), film: knots.at(-1).film + ms });
  }
  gap(end);
  return (real) => {
    const after = knots.findIndex((knot) => knot.real >= real);
    if (after < 0) return knots.at(-1).film;
    if (after === 0) return knots[0].film;
    const [a, b] = [knots[after - 1], knots[after]];
    return a.film + ((real - a.real) / (b.real - a.real || 1)) * (b.film - a.film);
  };
}
