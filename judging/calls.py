"""Calls for help from a tablet: call, take, done. The chief judge's desk shows them until done."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from competition import ledger
from competition.database import writing
from competition.models import Skill
from competition.moment import iso, now
from competition.rules.refusal import Refusal
from judging.models import HelpCall

KINDS = ("chief", "technician", "medical", "conflict")
LONGEST = 500
SHOWN_FOR = timedelta(minutes=10)  # after it was done, on the tablet


def call(
    skill_id: int,
    key: str,
    kind: str,
    *,
    judge_id: int | None = None,
    device_id: int | None = None,
    tablet_id: int | None = None,
    code: str = "",
    words: str = "",
    device_at: datetime | None = None,
) -> int:
    """Call for help; gives the call's id. The same key again is the same call, and so is one of the
    same kind, place and words that nobody has settled yet: whoever presses twice calls once."""
    if kind not in KINDS:
        raise Refusal(
            "不知道要找谁，没有通知任何人。请在四个按钮中选一个。",
            "It is not clear who is needed, so nobody was told. Choose one of the four buttons.",
            status=400,
        )
    with writing() as session:
        known = session.scalar(select(HelpCall).where(HelpCall.key == key))
        if known is not None:
            if (known.device_id, known.tablet_id) != (device_id, tablet_id):
                raise Refusal(
                    "这次求助的标识已被使用，没有通知。请再按一次。",
                    "The key of this call is already in use; nobody was told. Press once more.",
                )
            return known.id
        session.get_one(Skill, skill_id, with_for_update=True)  # one of two waits
        said = {
            "skill_id": skill_id,
            "tablet_id": tablet_id,
            "device_id": device_id,
            "judge_id": judge_id,
            "kind": kind,
            "code": code[:20],
            "words": words.strip()[:LONGEST],
        }
        same = select(HelpCall.id).filter_by(**said).where(HelpCall.done_at.is_(None))
        open_one = session.scalar(same.order_by(HelpCall.id).limit(1))
        if open_one is not None:
            return open_one
        row = HelpCall(key=key, device_at=device_at, at=now(), **said)
        session.add(row)
        session.flush()
        _note(session, "help.call", row, {"kind": kind, "code": row.code}, judge_id)
        return row.id


def take(call_id: int, *, skill_id: int, actor_id: int) -> None:
    """Say that one is coming; the first who says so is shown, and again changes nothing."""
    with writing() as session:
        row = _row(session, call_id, skill_id)
        if row.taken_at is not None or row.done_at is not None:
            return
        row.taken_by, row.taken_at = actor_id, now()
        _note(session, "help.take", row, {}, actor_id)


def done(call_id: int, *, skill_id: int, actor_id: int) -> None:
    """The call is settled; again changes nothing."""
    with writing() as session:
        row = _row(session, call_id, skill_id)
        if row.done_at is not None:
            return
        row.done_by, row.done_at = actor_id, now()
        _note(session, "help.done", row, {}, actor_id)


def waiting(session: Session, skill_id: int) -> list[HelpCall]:
    """The calls of a skill that are not done, medical ones first, then the oldest."""
    rows = session.scalars(
        select(HelpCall)
        .where(HelpCall.skill_id == skill_id, HelpCall.done_at.is_(None))
        .options(
            joinedload(HelpCall.judge), joinedload(HelpCall.taker), joinedload(HelpCall.tablet)
        )
        .order_by(HelpCall.id)
    )
    return sorted(rows, key=lambda row: row.kind != "medical")


def told(
    session: Session, skill_id: int, *, device_ids: Sequence[int] = (), tablet_id: int | None = None
) -> list[dict[str, Any]]:
    """What a tablet shows of its own calls: open ones and those done a moment ago."""
    rows = session.scalars(
        select(HelpCall)
        .where(
            HelpCall.skill_id == skill_id,
            HelpCall.device_id.in_(device_ids)
            if tablet_id is None
            else HelpCall.tablet_id == tablet_id,
            or_(HelpCall.done_at.is_(None), HelpCall.done_at > now() - SHOWN_FOR),
        )
        .options(joinedload(HelpCall.taker))
        .order_by(HelpCall.id)
    )
    return [
        {
            "key": row.key,
            "kind": row.kind,
            "code": row.code,
            "at": iso(row.at),
            "taken_at": iso(row.taken_at),
            "taker": row.taker.label if row.taker else "",
            "done_at": iso(row.done_at),
        }
        for row in rows
    ]


def _row(session: Session, call_id: int, skill_id: int) -> HelpCall:
    row = session.get(HelpCall, call_id, with_for_update=True)
    if row is None or row.skill_id != skill_id:
        raise Refusal("没有这次求助，没有改变。", "No such call; nothing was changed.", status=404)
    return row


def _note(
    session: Session, act: str, row: HelpCall, body: dict[str, Any], actor_id: int | None
) -> None:
    ledger.append(
        session,
        act=act,
        subject=f"help:{row.id}",
        body=body,
        actor_id=actor_id,
        skill_id=row.skill_id,
    )
