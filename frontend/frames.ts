// A text that is too long for one QR code, as a row of codes that a screen shows one after the other
// and a camera reads in any order, as often as it needs.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

const MARK = "podium";
const SIZE = 480; // bytes of the text in a code: with its head what a QR code of 77 × 77 points holds
const MOST = 2000; // codes of one text; more is not ours
const FRAME = new RegExp(`^${MARK} ([0-9a-f]{16}) ([0-9]+)/([0-9]+) `);

/** The codes' texts: which text they are of, the number among how many, a piece. */
export function frames(text: string): string[] {
  const id = named(text);
  const pieces: string[] = [];
  let piece = "";
  let size = 0;
  for (const letter of text) {
    const more = utf8ToBytes(letter).length;
    if (size + more > SIZE) {
      pieces.push(piece);
      piece = "";
      size = 0;
    }
    piece += letter;
    size += more;
  }
  pieces.push(piece);
  return pieces.map((one, at) => `${MARK} ${id} ${at + 1}/${pieces.length} ${one}`);
}

/** Puts the pieces together again. Another text's code begins anew: the camera looks at another screen. */
export class Frames {
  private id = "";
  private found = new Map<number, string>();
  of = 0;

  get have(): number {
    return this.found.size;
  }

  /** Take what a code says. "none": it is no such code; "whole": `text` is complete now; "broken":
   * all are there and do not make the text that they name, so everything is read again. */
  take(said: string): "none" | "known" | "piece" | "whole" | "broken" {
    const [head = "", id = "", number = "", of = ""] = FRAME.exec(said) ?? [];
    const at = Number(number);
    if (!id || at < 1 || at > Number(of) || Number(of) > MOST) return "none";
    if (id !== this.id || Number(of) !== this.of) {
      this.id = id;
      this.of = Number(of);
      this.found.clear();
    }
    if (this.found.has(at)) return "known";
    this.found.set(at, said.slice(head.length));
    if (this.found.size < this.of) return "piece";
    if (named(this.text) === this.id) return "whole";
    this.found.clear();
    return "broken";
  }

  get text(): string {
    return Array.from({ length: this.of }, (_, at) => this.found.get(at + 1) ?? "").join("");
  }
}

const named = (text: string): string => bytesToHex(sha256(utf8ToBytes(text))).slice(0, 16);
