"""What the chief judge's desk shows of time: the periods of a skill and the clock of each code.

Entries appear by the judges' code only: the chief judge is a judge of a blind skill too.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from competition import clocks
from competition.models import Entry, Pause, Period, Skill
from competition.moment import iso
from competition.rules.clock import Clock, ClockState, clock
from judging import kept

STEPS = (5, 10, 15)  # minutes of extra time that one tap gives (lesson 37)


def codes(session: Session, skill_id: int) -> dict[int, str]:
    """Entry id → code of every work, in the order of the codes."""
    return kept.whole(session, skill_id).entries


def packages(session: Session, skill_id: int) -> list[str]:
    """The task packages that are worked on in a skill's periods."""
    rows = (period.task for period in clocks.periods(session, skill_id))
    return sorted({task for task in rows if task})


def periods(session: Session, skill: Skill, at: datetime) -> list[dict[str, Any]]:
    """The working periods of a skill in their order, each with what may be done to it now."""
    rows = clocks.periods(session, skill.id)
    works = codes(session, skill.id)
    out: list[dict[str, Any]] = []
    before_is_over = True
    for row in rows:
        over = row.started_at is not None and clocks.is_over(session, row, at)
        whole = clocks.clock_of(row, None, at)
        stop = _open(row, None)
        begun = row.started_at is not None
        last = max((_end(row, entry, at) for entry in works if begun), default=None)
        out.append(
            {
                "id": row.id,
                "number": row.number,
                "name_zh": row.name_zh,
                "name_en": row.name_en,
                "minutes": row.minutes,
                "task": row.task,
                "planned_at": row.planned_at,
                "over": over,
                "clock": face(whole),
                "state": "paused" if stop else "ended" if over else whole.state.value,
                "reason": stop.reason if stop else "",
                # somebody works longer than the skill as a whole
                "last_end": last if last and whole.ends_at and last > whole.ends_at else None,
                "may_start": not begun and before_is_over and skill.locked_at is None,
                "may_pause": begun and not over and stop is None and skill.locked_at is None,
                "may_resume": stop is not None and skill.locked_at is None,
            }
        )
        before_is_over = over
    return out


def current(found: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The period the desk is about: the one that runs, else the next one, else the last one."""
    running = [one for one in found if one["clock"]["starts_at"] and not one["over"]]
    waiting = [one for one in found if not one["clock"]["starts_at"]]
    return next(iter([*running, *waiting, *reversed(found)]), None)


def face(shown: Clock) -> dict[str, Any]:
    """A clock for the page's script: it runs on the server's time and stands still in a pause."""
    paused = shown.state is ClockState.PAUSED  # then the end moves with every second
    return {
        "state": shown.state.value,
        "starts_at": iso(shown.starts_at),
        "ends_at": None if paused else iso(shown.ends_at),
        "left_ms": shown.remaining.days * 86_400_000 + shown.remaining.seconds * 1000,
    }


def times(session: Session, period: Period, at: datetime) -> dict[str, dict[str, Any]]:
    """Code → the personal clock of one entry in a period."""
    return {
        code: _time(period, entry_id, at)
        for entry_id, code in codes(session, period.skill_id).items()
    }


def time(period: Period, entry: Entry, at: datetime) -> dict[str, Any]:
    """One entry's clock with what was given to it, and the ends that more would lead to."""
    known = clocks.timing(period, entry.id)
    steps = []
    for minutes in STEPS:
        after = clock(replace(known, extra_minutes=known.extra_minutes + minutes), at)
        useful = after.state is not ClockState.ENDED
        steps.append({"minutes": minutes, "ends_at": after.ends_at, "useful": useful})
    late = clock(replace(known, late_start=at), at).ends_at
    return {
        **_time(period, entry.id, at),
        "code": entry.code,
        "steps": steps,
        "late_end": None if known.late_start else late,
        "acts": _acts(period, entry.id),
    }


def _time(period: Period, entry_id: int, at: datetime) -> dict[str, Any]:
    shown = clocks.clock_of(period, entry_id, at)
    own = _open(period, entry_id)
    return {
        "clock": face(shown),
        "state": shown.state.value,
        "ends_at": shown.ends_at,
        "reason": shown.reason,
        "own_pause": own is not None,
        "extra": sum(row.minutes for row in period.extra_times if row.entry_id == entry_id),
        "late": any(row.entry_id == entry_id for row in period.late_starts),
    }


def _acts(period: Period, entry_id: int) -> list[dict[str, Any]]:
    """What happened to one entry's clock, oldest first, whole-skill pauses included."""
    found: list[dict[str, Any]] = [
        {
            "kind": "pause",
            "whole": row.entry_id is None,
            "at": row.starts_at,
            "until": row.ends_at,
            "reason": row.reason,
        }
        for row in period.pauses
        if row.entry_id in (None, entry_id)
    ]
    found += [
        {"kind": "late", "at": row.starts_at, "reason": row.reason}
        for row in period.late_starts
        if row.entry_id == entry_id
    ]
    found.sort(key=lambda act: act["at"])
    found += [
        {"kind": "extra", "minutes": row.minutes, "reason": row.reason}
        for row in period.extra_times
        if row.entry_id == entry_id
    ]
    return found


def _open(period: Period, entry_id: int | None) -> Pause | None:
    return next(
        (row for row in period.pauses if row.entry_id == entry_id and row.ends_at is None), None
    )


def _end(period: Period, entry_id: int, at: datetime) -> datetime:
    end = clocks.clock_of(period, entry_id, at).ends_at
    assert end is not None  # the period has begun
    return end
