// The two languages of a page's script: one typed table per folder.

export type Language = "zh" | "en";

type Entry = string | ((...values: never[]) => string);

/** A table of words; a key that one language lacks does not compile. */
export function words<T extends Record<string, Entry>>(
  zh: T,
  en: { [K in keyof NoInfer<T>]: T[K] extends string ? string : T[K] },
): Record<Language, T> {
  return { zh, en: en as T };
}

/** The language of the page, as the server set it. */
export function language(): Language {
  return document.documentElement.lang.startsWith("en") ? "en" : "zh";
}

/** The language that is not this one. */
export const otherThan = (lang: Language): Language => (lang === "zh" ? "en" : "zh");

/** Picks `name_zh` or `name_en` (any pair of keys with these ends) in the page's language. */
export function pick<K extends string>(
  from: { [P in `${K}_zh` | `${K}_en`]?: string | null },
  key: K,
  lang: Language,
): string {
  const here = from[`${key}_${lang}`];
  const there = from[`${key}_${otherThan(lang)}`];
  return here || there || "";
}
