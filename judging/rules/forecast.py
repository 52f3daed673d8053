"""When a skill will lock, told from the pace of its marking (pure: no database, no clock).

The pace is the number of acts (a mark, a confirmation, a vote) over the time in which somebody
was marking. A gap longer than `PAUSE` is a pause and is left out. Whole numbers only: no float.
Source of the rule: issue 5 point 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

PAUSE = timedelta(minutes=15)
RECENT = timedelta(hours=1)
"""So much working time, the newest first, tells the pace."""
ENOUGH = 10
"""Fewer acts than this tell nothing."""


@dataclass(frozen=True)
class Left:
    """What stands between now and the lock, each counted in acts."""

    cells: int
    votes: int
    confirmations: int

    @property
    def acts(self) -> int:
        return self.cells + self.votes + self.confirmations


@dataclass(frozen=True)
class Pace:
    """`acts` done in `seconds` of work (both whole, both above nought)."""

    acts: int
    seconds: int


def pace(times: Sequence[datetime], now: datetime) -> Pace | None:
    """The pace of the recent working time, or None when there is not enough to tell.

    `times`: when each act reached the server, in any order; those after `now` are left out.
    Each act is counted with the gap before it; the first after a pause has no such gap and
    only begins to count time.
    """
    ordered = sorted((time for time in times if time <= now), reverse=True)
    acts, worked = 0, timedelta()
    for later, earlier in pairwise(ordered):
        gap = later - earlier
        if gap > PAUSE:
            continue
        acts, worked = acts + 1, worked + gap
        if worked >= RECENT:
            break
    seconds = worked // timedelta(seconds=1)
    return Pace(acts, seconds) if acts >= ENOUGH and seconds > 0 else None


def locks_at(times: Sequence[datetime], left: Left, now: datetime) -> datetime | None:
    """When the last act would be done if work goes on at its pace, rounded up to a second.

    `now` when nothing is left; None: not enough marks yet to tell.
    """
    if left.acts == 0:
        return now
    known = pace(times, now)
    if known is None:
        return None
    return now + timedelta(seconds=-(-left.acts * known.seconds // known.acts))
