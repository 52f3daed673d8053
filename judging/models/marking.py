"""What judges and machines observed, who confirmed it, and the tablets it came from."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models import Account
from judging.models.tablet import HallTablet


class Device(Model):
    """A paired tablet. Only the hash of its token is kept (decisions 7)."""

    __tablename__ = "device"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    waiting: Mapped[int] = mapped_column(default=0)  # marks it said it had not yet sent
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("hall_tablet.id"), index=True)
    version: Mapped[str] = mapped_column(String(40), default="")  # of the page that it runs
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
    tablet: Mapped[HallTablet | None] = relationship()


class Observation(Model):
    """What was observed for one aspect of one entry; append-only, a correction is a later row.

    `value` is a mark in hundredths for a measurement, 0 to 3 for a vote, None for "taken back";
    `observed` what was measured, as the judge gave it, where the mark was worked out from it.
    `source` is "judge" or "machine" (a proposal). `base_id` is the observation that the device
    showed when the judge tapped. `state` is "taken" or "set_aside" (decisions 6), then with the
    sentence why. A row with `decides` is the chief judge's choice between differing entries.
    """

    __tablename__ = "observation"
    __table_args__ = (Index("ix_observation_cell", "entry_id", "aspect_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    aspect_id: Mapped[int | None] = mapped_column(ForeignKey("aspect.id"))
    source: Mapped[str] = mapped_column(String(10))
    judge_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("device.id"))
    evaluation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation.id"))
    value: Mapped[int | None]
    observed: Mapped[str | None] = mapped_column(String(40))
    round: Mapped[int] = mapped_column(default=1)
    base_id: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    decides: Mapped[bool] = mapped_column(default=False)
    device_at: Mapped[datetime | None]
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="taken")
    refusal: Mapped[dict[str, Any] | None]
    posted: Mapped[dict[str, Any] | None]  # what was posted, kept whole when it was set aside


class Confirmation(Model):
    """A second judge says that a measurement sheet is right as it stood at `last_observation_id`.

    Any later observation on the sheet takes the confirmation's force away.
    """

    __tablename__ = "confirmation"
    __table_args__ = (Index("ix_confirmation_sheet", "entry_id", "sub_criterion_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    sub_criterion_id: Mapped[int] = mapped_column(ForeignKey("sub_criterion.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    last_observation_id: Mapped[int]
    at: Mapped[datetime]
