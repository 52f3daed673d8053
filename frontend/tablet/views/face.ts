// By what a judge's card is told apart: the photo, or the first letter of the name.
import { h, type VNode } from "../dom";
import type { Faces } from "../faces";

export function face(faces: Faces, one: { label: string; photo?: string | null }): VNode {
  const src = faces.of(one.photo);
  return src
    ? h("img", { class: "t-hall-face", key: "photo", src, alt: "" }) // the name stands beside it
    : h("span", { class: "t-hall-face", key: "letter", "aria-hidden": "true" }, one.label.slice(0, 1));
}
