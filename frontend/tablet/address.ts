// What stands behind the # of the tablet's page: the work that is open, and its sub-criterion.

export interface Address {
  code: string | null;
  sub: number | null;
}

/** An address that nobody of us wrote, cut off or misspelt, is the list of works. */
export function read(hash: string): Address {
  try {
    const [code, sub] = hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
    const number = Number(sub || Number.NaN);
    return { code: code || null, sub: code && Number.isInteger(number) ? number : null };
  } catch {
    return { code: null, sub: null };
  }
}
