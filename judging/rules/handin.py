"""Hand-ins: in time or late, which one counts, and whose turn it is in the queue (decisions 9).

The browser announces name, size and SHA-256 first; bytes that match may follow for a minute after
the personal end. Whatever comes later is kept and waits for a ruling (迟交·待裁定). The end itself
comes from the one clock in `competition.rules.clock`.
"""

from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class Waiting:
    """An evaluation that waits: its id, whose work it is, which hand-in, since when."""

    id: int
    entry_id: int
    number: int
    queued_at: datetime


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


def in_turn(waiting: Sequence[Waiting]) -> list[int]:
    """The queue's order: first everybody's newest hand-in, then what newer ones have replaced, each
    by the time it waits. Handing in ten times does not push the others back."""
    newest: dict[int, int] = {}
    for one in waiting:
        newest[one.entry_id] = max(newest.get(one.entry_id, 0), one.number)
    turn = sorted(
        waiting, key=lambda one: (one.number < newest[one.entry_id], one.queued_at, one.id)
    )
    return [one.id for one in turn]
