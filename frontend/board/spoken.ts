// What the page of a board says aloud when it changes: the table itself would be read as a whole.
import { pick, type Language } from "../words";
import type { Board } from "./document";
import type { Words } from "./words";

/** A new first place, once; nothing any more when nobody leads. `said`: what stands there. */
export function spoken(before: Board, after: Board, said: string, lang: Language, w: Words): string {
  const was = before.standings[0];
  const is = after.standings[0];
  if (is?.place !== 1) return "";
  return was?.label_zh === is.label_zh ? said : w.moved(pick(is, "label", lang), 1);
}
