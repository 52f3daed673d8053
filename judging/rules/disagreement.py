"""How often judges gave another mark than the machine proposed, check by check (pure).

A proposal is made of all checks of its aspect, so a judge's other mark speaks against those checks
only that pulled the wrong way: more than proposed against checks that failed, less against checks
that passed. What a check could not determine was judged by eye and is counted apart.
Source of the rule: issue 5, point 7.
"""

from collections.abc import Iterable
from dataclasses import dataclass

DETERMINED = ("passed", "failed")


@dataclass(frozen=True, slots=True)
class Judged:
    """One check of one work: its outcome, what was proposed for the aspect and what judges gave,
    in hundredths; `work` names the work, `reason` is the judges'."""

    work: str
    outcome: str
    proposed: int | None
    given: int
    reason: str = ""

    @property
    def is_against(self) -> bool:
        """Whether the judges' mark speaks against this check."""
        if self.proposed is None or self.outcome not in DETERMINED:
            return False
        return (
            self.given > self.proposed if self.outcome == "failed" else self.given < self.proposed
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """A check over all works whose aspect judges have marked: `of` determined outcomes, those
    `against` them, and how often it could not tell (`by_eye`)."""

    of: int
    against: tuple[Judged, ...]
    by_eye: int

    @property
    def per_cent(self) -> int:
        """Whole per cent, half up; 0 where nothing was determined."""
        return (200 * len(self.against) + self.of) // (2 * self.of) if self.of else 0


def rate(every: Iterable[Judged]) -> Rate:
    """The rate of one check."""
    found = list(every)
    told = [one for one in found if one.outcome in DETERMINED and one.proposed is not None]
    against = tuple(one for one in told if one.is_against)
    return Rate(len(told), against, len(found) - len(told))
