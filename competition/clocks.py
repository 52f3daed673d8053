"""Where a skill stands in time: its periods, and the clock of each competitor.

The times themselves come from the rules in `rules/clock`, for everybody the same.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from competition.models import Entry, Period
from competition.rules.clock import Clock, Stop, Timing, clock, last_end


@dataclass(frozen=True, slots=True)
class Situation:
    """What the public may know of a skill's clock: never a single competitor's.

    `working`: nobody has begun yet, or somebody's personal time still runs (decisions 4).
    While paused, `ends_at` is the end as it would be if work went on at `paused_at`: it stands
    still with the clock, so that a pause changes the public document once and not every second.
    """

    started: bool
    working: bool
    paused: bool
    starts_at: datetime | None
    ends_at: datetime | None
    paused_at: datetime | None


def timing(period: Period, entry_id: int | None) -> Timing:
    """What decides the end of a period for one entry; with None, for the skill as a whole."""
    late = next((row for row in period.late_starts if row.entry_id == entry_id), None)
    return Timing(
        started_at=period.started_at,
        minutes=period.minutes,
        pauses=tuple(
            Stop(pause.starts_at, pause.ends_at, pause.reason, pause.entry_id is None)
            for pause in period.pauses
            if pause.entry_id is None or pause.entry_id == entry_id
        ),
        extra_minutes=sum(row.minutes for row in period.extra_times if row.entry_id == entry_id),
        late_start=late.starts_at if late else None,
    )


def clock_of(period: Period, entry_id: int | None, now: datetime) -> Clock:
    """One competitor's clock, or with None the skill's."""
    return clock(timing(period, entry_id), now)


def periods(session: Session, skill_id: int) -> list[Period]:
    """The working periods of a skill in their order."""
    found = select(Period).where(Period.skill_id == skill_id).order_by(Period.number)
    return list(session.scalars(found))


def situation(session: Session, skill_id: int, now: datetime) -> Situation:
    """Where a skill stands: the period that runs, else the last one that was started."""
    return situations(session, [skill_id], now)[skill_id]


def situations(session: Session, skill_ids: Collection[int], now: datetime) -> dict[int, Situation]:
    """Where several skills stand, in as many queries as for one."""
    return {one: plan.at(now) for one, plan in plans(session, skill_ids).items()}


@dataclass(frozen=True, slots=True)
class _Planned:
    """A period that has begun: the different timings of its entries, and that of the skill."""

    ended: bool
    timings: tuple[Timing, ...]
    whole: Timing


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides where a skill stands, whatever the time: read once, asked often."""

    periods: int
    begun: tuple[_Planned, ...]

    def at(self, now: datetime) -> Situation:
        """Where the skill stands at this moment."""
        if not self.begun:
            return Situation(False, self.periods > 0, False, None, None, None)
        working = len(self.begun) < self.periods or any(
            (end := last_end(period.timings, now)) is not None and now < end
            for period in self.begun
            if not period.ended
        )
        last = self.begun[-1]
        open_pauses = (one.starts_at for one in last.whole.pauses if one.ends_at is None)
        paused_at = min(open_pauses, default=None)
        whole = clock(last.whole, paused_at or now)
        return Situation(
            started=True,
            working=working,
            paused=paused_at is not None,
            starts_at=whole.starts_at,
            ends_at=whole.ends_at,
            paused_at=paused_at,
        )


def plans(session: Session, skill_ids: Collection[int]) -> dict[int, Plan]:
    """Skill → its plan, in as many queries as for one."""
    found = (
        select(Period)
        .where(Period.skill_id.in_(skill_ids))
        .options(
            selectinload(Period.pauses),
            selectinload(Period.extra_times),
            selectinload(Period.late_starts),
        )
        .order_by(Period.number)
    )
    rows = defaultdict(list)
    for period in session.scalars(found):
        rows[period.skill_id].append(period)
    entries = defaultdict(list)
    who = select(Entry.skill_id, Entry.id).where(Entry.skill_id.in_(skill_ids))
    for skill_id, entry_id in session.execute(who):
        entries[skill_id].append(entry_id)
    return {one: _plan(rows[one], entries[one]) for one in skill_ids}


def _plan(rows: Sequence[Period], entries: Sequence[int]) -> Plan:
    begun = tuple(
        _Planned(
            period.ended_at is not None,
            tuple(dict.fromkeys(timing(period, entry) for entry in entries)),
            timing(period, None),
        )
        for period in rows
        if period.started_at is not None
    )
    return Plan(len(rows), begun)


def plain_end(period: Period) -> datetime:
    """The end of a period that has started if nothing had moved it: nobody's end is earlier."""
    assert period.started_at is not None
    return period.started_at + timedelta(minutes=period.minutes)


def is_over(session: Session, period: Period, at: datetime) -> bool:
    """Whether the last personal end of a period has passed."""
    entries = session.scalars(select(Entry.id).where(Entry.skill_id == period.skill_id)).all()
    end = last_end((timing(period, entry) for entry in [*entries, None]), at)
    return end is not None and at >= end
