// The map of prefectures: how strong each tile is, and its medals. Pure.
import type { DelegationRow } from "./document";

export interface Tile {
  level: number; // 0 without a medal, up to 4 for the most
  parts: Record<string, string>;
}

/** Code → tile, for the codes that the map has; templates/boards/delegations.html has the same. */
export function levels(rows: DelegationRow[], codes: string[]): Record<string, Tile> {
  const medals = new Map(rows.map((row) => [row.code, row]));
  const of = (code: string): number => {
    const row = medals.get(code);
    return row ? row.gold + row.silver + row.bronze : 0;
  };
  const most = Math.max(0, ...codes.map(of));
  return Object.fromEntries(
    codes.map((code) => {
      const row = medals.get(code);
      const parts = {
        gold: String(row?.gold ?? 0),
        silver: String(row?.silver ?? 0),
        bronze: String(row?.bronze ?? 0),
      };
      return [code, { level: of(code) ? Math.ceil((4 * of(code)) / most) : 0, parts }];
    }),
  );
}
