"""赛段: a timed stretch of work, and what changed its end: pauses, extra time, late starts."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.entry import Entry
from competition.models.skill import Skill


class Period(Model):
    """A working period of a skill; `task` names the task package worked on, if there is one."""

    __tablename__ = "period"
    __table_args__ = (UniqueConstraint("skill_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    number: Mapped[int]
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    minutes: Mapped[int]
    task: Mapped[str | None] = mapped_column(String(64))
    planned_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # when the last personal end had passed and this was noted

    skill: Mapped[Skill] = relationship()
    pauses: Mapped[list["Pause"]] = relationship(order_by="Pause.id")
    extra_times: Mapped[list["ExtraTime"]] = relationship(order_by="ExtraTime.id")
    late_starts: Mapped[list["LateStart"]] = relationship(order_by="LateStart.id")


class Pause(Model):
    """A stretch in which the clock stands still: for one entry, or without one for the skill."""

    __tablename__ = "pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500))

    entry: Mapped[Entry | None] = relationship()


class ExtraTime(Model):
    """Minutes given to one entry. `key` makes giving them twice harmless."""

    __tablename__ = "extra_time"

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    minutes: Mapped[int]
    reason: Mapped[str] = mapped_column(String(500))
    key: Mapped[str] = mapped_column(String(64), unique=True)

    entry: Mapped[Entry] = relationship()


class LateStart(Model):
    """An entry that began later through no fault of its own, with its full time from then."""

    __tablename__ = "late_start"
    __table_args__ = (UniqueConstraint("period_id", "entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    starts_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(500))

    entry: Mapped[Entry] = relationship()
