"""When a working period ends for a competitor: the one function that server, page, board and
report use.

A pause stops the clock of the whole skill or of one workstation; while it is open the end moves
with the time. Overlapping pauses count once, a pause outside the personal stretch counts not at
all. Extra time is added; a late start that was not the competitor's fault gives the full time from
then on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ClockState(StrEnum):
    """What a clock shows, as a word."""

    WAITING = "waiting"  # not started for this competitor
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Stop:
    """A pause; `ends_at` None means it still lasts. `whole_skill` tells whom it stops."""

    starts_at: datetime
    ends_at: datetime | None
    reason: str = ""
    whole_skill: bool = True


@dataclass(frozen=True, slots=True)
class Timing:
    """All that decides one competitor's end of one period."""

    started_at: datetime | None
    minutes: int
    pauses: tuple[Stop, ...] = ()
    extra_minutes: int = 0
    late_start: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """One competitor's clock at one moment. While paused, `ends_at` is the end if work went on now.

    `remaining` never goes below zero. `reason` is that of the open pause.
    """

    state: ClockState
    starts_at: datetime | None
    ends_at: datetime | None
    remaining: timedelta
    reason: str = ""


def merged(
    pauses: Iterable[Stop], begin: datetime, now: datetime
) -> list[tuple[datetime, datetime]]:
    """The stretches in which the clock stood still between `begin` and `now`, none overlapping."""
    stretches = sorted(
        (max(pause.starts_at, begin), min(pause.ends_at or now, now)) for pause in pauses
    )
    out: list[tuple[datetime, datetime]] = []
    for start, end in stretches:
        if end <= start:
            continue
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def end_of(timing: Timing, now: datetime) -> datetime | None:
    """The personal end, as far as `now` knows it; None before the start.

    A pause that begins at or after the end reached so far comes too late to move it.
    """
    if timing.started_at is None:
        return None
    begin = max(timing.started_at, timing.late_start or timing.started_at)
    end = begin + timedelta(minutes=timing.minutes + timing.extra_minutes)
    for start, stop in merged(timing.pauses, begin, now):
        if start >= end:
            break
        end += stop - start
    return end


def clock(timing: Timing, now: datetime) -> Clock:
    """What the competitor's clock shows at `now`."""
    end = end_of(timing, now)
    if timing.started_at is None or end is None:
        full = timedelta(minutes=timing.minutes + timing.extra_minutes)
        return Clock(ClockState.WAITING, None, None, full)
    begin = max(timing.started_at, timing.late_start or timing.started_at)
    if now < begin:
        return Clock(ClockState.WAITING, begin, end, end - begin)
    if now >= end:
        return Clock(ClockState.ENDED, begin, end, timedelta(0))
    for pause in timing.pauses:
        if pause.starts_at <= now and (pause.ends_at is None or now < pause.ends_at):
            return Clock(ClockState.PAUSED, begin, end, end - now, pause.reason)
    return Clock(ClockState.RUNNING, begin, end, end - now)


def last_end(timings: Iterable[Timing], now: datetime) -> datetime | None:
    """The last personal end of a period: until then the skill counts as working (decisions 4)."""
    ends = [end for timing in timings if (end := end_of(timing, now)) is not None]
    return max(ends, default=None)


def worked(timing: Timing, until: datetime) -> timedelta | None:
    """How long a competitor had worked when they were done at `until`, pauses left out; None where
    the work had not begun then."""
    if timing.started_at is None:
        return None
    begin = max(timing.started_at, timing.late_start or timing.started_at)
    stood = sum((stop - start for start, stop in merged(timing.pauses, begin, until)), timedelta(0))
    return until - begin - stood if until > begin else None
