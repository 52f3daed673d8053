"""Read: the sections of the occupational standard (WSOS) that the scheme of a skill is made to."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.models import Scheme
from judging.rules import standard as rules
from judging.rules.scheme import Section, Text
from judging.rules.standard import Part


def of(session: Session, skill_id: int, *, is_final: bool) -> tuple[Part, ...]:
    """The sections of the version that counts; none where no scheme is adopted. `is_final` is what
    the public board says of the skill, so that this page says nothing before it."""
    asked = select(Scheme.sections, Scheme.total).where(Scheme.skill_id == skill_id)
    found = session.execute(asked.order_by(Scheme.version.desc()).limit(1)).one_or_none()
    if found is None:
        return ()
    sections = [
        Section(one["number"], Text(one["name_zh"], one["name_en"]), one["declared"], one["marks"])
        for one in found.sections
    ]
    return rules.shown(sections, found.total, is_final=is_final)
