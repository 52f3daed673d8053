"""Scales on which results of different skills compare: named, versioned, each an approximation.

The formula of the federation's 700 scale is not published (marking-rules.md, “The 700 scale”,
open). Wherever a score is shown, “approximation” is shown with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A scale laid over one field: its median and the median distance from it, in hundredths."""

    scale: "Scale"
    median: Fraction
    distance: Fraction

    def score(self, total: int) -> int:
        """The score of a total, to the nearest whole, halves up."""
        if not self.distance:
            return self.scale.centre
        away = Fraction(
            self.scale.spread * (total - self.median), self.scale.consistency * self.distance
        )
        return max(self.scale.lowest, floor(self.scale.centre + away + HALF))


@dataclass(frozen=True, slots=True)
class Scale:
    """centre + spread × (total − median) ÷ (consistency × median distance from the median).

    Where the distance is 0 (more than half have one total) everybody is at the centre. No score
    lies below `lowest`: one entry that handed in nothing shall not upset a delegation's average.
    """

    name: str
    version: int
    centre: int
    spread: int
    consistency: Fraction
    lowest: int
    is_approximation: bool

    def over(self, field: Iterable[int]) -> Fitted:
        """Lay the scale over the totals of a field: competing entries, a team as one."""
        totals = list(field)
        if not totals:
            return Fitted(self, Fraction(0), Fraction(0))
        middle = median(totals)
        return Fitted(self, middle, median([abs(total - middle) for total in totals]))


def median(values: Sequence[int | Fraction]) -> Fraction:
    """The middle value, or the mean of the two in the middle."""
    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[half])
    return Fraction(ordered[half - 1] + ordered[half], 2)


SCALES: Mapping[str, Scale] = {
    scale.name: scale
    for scale in (
        Scale(
            name="worldskills-700",
            version=1,
            centre=700,
            spread=30,
            consistency=Fraction(14826, 10000),
            lowest=0,
            is_approximation=True,
        ),
    )
}


def scale(name: str) -> Scale | None:
    """The scale of that name; None for "none"."""
    return None if name == "none" else SCALES[name]
