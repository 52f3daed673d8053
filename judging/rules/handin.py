"""Hand-ins: in time or late, and which one counts (decisions 9).

The browser announces name, size and SHA-256 first; bytes that match may follow for a minute after
the personal end. Whatever comes later is kept and waits for a ruling (迟交·待裁定). The end itself
comes from the one clock in `competition.rules.clock`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

GRACE = timedelta(seconds=60)  # decisions 9


class Timeliness(StrEnum):
    """Where a hand-in stands towards the personal end."""

    IN_TIME = "in_time"
    BY_ANNOUNCEMENT = "by_announcement"  # announced before the end, the bytes within the minute
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Handed:
    """A complete hand-in, as far as the rules look at it."""

    number: int
    is_late: bool


def timeliness(announced_at: datetime, arrived_at: datetime, end: datetime) -> Timeliness:
    """`arrived_at` is when the last byte was here; the end itself no longer belongs to the time."""
    if arrived_at < end:
        return Timeliness.IN_TIME
    if announced_at < end and arrived_at <= end + GRACE:
        return Timeliness.BY_ANNOUNCEMENT
    return Timeliness.LATE


def counting(handed: Iterable[Handed]) -> int | None:
    """The number of the hand-in that counts: the last complete one that is not late."""
    return max((one.number for one in handed if not one.is_late), default=None)
