"""The thirteen prefectures of Heilongjiang as tiles: a map in outline, drawn by us on a grid.

Who lies north, south, east or west of whom is kept as far as a grid can; distances and borders are
not. Keys are administrative codes, which are the codes of delegations. Long names say where they
may be broken.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a prefecture stands, from 1 at the north-west, and its short names."""

    column: int
    row: int
    name_zh: str
    name_en: str


TILES: Mapping[str, Tile] = {
    "2327": Tile(1, 1, "大兴安岭", "Daxing’\u00adanling"),
    "2311": Tile(2, 2, "黑河", "Heihe"),
    "2302": Tile(1, 3, "齐齐哈尔", "Qiqihar"),
    "2312": Tile(2, 3, "绥化", "Suihua"),
    "2307": Tile(3, 3, "伊春", "Yichun"),
    "2304": Tile(4, 3, "鹤岗", "Hegang"),
    "2308": Tile(5, 3, "佳木斯", "Jiamusi"),
    "2306": Tile(1, 4, "大庆", "Daqing"),
    "2301": Tile(2, 4, "哈尔滨", "Harbin"),
    "2309": Tile(4, 4, "七台河", "Qitaihe"),
    "2305": Tile(5, 4, "双鸭山", "Shuang\u00adyashan"),
    "2310": Tile(3, 5, "牡丹江", "Mudan\u00adjiang"),
    "2303": Tile(4, 5, "鸡西", "Jixi"),
}
