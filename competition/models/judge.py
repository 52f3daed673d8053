"""The judge register, the files it came in, and what judges declare of their relations."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.edition import Delegation
from competition.models.person import Person


class Level(StrEnum):
    """How far a judge is qualified."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    CITY = "city"


class JudgeRecord(Model):
    """裁判库: a person who may be called as a judge. Name, school or company and telephone are the
    person's; `delegation_id` is the prefecture that sends them, None for a third party. `fields`
    are codes of skills that they know. Who left the register has `left_at`. `photo` names a sealed
    file (`judge_photos`)."""

    __tablename__ = "judge_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"), index=True)
    level: Mapped[str | None] = mapped_column(String(10))  # a word of Level
    fields: Mapped[list[Any]] = mapped_column(default=list)
    since: Mapped[date | None]
    until: Mapped[date | None]  # the last day of the term
    trained_on: Mapped[date | None]
    training: Mapped[str] = mapped_column(String(200), default="")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("judge_batch.id"), index=True)
    left_at: Mapped[datetime | None]
    photo: Mapped[str | None] = mapped_column(String(32))

    person: Mapped[Person] = relationship()
    delegation: Mapped[Delegation | None] = relationship()


class JudgeBatch(Model):
    """A file of judges: kept sealed while it is looked at, imported and undone as a whole.

    `counts`: {"new", "changed", "same", "wrong"} rows; `before_sealed` what the import changed, so
    that undoing puts it back. `state`: ready, imported, undone or dropped.
    """

    __tablename__ = "judge_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    file_sealed: Mapped[bytes | None]
    before_sealed: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(String(10))
    counts: Mapped[dict[str, Any]]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    uploaded_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class Declaration(Model):
    """申报: a judge's relation to somebody, or that there is none (`tie` "none"), for one skill.

    Whom it concerns is sealed ({"name", "place", "words"}); `name_hash` and `place_hash` find the
    person or the place in a skill without opening it. `entry_id`: a work that the judge recognised.
    `person_id` and `affiliation_id`: whom the office found it to mean; `settled_at`: the office
    looked. A withdrawn one stays, with the reason.
    """

    __tablename__ = "declaration"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    tie: Mapped[str] = mapped_column(String(12))  # of rules.conflicts.DECLARED, or "none"
    told_sealed: Mapped[bytes | None]
    name_hash: Mapped[str | None] = mapped_column(String(64))
    place_hash: Mapped[str | None] = mapped_column(String(64))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    affiliation_id: Mapped[int | None] = mapped_column(ForeignKey("affiliation.id"))
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str] = mapped_column(Text, default="")
