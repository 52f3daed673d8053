"""What the public is shown of a skill beside its name: host, photo, sponsors."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from competition.database import Model


class SkillProfile(Model):
    """赛项介绍: `body` is a `rules.skill_profile.Profile`; earlier ones are in the ledger."""

    __tablename__ = "skill_profile"

    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    version: Mapped[int]
    body: Mapped[dict[str, Any]]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
