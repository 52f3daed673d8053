"""Who sits where on a panel, who stands aside from which work, and what was overridden."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from competition.database import Model


class PanelSeat(Model):
    """A judge on a chair of a panel: the whole skill's (`sheet` ""), or the team of one
    sub-criterion, by its code. Chair 0 is the supervisor's.

    It holds for the skill's observations after `since` up to `until`, these included; the two times
    say the same to people. `seed`: what an automatic appointment was drawn with.
    """

    __tablename__ = "panel_seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    sheet: Mapped[str] = mapped_column(String(20))
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    chair: Mapped[int]
    since: Mapped[int]
    until: Mapped[int | None]
    seed: Mapped[str] = mapped_column(String(64), default="")
    appointed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    appointed_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")


class Recusal(Model):
    """回避: a judge does not mark one entry, or none of the skill (`entry_id` None).

    `source` is "judge" or "chief", who asked for it, or "conflict": found by `conflict_notes`, then
    `ties` are the kinds. It holds for observations after `since` up to `until`; with `from_start`
    what the judge gave before does not count either.
    """

    __tablename__ = "recusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    source: Mapped[str] = mapped_column(String(10))
    ties: Mapped[list[Any]] = mapped_column(default=list)
    reason: Mapped[str] = mapped_column(Text, default="")
    from_start: Mapped[bool] = mapped_column(default=False)
    since: Mapped[int]
    until: Mapped[int | None]
    by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")


class ConflictOverride(Model):
    """The chief judge lets a judge mark in spite of one kind of tie, with a reason that follows the
    marks. For all entries that the tie is to: which they are the chief judge must not learn."""

    __tablename__ = "conflict_override"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    tie: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[int]
    until: Mapped[int | None]
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(Text, default="")
