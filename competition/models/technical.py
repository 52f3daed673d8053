"""The technical file of a skill in its versions, who read which, and the days of preparation."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.database import Model


class TechnicalFile(Model):
    """技术文件: one version, public from the day `publish_on`; a row never changes. A PDF lies
    among the blobs under `attached`, its SHA-256."""

    __tablename__ = "technical_file"
    __table_args__ = (UniqueConstraint("skill_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    version: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(200))
    attached: Mapped[str | None] = mapped_column(String(64))
    attached_size: Mapped[int] = mapped_column(default=0)
    publish_on: Mapped[date]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class TechnicalReading(Model):
    """已读: that an account confirmed having read a version, once."""

    __tablename__ = "technical_reading"
    __table_args__ = (UniqueConstraint("file_id", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("technical_file.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime]


class MilestoneDay(Model):
    """A day of preparation that the organiser set; where there is none, the preset counts."""

    __tablename__ = "milestone_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    due_on: Mapped[date]
