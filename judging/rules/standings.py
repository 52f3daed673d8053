"""Order of a board: totals downwards, equal totals share a place."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a board: `total` in hundredths; `shared` when another has the same place."""

    place: int
    shared: bool
    key: str
    total: int


def standings(totals: Iterable[tuple[str, int]]) -> list[Standing]:
    """Place 1 is the highest total; after a shared place the next places are left out (1, 1, 3).

    Equal totals are listed by key, which is neutral: a key is a code or an alias.
    """
    ordered = sorted(totals, key=lambda pair: (-pair[1], pair[0]))
    counts: dict[int, int] = {}
    for _key, total in ordered:
        counts[total] = counts.get(total, 0) + 1
    out: list[Standing] = []
    for index, (key, total) in enumerate(ordered, 1):
        place = out[-1].place if out and out[-1].total == total else index
        out.append(Standing(place, counts[total] > 1, key, total))
    return out
