/** Waiting that ends: what does not come in time is given up. */

export class Late extends Error {}

export function within(ms, promise) {
  let timer;
  const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Late()), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
