"""What an entry's eligibility stands on: evidence, exceptions, and the rules of a skill."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.account import Account


class EvidenceKind(StrEnum):
    """What a paper proves."""

    RESIDENCE = "residence"
    WORK = "work"
    STUDENT = "student"
    CONSENT = "consent"
    OTHER = "other"


class EvidenceFile(Model):
    """证明材料: a paper that proves what an entry says. Its bytes lie sealed in a file of their own
    (`sealed_files`), `kept_as`; a paper that was removed keeps its row, which says who removed it.
    `sha256` is that of what was uploaded, so that a double tap makes one paper. `answers_to` names
    the extra question that it answers: subject, a point and key."""

    __tablename__ = "evidence_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # a word of EvidenceKind
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(40), default="", server_default="")
    kept_as: Mapped[str | None] = mapped_column(String(40))
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    removed_at: Mapped[datetime | None]
    removed_why: Mapped[str] = mapped_column(String(200), default="", server_default="")
    answers_to: Mapped[str | None] = mapped_column(String(62))

    giver: Mapped[Account | None] = relationship(foreign_keys=[by])
    remover: Mapped[Account | None] = relationship(foreign_keys=[removed_by])


class EligibilityException(Model):
    """例外: a rule that shall not count for an entry: one person asks, a second one answers."""

    __tablename__ = "eligibility_exception"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    rule: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]
    is_granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")


class SkillRules(Model):
    """The rules of a skill as data, a version for every change; the newest counts."""

    __tablename__ = "skill_rules"
    __table_args__ = (UniqueConstraint("skill_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    version: Mapped[int]
    body: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
