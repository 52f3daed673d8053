"""Tablets of the hall, and what comes from a tablet beside marks: which sheet is open on it, calls
for help, notes and photos."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models import Account


class PairingCode(Model):
    """A code that pairs one tablet, once and for some minutes. Only its hash is kept."""

    __tablename__ = "pairing_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    until: Mapped[datetime]
    used_at: Mapped[datetime | None]


class HallTablet(Model):
    """A tablet of the hall. `number` is what people call it, free again when it is unpaired.

    It reads and posts nothing by itself: a judge who shows a PIN on it gets a `Device` of their
    own, whose `tablet_id` leads here. Only the hash of its token is kept (decisions 7).
    """

    __tablename__ = "hall_tablet"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    paired_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    waiting: Mapped[int] = mapped_column(default=0)  # posts of everybody that it still holds
    version: Mapped[str] = mapped_column(String(40), default="")  # of the page that it runs
    revoked_at: Mapped[datetime | None]

    pairer: Mapped[Account] = relationship(foreign_keys=paired_by)


class OpenedSheet(Model):
    """The sheet that is open on a device; `watching`: it only looks on. One row per device."""

    __tablename__ = "opened_sheet"
    __table_args__ = (Index("ix_opened_sheet_sheet", "entry_id", "sub_criterion_id"),)

    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    sub_criterion_id: Mapped[int] = mapped_column(ForeignKey("sub_criterion.id"))
    watching: Mapped[bool] = mapped_column(default=False)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # who took it over
    since: Mapped[datetime]
    seen_at: Mapped[datetime]


class HelpCall(Model):
    """Somebody at a tablet calls for help: `kind` is chief, technician, medical or conflict. On a
    tablet of the hall that is locked, nobody knows who."""

    __tablename__ = "help_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("hall_tablet.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    judge_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(20), default="")  # of the work that was open
    words: Mapped[str] = mapped_column(String(500), default="")
    device_at: Mapped[datetime | None]
    at: Mapped[datetime]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    taken_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    done_at: Mapped[datetime | None]

    judge: Mapped[Account | None] = relationship(foreign_keys=judge_id)
    tablet: Mapped[HallTablet | None] = relationship()
    taker: Mapped[Account | None] = relationship(foreign_keys=taken_by)


class Remark(Model):
    """A note or a photo that a judge left at an aspect of a work; append-only.

    `photo` is the SHA-256 of a blob. A row with `takes_back` (the id of another) ends what that one
    says. `state` and `refusal` as in an observation (decisions 6). With `removed_at` its words and
    the bytes of its photo are gone, kept long enough (judging/remark_retention.py).
    """

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_cell", "entry_id", "aspect_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    aspect_id: Mapped[int | None] = mapped_column(ForeignKey("aspect.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    device_id: Mapped[int] = mapped_column(ForeignKey("device.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    photo: Mapped[str | None] = mapped_column(String(64), index=True)
    media_type: Mapped[str | None] = mapped_column(String(20))
    takes_back: Mapped[int | None] = mapped_column(ForeignKey("remark.id"))
    device_at: Mapped[datetime | None]
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="taken")
    refusal: Mapped[dict[str, Any] | None]
    posted: Mapped[dict[str, Any] | None]
    removed_at: Mapped[datetime | None]
