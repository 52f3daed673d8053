"""What one competitor sees of their own work: the clock, what changed it, and what was handed in.

Of the checks only the public ones show (decisions 4), unless the task declares its checks open. A
state never tells whether anything passed. Nothing here is about anybody else.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from competition import clocks
from competition.models import Entry, Period
from competition.moment import iso
from competition.rules.clock import Clock, ClockState
from judging import queue, submissions
from judging.models import CheckRow, Evaluation, Submission
from judging.queue import Place
from sandbox.task import Task

NOWHERE = Place(0, None)  # neither waits nor is being judged


def current(periods: Sequence[Period], entry_id: int, at: datetime) -> Period | None:
    """The period to show: the one that runs for this entry, else the next one, else the last."""
    states = [(clocks.clock_of(period, entry_id, at).state, period) for period in periods]
    for wanted in ((ClockState.RUNNING, ClockState.PAUSED), (ClockState.WAITING,)):
        for state, period in states:
            if state in wanted:
                return period
    return periods[-1] if periods else None


def may_read(period: Period, entry_id: int, at: datetime) -> bool:
    """Whether statement and files are open to this entry: once its time has begun."""
    return clocks.clock_of(period, entry_id, at).state is not ClockState.WAITING


def clock(period: Period, entry_id: int, at: datetime) -> dict[str, Any]:
    """The personal clock as `frontend/clock.ts` reads it, with its state as a word."""
    found = clocks.clock_of(period, entry_id, at)
    paused = found.state is ClockState.PAUSED
    return {
        "state": found.state.value,
        "starts_at": iso(found.starts_at),
        "ends_at": iso(found.ends_at),
        "paused_at": iso(at) if paused else None,
        "reason": found.reason,
        "minutes": period.minutes,
        "planned_at": iso(period.planned_at),
        "changes": _changes(period, entry_id, found, at),
    }


def _changes(period: Period, entry_id: int, found: Clock, at: datetime) -> list[dict[str, Any]]:
    """What moved the end of this entry, with the reasons: pauses, extra time, a late start."""
    rows: list[dict[str, Any]] = [
        {
            "kind": "pause",
            "from": iso(pause.starts_at),
            "minutes": _minutes((pause.ends_at or at) - pause.starts_at),
            "open": pause.ends_at is None,
            "reason": pause.reason,
        }
        for pause in period.pauses
        if pause.entry_id in (None, entry_id)
    ]
    rows += [
        {"kind": "extra", "minutes": extra.minutes, "reason": extra.reason}
        for extra in period.extra_times
        if extra.entry_id == entry_id
    ]
    rows += [
        {"kind": "late_start", "from": iso(found.starts_at), "reason": late.reason}
        for late in period.late_starts
        if late.entry_id == entry_id
    ]
    return rows


def _minutes(length: timedelta) -> int:
    return round(length.total_seconds() / 60)


def handed_in(
    session: Session, entry: Entry, period: Period, task: Task | None, *, workers: int, at: datetime
) -> list[dict[str, Any]]:
    """The hand-ins of a period, newest first, each with where it stands and which one counts.
    `workers` is how many judge: the estimates rest on it."""
    rows = submissions.of(session, entry.id, period.id)
    counting = submissions.counts(session, entry.id, period.id)
    live = queue.newest(session, [row.id for row in rows]) if rows else {}
    places = queue.places(session, live.values(), workers=workers, at=at)
    return [_one(row, counting, live.get(row.id), places, task) for row in reversed(rows)]


def _one(
    row: Submission,
    counting: int | None,
    last: Evaluation | None,
    places: Mapping[int, Place],
    task: Task | None,
) -> dict[str, Any]:
    place = places.get(last.id, NOWHERE) if last else NOWHERE
    return {
        "number": row.number,
        "receipt": row.receipt,
        "name": row.name,
        "size": row.size,
        "sha256": row.sha256,
        "files": len(row.files),
        "at": iso(row.at),
        "late": row.is_late,
        "counts": row.number == counting,
        "state": _state(last),
        "position": place.position,
        "seconds": place.seconds,
        "no_estimate": place.why,
        "done": last.checks_done if last else 0,
        "total": last.checks_total if last else 0,
        "checks": _visible(last.checks, task) if last and last.state == "done" else [],
    }


def _state(last: Evaluation | None) -> str:
    """late, queued, building, checking, done, stuck (our own fault): never what was found."""
    if last is None:
        return "late"
    if last.state == "running":
        return "checking" if last.checks_total else "building"
    return "stuck" if last.state == "failed" else last.state


def _visible(checks: Iterable[CheckRow], task: Task | None) -> list[dict[str, Any]]:
    """The checks that a competitor may see, with what was found."""
    return [
        {
            "title_zh": check.title_zh,
            "title_en": check.title_en,
            "outcome": check.outcome,
            "message_zh": check.message_zh,
            "message_en": check.message_en,
        }
        for check in checks
        if check.public or (task is not None and task.checks_open)
    ]
