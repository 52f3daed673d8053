"""Read: how long entries worked, where the clock and their hand-ins tell it."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import clocks
from competition.models import Period
from competition.rules.clock import worked
from judging import submissions
from judging.models import Submission


def measured(session: Session, skill_id: int, entries: Collection[int]) -> dict[int, int]:
    """Entry → seconds from its own start to the hand-in that counts, pauses left out, over all
    periods. Who did not hand in something that counts in every one of them is left out."""
    periods = clocks.periods(session, skill_id)
    found = {one: [_of(session, period, one) for period in periods] for one in entries}
    return {
        one: sum(part for part in parts if part is not None)
        for one, parts in found.items()
        if parts and None not in parts
    }


def _of(session: Session, period: Period, entry_id: int) -> int | None:
    number = submissions.counts(session, entry_id, period.id)
    if number is None:
        return None
    announced = session.scalar(
        select(Submission.announced_at).where(
            Submission.entry_id == entry_id,
            Submission.period_id == period.id,
            Submission.number == number,
        )
    )
    assert announced is not None  # it counts
    took = worked(clocks.timing(period, entry_id), announced)
    return None if took is None else round(took.total_seconds())
