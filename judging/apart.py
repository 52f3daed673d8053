"""Read: documents over all skills that are made of more than the boards of this moment: the
timetable, the sponsors, the skill of the hour. `overall` keeps them as it keeps the boards.

`basis` says what a document is made from as far as it can change; it is asked every second.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from competition import public_timetable, skill_profiles
from competition.models import Skill, SkillProfile
from competition.moment import now
from judging.models import PublicHistory
from judging.rules import hour, sponsors

Plain = dict[str, Any]


def basis(session: Session, kind: str, bodies: Sequence[Plain]) -> tuple[object, ...]:
    """What the document of a kind is made from at this moment."""
    if kind == "timetable":
        return public_timetable.basis(session)
    if kind == "sponsors":
        asked = select(func.count(), func.coalesce(func.sum(SkillProfile.version), 0))
        return tuple(session.execute(asked).one())
    return (hour.window(_minute()), *hour.asked(bodies))


def body(session: Session, kind: str, bodies: Sequence[Plain]) -> Plain:
    """The document of a kind, without its sequence."""
    if kind == "timetable":
        periods = public_timetable.periods(session, now())
        return {"kind": "timetable", "periods": [asdict(one) for one in periods]}
    return _sponsors(session) if kind == "sponsors" else _hour(session, bodies)


def _sponsors(session: Session) -> Plain:
    codes = dict(session.execute(select(Skill.id, Skill.code).order_by(Skill.id)).all())
    profiles = skill_profiles.of_skills(session, list(codes))
    return sponsors.told((codes[one], profiles[one]) for one in codes if one in profiles)


def _hour(session: Session, bodies: Sequence[Plain]) -> Plain:
    codes = hour.asked(bodies)
    first, upto = hour.window(_minute())
    asked = (
        select(Skill.code, func.count(), func.max(PublicHistory.minute))
        .join(Skill, Skill.id == PublicHistory.skill_id)
        .where(Skill.code.in_(codes), PublicHistory.minute.between(first, upto - 1))
        .group_by(Skill.code)
    )
    moved = {code: hour.Moved(minutes, last) for code, minutes, last in session.execute(asked)}
    return {"kind": "hour", "code": hour.chosen(codes, moved)}


def _minute() -> int:
    return int(now().timestamp()) // 60
