"""What a skill asks of its entries beside the roster, in versions, and what was answered."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.database import Model


class FormVersion(Model):
    """补充信息表: one version of a skill's extra questions (`rules/forms`); the newest counts."""

    __tablename__ = "form_version"
    __table_args__ = (UniqueConstraint("skill_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    version: Mapped[int]
    body: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class Answers(Model):
    """What was answered for one subject of an entry: "entry", a person ("p" and the id) or a coach
    ("c" and a hash of the name, since rosters write coaches anew). Personal answers are sealed."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("entry_id", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    subject: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    said: Mapped[dict[str, Any]]  # key → answer
    sealed: Mapped[bytes | None]  # the personal ones, as sealed JSON
    at: Mapped[datetime]


class AnswerDraft(Model):
    """What somebody is typing for an entry and has not handed in: the fields as texts, sealed."""

    __tablename__ = "answer_draft"
    __table_args__ = (UniqueConstraint("entry_id", "by"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    sealed: Mapped[bytes]
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
