"""What an address names, or 404."""

from flask import abort
from sqlalchemy import select

from competition.database import db
from competition.models import Skill


def skill_or_404(code: str) -> Skill:
    """The skill of an address."""
    skill = db.session.scalar(select(Skill).where(Skill.code == code))
    if skill is None:
        abort(404)
    return skill
