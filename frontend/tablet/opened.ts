// What can be open over the list or the sheet.
import type { Aspect, Evidence, SubCriterion } from "./types";

export type Dialog =
  | { kind: "reason"; aspect: Aspect; value: number; observed?: string; text: string }
  | { kind: "pad"; aspect: Aspect; text: string; fresh: boolean }
  | { kind: "evidence"; aspect: Aspect | null; items: Evidence[]; at: number }
  | { kind: "proposals"; sub: SubCriterion }
  | { kind: "rest"; sub: SubCriterion }
  | { kind: "confirm"; sub: SubCriterion }
  | { kind: "pick"; code: string; sub: number | null }
  | { kind: "scan"; text: string; said: string | null; camera: string | null }
  | { kind: "remarks"; aspect: Aspect; text: string; said: string | null }
  | { kind: "help"; text: string }
  | { kind: "matrix" }
  | { kind: "asides" }
  | { kind: "tablet" }
  | { kind: "codes"; frames: string[]; marks: number; notes: number; photos: number };

export type Open<Kind extends Dialog["kind"]> = Extract<Dialog, { kind: Kind }>;
