"""People, where they come from, and their entries in skills."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.edition import Delegation
from competition.models.skill import Skill


class Affiliation(Model):
    """单位: the school or company where a person studies or works."""

    __tablename__ = "affiliation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class Person(Model):
    """人员: a human being, once, whatever the number of entries."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    id_number: Mapped[str | None] = mapped_column(String(18), unique=True)
    born_on: Mapped[date | None]
    affiliation_id: Mapped[int | None] = mapped_column(ForeignKey("affiliation.id"))

    affiliation: Mapped[Affiliation | None] = relationship()


class Entry(Model):
    """报名: a person or a team in one skill.

    `code` is what judges see (编号), `alias` what the public sees of a blind skill; both are drawn
    at random and differ, so that neither gives the other away (decisions 1, 2).
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("skill_id", "code"),
        UniqueConstraint("skill_id", "alias"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), index=True)
    code: Mapped[str] = mapped_column(String(10))
    alias: Mapped[str] = mapped_column(String(10))
    workstation: Mapped[int | None]

    skill: Mapped[Skill] = relationship()
    delegation: Mapped[Delegation] = relationship()
    members: Mapped[list["Member"]] = relationship(back_populates="entry")


class Member(Model):
    """选手: a person of an entry."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("entry_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)

    entry: Mapped[Entry] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()
