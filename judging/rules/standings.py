"""The order of a board: totals downwards, ties by the skill's list, places shared or not.

Who does not compete for a place (out of competition, no-show, disqualified) stands below, without
one. Medals and words come after: `medals.py`, `standings_words.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from judging.rules.ranking import RankingRules, Result, Taking
from judging.rules.ties import Maxima, Split, settle


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a board.

    `place` is None for whoever does not compete. `shared`: another has the same place. `needs`:
    places are never shared and the list did not decide; what is missing then ("time", "vote",
    "ruling"). Until it is there, the tied stand on the first of their places.
    `last`: the last of the places that this line may still get (its own place when decided).
    `lacks`: what the list asks for next where another has the same total and nothing sets them
    apart, also where they may share the place.
    """

    place: int | None
    last: int | None
    shared: bool
    needs: str
    result: Result
    splits: tuple[Split, ...] = ()
    lacks: str = ""

    @property
    def key(self) -> str:
        return self.result.key

    @property
    def total(self) -> int:
        return self.result.total


_BELOW = {Taking.OUT: 0, Taking.DISQUALIFIED: 1, Taking.NO_SHOW: 2}


def standings(
    results: Iterable[Result], rules: RankingRules, maxima: Maxima | None = None
) -> list[Standing]:
    """The lines in order. After a shared place the next places are left out (1, 1, 3)."""
    field: list[Result] = []
    below: list[Result] = []
    for one in results:
        (field if one.taking is Taking.COMPETES else below).append(one)
    field.sort(key=lambda one: (-one.total, one.key))
    lines: list[Standing] = []
    for _total, same in groupby(field, key=lambda one: one.total):
        lines += _placed(list(same), len(lines) + 1, rules, maxima or {})
    below.sort(key=lambda one: (_BELOW[one.taking], -one.total, one.key))
    return lines + [Standing(None, None, False, "", one) for one in below]


def _placed(
    group: Sequence[Result], first: int, rules: RankingRules, maxima: Maxima
) -> list[Standing]:
    """The lines of one total, whose places begin at `first`."""
    if len(group) == 1:
        return [Standing(first, first, False, "", group[0])]
    settled = settle(group, rules, maxima)
    lines: list[Standing] = []
    for block in settled.blocks:
        place = first + len(lines)
        tied = len(block) > 1
        for one in block:
            open_end = tied and not rules.shared_places
            lacks = settled.needs.get(one.key, "")
            needs = (lacks or "ruling") if open_end else ""
            last = place + len(block) - 1 if open_end else place
            splits = settled.splits[one.key]
            lines.append(Standing(place, last, tied, needs, one, splits, needs or lacks))
    return lines
