"""Reads of the queue: what waits, whose turn it is, how long it takes; and which judgings are live.

A judging of a rejudging is no live result until the rejudging is applied.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from competition.models import Period
from competition.moment import now
from judging.models import Evaluation, Submission
from judging.rules.handin import Handed, counting
from judging.rules.turns import Waiting, in_turn, seconds_left

MEASURED = 20  # the newest judgings of a task whose durations say how long it takes
LIVE = or_(Evaluation.rejudging_id.is_(None), Evaluation.applied_at.is_not(None))
SINCE = func.coalesce(Evaluation.applied_at, Evaluation.queued_at)  # since when it is the result


@dataclass(frozen=True, slots=True)
class Place:
    """Where one evaluation stands: its position (1 is next, 0 while it is judged) and the seconds
    until it has been judged. None: `why` is "unknown" (a task never judged before), "slow" (takes
    longer than others did) or "nobody" (no worker is ready)."""

    position: int
    seconds: int | None
    why: str = ""


def free(at: datetime) -> Any:  # noqa: ANN401 - an SQL condition
    """What a worker may claim: it waits, or the lease of its worker ran out."""
    expired = and_(Evaluation.state == "running", Evaluation.lease_until < at)
    return or_(Evaluation.state == "queued", expired)


def order(session: Session) -> list[int]:
    """The evaluations that wait, in the order of their turn; an expired lease waits again."""
    return in_turn(_waiting(session, now()))


def _waiting(session: Session, at: datetime) -> list[Waiting]:
    rows = session.execute(
        select(
            Evaluation.id,
            Submission.entry_id,
            Submission.period_id,
            Submission.number,
            Evaluation.queued_at,
            Evaluation.rejudging_id,
        )
        .join(Submission)
        .where(free(at))
    ).all()
    counts, begun = _handed(session, {row.entry_id for row in rows}) if rows else ({}, {})
    return [
        Waiting(
            row.id,
            row.entry_id,
            row.period_id,
            row.number,
            row.queued_at,
            counts[row.entry_id, row.period_id] == row.number,
            begun.get((row.entry_id, row.period_id), 0),
            row.rejudging_id is not None,
        )
        for row in rows
    ]


def _handed(
    session: Session, entries: Collection[int]
) -> tuple[dict[tuple[int, int], int | None], dict[tuple[int, int], int]]:
    """By entry and period: the hand-in that counts, and the newest whose judging has begun."""
    has_begun = (
        select(Evaluation.id)
        .where(
            Evaluation.submission_id == Submission.id,
            Evaluation.rejudging_id.is_(None),
            Evaluation.state != "queued",
        )
        .exists()
    )
    rows = session.execute(
        select(
            Submission.entry_id,
            Submission.period_id,
            Submission.number,
            Submission.is_late,
            has_begun,
        ).where(Submission.entry_id.in_(entries))
    )
    handed: dict[tuple[int, int], list[Handed]] = defaultdict(list)
    begun: dict[tuple[int, int], int] = defaultdict(int)
    for entry_id, period_id, number, is_late, is_begun in rows:
        handed[entry_id, period_id].append(Handed(number, is_late))
        if is_begun:
            begun[entry_id, period_id] = max(begun[entry_id, period_id], number)
    return {key: counting(group) for key, group in handed.items()}, begun


@dataclass(frozen=True, slots=True)
class Standing:
    """The queue at one moment: the turns, how long judging each takes, and since when it goes on
    with those that are being judged."""

    sign: tuple[Any, ...]
    turn: dict[int, int]  # id → position
    lengths: dict[int, float | None]
    started: dict[int, datetime]


_standings: WeakKeyDictionary[object, Standing] = WeakKeyDictionary()


def _standing(session: Session, at: datetime) -> Standing:
    """The queue as it stands, computed anew only when something has moved in it: at the deadline a
    hundred pages ask several times a second."""
    sign = _sign(session, at)
    known = _standings.get(session.get_bind())
    if known is None or known.sign != sign:
        known = _standings[session.get_bind()] = _computed(session, sign, at)
    return known


def _sign(session: Session, at: datetime) -> tuple[Any, ...]:
    """Differs whenever a turn may: each arrival, claim, end and expired lease changes it."""
    running = Evaluation.state == "running"
    return tuple(
        session.execute(
            select(
                func.max(Evaluation.id),
                func.count(),
                func.sum(Evaluation.fence),
                func.sum(case((running, 1), else_=0)),
                func.sum(case((and_(running, Evaluation.lease_until < at), 1), else_=0)),
            ).where(Evaluation.state.in_(("queued", "running")))
        ).one()
    )


def _computed(session: Session, sign: tuple[Any, ...], at: datetime) -> Standing:
    turn = in_turn(_waiting(session, at))
    facts = session.execute(
        select(Evaluation.id, Period.task, Evaluation.started_at)
        .join(Submission, Evaluation.submission_id == Submission.id)
        .join(Period, Submission.period_id == Period.id)
        .where(Evaluation.state.in_(("queued", "running")))
    ).all()
    known = {task: _duration(session, task) for task in {row.task or "" for row in facts}}
    return Standing(
        sign,
        {one: position for position, one in enumerate(turn, 1)},
        {row.id: known[row.task or ""] for row in facts},
        {row.id: row.started_at for row in facts if row.id not in turn and row.started_at},
    )


def places(
    session: Session, evaluations: Iterable[Evaluation], *, workers: int, at: datetime
) -> dict[int, Place]:
    """The place of each of these evaluations that waits or is being judged, by its id."""
    wanted = {one.id for one in evaluations if one.state in ("queued", "running")}
    if not wanted:
        return {}
    queue = _standing(session, at)
    rest = {
        one: (queue.lengths[one] or 0.0) - (at - since).total_seconds()
        for one, since in queue.started.items()
    }
    busy = [max(0.0, one) for one in rest.values()]
    left = seconds_left(list(queue.turn), queue.lengths, busy, workers)
    found = {
        one: _place(queue.turn[one], left[one], queue.lengths[one], workers)
        for one in wanted & queue.turn.keys()
    }
    for one in wanted & rest.keys():
        found[one] = _place(0, rest[one], queue.lengths[one], max(workers, 1))
    return found


def _place(position: int, left: float | None, length: float | None, workers: int) -> Place:
    if workers <= 0:
        return Place(position, None, "nobody")
    if left is None or length is None:
        return Place(position, None, "unknown")
    return Place(position, round(left)) if left > 0 else Place(position, None, "slow")


def _duration(session: Session, task: str) -> float | None:
    """How many seconds judging takes: the median of the newest ones of a task; None while it was
    never judged."""
    rows = session.execute(
        select(Evaluation.started_at, Evaluation.finished_at)
        .join(Submission, Evaluation.submission_id == Submission.id)
        .join(Period, Submission.period_id == Period.id)
        .where(
            Period.task == task,
            Evaluation.state == "done",
            Evaluation.started_at.is_not(None),
            Evaluation.finished_at.is_not(None),
        )
        .order_by(Evaluation.id.desc())
        .limit(MEASURED)
    )
    took = [(end - start).total_seconds() for start, end in rows if start and end]
    return median(took) if took else None


def newest(session: Session, submissions: Collection[int]) -> dict[int, Evaluation]:
    """The live judging of each submission: the one that became its result last, or will."""
    rows = session.scalars(
        select(Evaluation)
        .where(Evaluation.submission_id.in_(submissions), LIVE)
        .order_by(SINCE, Evaluation.id)
    )
    return {row.submission_id: row for row in rows}
