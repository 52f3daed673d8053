"""Read: the timetable as everybody may see it, every working period that has a time.

Plain columns, no objects: `basis` is looked at every second for news.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from competition.models import Pause, Period, Skill, Zone
from competition.moment import iso
from competition.prepared import Prepared
from competition.rules.clock import Stop, Timing, end_of

_PERIODS = (
    select(
        Period.id,
        Skill.code,
        Skill.name_zh,
        Skill.name_en,
        func.coalesce(Zone.name_zh, "").label("zone_zh"),
        func.coalesce(Zone.name_en, "").label("zone_en"),
        Period.number,
        Period.name_zh.label("period_zh"),
        Period.name_en.label("period_en"),
        Period.minutes,
        Period.planned_at,
        Period.started_at,
        Period.ended_at,
    )
    .join(Skill, Skill.id == Period.skill_id)
    .outerjoin(Zone, Zone.id == Skill.zone_id)
    .where(or_(Period.planned_at.is_not(None), Period.started_at.is_not(None)))
    .order_by(Period.id)
)
_PAUSES = (
    select(Pause.period_id, Pause.starts_at, Pause.ends_at)
    .where(Pause.entry_id.is_(None))
    .order_by(Pause.id)
)
_AS_STORED = (Prepared(_PERIODS), Prepared(_PAUSES))


@dataclass(frozen=True, slots=True)
class Told:
    """A working period; times are ISO text. `starts_at` is as planned until it has `started`;
    `ends_at` is the skill's end, as if work went on at `paused_at` while it is paused; `over` once
    the last personal end has passed. Nobody's own time is in it."""

    code: str
    name_zh: str
    name_en: str
    zone_zh: str
    zone_en: str
    number: int
    period_zh: str
    period_en: str
    starts_at: str
    started: bool
    ends_at: str
    paused_at: str | None
    over: bool


def basis(session: Session) -> tuple[object, ...]:
    """What `periods` are told from, as the database has it: they change only when this does."""
    return tuple(row for asked in _AS_STORED for row in asked.rows(session, {}))


def periods(session: Session, now: datetime) -> tuple[Told, ...]:
    """Every period that has a time, the earliest first."""
    stops: defaultdict[int, list[Stop]] = defaultdict(list)
    for period_id, starts_at, ends_at in session.execute(_PAUSES):
        stops[period_id].append(Stop(starts_at, ends_at))
    told = [_told(row, stops[row.id], now) for row in session.execute(_PERIODS)]
    return tuple(sorted(told, key=lambda one: (one.starts_at, one.code, one.number)))


def _told(row: Any, stops: list[Stop], now: datetime) -> Told:  # noqa: ANN401 - a row of _PERIODS
    begins = row.started_at or row.planned_at
    paused_at = min((one.starts_at for one in stops if one.ends_at is None), default=None)
    timing = Timing(begins, row.minutes, tuple(stops))
    return Told(
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        zone_zh=row.zone_zh,
        zone_en=row.zone_en,
        number=row.number,
        period_zh=row.period_zh,
        period_en=row.period_en,
        starts_at=iso(begins) or "",
        started=row.started_at is not None,
        ends_at=iso(end_of(timing, paused_at or now)) or "",
        paused_at=iso(paused_at),
        over=row.ended_at is not None,
    )
