"""Read: the course of a skill as the public saw it. The keeper writes with the public document."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from competition.prepared import Prepared
from judging.models import PublicHistory
from judging.rules import history
from judging.rules.history import Point

_lines = {"lines": bindparam("told", type_=PublicHistory.__table__.c.lines.type)}
_OTHER = Prepared(
    update(PublicHistory)
    .where(PublicHistory.skill_id == bindparam("skill"), PublicHistory.minute == bindparam("of"))
    .values(**_lines)
)
_FIRST = Prepared(
    insert(PublicHistory).values(skill_id=bindparam("skill"), minute=bindparam("of"), **_lines)
)


def keep(session: Session, skill_id: int, body: dict[str, Any], at: datetime) -> None:
    """Keep what the public is shown from now on, inside the transaction that stores the document;
    of one minute the last stays."""
    told = [list(one) for one in history.lines(body)]
    values = {"skill": skill_id, "of": int(at.timestamp()) // 60, "told": told}
    if not _OTHER.changed(session, values):
        _FIRST.changed(session, values)


def courses(
    session: Session, skill_id: int, body: dict[str, Any]
) -> tuple[dict[str, list[list[Point]]], tuple[int, int] | None]:
    """The course of every line of the present public document, and the first and the last minute
    that anything is known of (None: nothing)."""
    kept = session.execute(
        select(PublicHistory.minute, PublicHistory.lines)
        .where(PublicHistory.skill_id == skill_id)
        .order_by(PublicHistory.minute)
    ).all()
    found = history.courses(((minute, lines) for minute, lines in kept), body)
    points = [point.minute for pieces in found.values() for piece in pieces for point in piece]
    return found, (min(points), max(points)) if points else None
