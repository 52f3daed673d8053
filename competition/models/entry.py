"""Entries in skills: who takes part, and who coached them."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.edition import Delegation
from competition.models.person import Affiliation, Person
from competition.models.skill import Skill
from competition.models.stage import Stage


class EntryState(StrEnum):
    """How far an entry is. Eligibility is judged after it was entered, never while importing."""

    ENTERED = "entered"
    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Status(StrEnum):
    """What a competitor is: some awards are for employees, others for students."""

    EMPLOYEE = "employee"
    STUDENT = "student"


class Entry(Model):
    """报名: a person or a team in one skill at one stage.

    `code` is what judges see (编号), `alias` what the public sees of a blind skill; both are drawn
    at random and differ, so that neither gives the other away (decisions 1, 2). `is_reserve`: takes
    part only as a substitute. `out_of_competition`: takes part without a place in the standings.
    `batch_id` names the roster that made the entry, if one did. `answers_missing`: how many needed
    extra questions have no answer, counted anew by whatever changes it (`answers.recount`).
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("skill_id", "code"),
        UniqueConstraint("skill_id", "alias"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), index=True)
    stage_id: Mapped[int | None] = mapped_column(ForeignKey("stage.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("roster_batch.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default=EntryState.ENTERED)
    is_reserve: Mapped[bool] = mapped_column(default=False)
    out_of_competition: Mapped[bool] = mapped_column(default=False)
    code: Mapped[str] = mapped_column(String(10))
    alias: Mapped[str] = mapped_column(String(10))
    workstation: Mapped[int | None]
    answers_missing: Mapped[int] = mapped_column(server_default="0")

    skill: Mapped[Skill] = relationship()
    delegation: Mapped[Delegation] = relationship()
    stage: Mapped[Stage | None] = relationship()
    members: Mapped[list["Member"]] = relationship(back_populates="entry")
    coaches: Mapped[list["Coach"]] = relationship(order_by="Coach.id")


class Member(Model):
    """选手: a person of an entry, with what was declared of them. `medals` are earlier ones that a
    skill's rules may exclude, such as "national-gold"."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("entry_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    status: Mapped[str | None] = mapped_column(String(10))  # a word of Status
    local_years: Mapped[int | None]  # of work or study in the province, as declared
    medals: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")

    entry: Mapped[Entry] = relationship(back_populates="members")
    person: Mapped[Person] = relationship()


class Coach(Model):
    """教练: who coached an entry, a person we know or a name with an affiliation. Awards name them,
    and a judge must not be one."""

    __tablename__ = "coach"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    affiliation_id: Mapped[int | None] = mapped_column(ForeignKey("affiliation.id"))

    affiliation: Mapped[Affiliation | None] = relationship()
