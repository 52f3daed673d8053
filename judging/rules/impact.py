"""What a correction does to a result: who gains or loses places and medals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from judging.rules.final import Final
from judging.rules.scheme import two_decimals

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Move:
    """One work before and after: place, total (as text) and award, None where there is none."""

    code: str
    place: tuple[int | None, int | None]
    total: tuple[str, str]
    award: tuple[str | None, str | None]

    @property
    def is_better(self) -> bool | None:
        """A better place, a worse one, or None for the same."""
        before, after = (place if place is not None else 10**6 for place in self.place)
        return None if before == after else after < before


def lines(final: Final) -> list[Plain]:
    """The standings as they are kept with a version: code, place, total, award."""
    return [
        {
            "code": line.key,
            "place": line.standing.place,
            "total": two_decimals(line.standing.total),
            "award": line.given.award.value if line.given.award else None,
        }
        for line in final.lines
    ]


def moves(before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]]) -> list[Move]:
    """Everybody whose place, total or award is not the same, in the order of `after`; who is in
    one of the two only counts as without a place and with 0.00 in the other."""
    old, new = ({one["code"]: one for one in side} for side in (before, after))
    nothing = {"place": None, "total": "0.00", "award": None}
    found = []
    for code in dict.fromkeys([*new, *old]):
        was, is_ = old.get(code, nothing), new.get(code, nothing)
        if any(was[name] != is_[name] for name in nothing):
            found.append(Move(code, *(_pair(was, is_, name) for name in nothing)))
    return found


def _pair(was: Mapping[str, Any], is_: Mapping[str, Any], name: str) -> tuple[Any, Any]:
    return was[name], is_[name]
