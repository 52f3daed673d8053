"""Who works on a batch: a claim with a lease, so that a killed worker's batch is taken up again.

`claimed_until` is the lease and, because every claim writes another moment, the fence as well:
whatever is written for a batch is written only where it is still one's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from competition.database import db, writing
from competition.models import BatchState, RosterBatch
from competition.moment import now

LEASE = timedelta(minutes=2)
TRIES = 3  # a file that killed its worker so often is not tried again
# What a worker does, and what the batch is again when that cannot be done.
UNDER_WAY = {
    BatchState.READING: BatchState.FAILED,
    BatchState.IMPORTING: BatchState.READY,
    BatchState.JUDGING: BatchState.IMPORTED,
    BatchState.UNDOING: BatchState.IMPORTED,
}
NOT_JUDGED = (
    "名册已导入，但资格审核没有完成。请秘书处在各赛项的“报名”页点“全部审核”。",
    "The roster is imported, but its entries were not all judged. The secretariat judges them on"
    " the skills' pages of entries.",
)


class Lost(Exception):
    """Somebody else holds the batch now, or it was put away."""


@dataclass(slots=True)
class Claim:
    """A batch that is ours until the lease ends, which `tell` moves on."""

    batch_id: int
    state: BatchState
    until: datetime
    told: Callable[[str, int, int], None] = lambda *_: None  # somebody at a terminal


def claim(batch_id: int | None = None) -> Claim | None:
    """Take the oldest batch that waits, or the one that is named. Cheap where none does."""
    if db.session().scalar(select(RosterBatch.id).where(_waits(batch_id)).limit(1)) is None:
        return None
    with writing() as session:
        batch = session.scalars(
            select(RosterBatch)
            .where(_waits(batch_id))
            .order_by(RosterBatch.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if batch is None:
            return None
        tries = int(batch.counts.get("tries", 0)) + 1
        batch.counts = batch.counts | {"tries": tries}
        if tries > TRIES:
            was = BatchState(batch.state)
            settle(batch, UNDER_WAY[was], lasting(batch.counts))
            if was is BatchState.JUDGING:
                batch.sentence_zh, batch.sentence_en = NOT_JUDGED
                return None
            batch.sentence_zh = "多次处理都没有完成，已停止，什么都没有改变。请拆成较小的文件再试。"
            batch.sentence_en = (
                "It could not be finished several times and was stopped; nothing was changed."
                " Split the file and try again."
            )
            return None
        batch.claimed_until = now() + LEASE
        return Claim(batch.id, BatchState(batch.state), batch.claimed_until)


def _waits(batch_id: int | None) -> ColumnElement[bool]:
    free = or_(RosterBatch.claimed_until.is_(None), RosterBatch.claimed_until < now())
    waits = RosterBatch.state.in_(list(UNDER_WAY)) & free
    return waits if batch_id is None else waits & (RosterBatch.id == batch_id)


def tell(held: Claim, phase: str, done: int, of: int) -> None:
    """Say how far the work is, for the page, and renew the lease."""
    held.told(phase, done, of)
    with writing() as session:
        batch = ours(session, held)
        progress = {"phase": phase, "done": done, "of": of}
        batch.counts = batch.counts | {"progress": progress}
        batch.claimed_until = now() + LEASE
    held.until = batch.claimed_until


def ours(session: Session, held: Claim) -> RosterBatch:
    """The batch, locked, inside the caller's transaction; or Lost."""
    batch = session.scalars(
        select(RosterBatch)
        .where(RosterBatch.id == held.batch_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if batch is None or batch.claimed_until != held.until or batch.state != held.state:
        raise Lost
    return batch


def settle(batch: RosterBatch, state: BatchState, counts: dict[str, Any]) -> None:
    """The end of the work: the batch's next state and what was counted."""
    batch.state, batch.claimed_until, batch.counts = state, None, counts


def give_back(held: Claim) -> None:
    """Let somebody else take the batch at once: this worker is told to stop."""
    with writing() as session:
        session.execute(
            update(RosterBatch)
            .where(RosterBatch.id == held.batch_id, RosterBatch.claimed_until == held.until)
            .values(claimed_until=None)
        )


def fail(held: Claim, zh: str, en: str) -> None:
    """What was wanted cannot be done: say why, and leave the batch as it was before."""
    with writing() as session:
        try:
            batch = ours(session, held)
        except Lost:
            return
        settle(batch, UNDER_WAY[held.state], lasting(batch.counts))
        batch.sentence_zh, batch.sentence_en = zh, en


_PASSING = ("progress", "tries")


def lasting(counts: dict[str, Any]) -> dict[str, Any]:
    """Counts without what only matters while somebody works."""
    return {name: one for name, one in counts.items() if name not in _PASSING}
