// The code of a work as it is scanned or typed. Labels hold "T17/K-073" (`judging/views/tablets.py`).

export interface Read {
  skill: string | null; // of the label; a typed code has none
  code: string;
}

/** What was scanned or typed: small letters and wide signs of a Chinese keyboard do no harm. */
export function read(text: string): Read {
  const plain = text.normalize("NFKC").trim().toUpperCase();
  const label = /^([A-Z0-9-]{1,12})\/([^\s/]{1,20})$/.exec(plain);
  return label ? { skill: label[1]!, code: label[2]! } : { skill: null, code: plain.slice(0, 40) };
}

export type Found = { open: string } | { wrong: string; why: "skill" | "unknown" | "other" };

/** Whether a code leads to a work: of this skill, on its list, and the one that is expected. Dashes
 * and spaces that somebody left out when typing are forgiven, other signs are not. */
export function find(
  text: string,
  skill: string,
  codes: readonly string[],
  expected: string | null,
): Found {
  const asked = read(text);
  if (asked.skill !== null && asked.skill !== skill.toUpperCase()) {
    return { wrong: `${asked.skill}/${asked.code}`, why: "skill" };
  }
  const bare = (code: string): string => code.toUpperCase().replace(/[\s-]/g, "");
  const same = codes.filter((code) => code.toUpperCase() === asked.code);
  const alike = same.length ? same : codes.filter((code) => bare(code) === bare(asked.code));
  const [code] = alike;
  if (code === undefined || alike.length > 1) return { wrong: asked.code, why: "unknown" };
  return expected !== null && code !== expected ? { wrong: code, why: "other" } : { open: code };
}
