// Does a skill fit what was typed? Every word must be in it somewhere; width and case do not matter.

export function fits(typed: string, words: string): boolean {
  const plain = typed.normalize("NFKC").toLowerCase().trim();
  return plain.split(/\s+/).every((word) => words.includes(word));
}
