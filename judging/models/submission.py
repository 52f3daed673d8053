"""What competitors handed in, and each run of it through the sandbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models import Entry, Period


class Upload(Model):
    """An announced hand-in: name, size and SHA-256 before the end; the bytes may follow for 60 s
    (decisions 9)."""

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    announced_at: Mapped[datetime]


class Submission(Model):
    """A complete hand-in. The last one in time counts; a late one is kept and waits for a ruling.

    `files` is [{"name", "size", "sha256"}]; the bytes lie in the blob folder under `sha256`.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("entry_id", "period_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    receipt: Mapped[str] = mapped_column(String(20), unique=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    files: Mapped[list[Any]]
    announced_at: Mapped[datetime]
    at: Mapped[datetime]
    is_late: Mapped[bool] = mapped_column(default=False)

    entry: Mapped[Entry] = relationship()
    period: Mapped[Period] = relationship()
    evaluations: Mapped[list["Evaluation"]] = relationship(order_by="Evaluation.id")


class Evaluation(Model):
    """One judging of a submission in the sandbox, claimed with a lease and a fence.

    `state`: queued → running → done, or failed when the sandbox's own failure was retried in vain
    and waits for a person, or dropped with its rejudging. Only the holder of the newest `fence` may
    write the end. One that belongs to a rejudging is judged beside the live results, and is one of
    them only once `applied_at` is set.
    """

    __tablename__ = "evaluation"

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    rejudging_id: Mapped[int | None] = mapped_column(ForeignKey("rejudging.id"), index=True)
    applied_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(10), default="queued", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    checks_done: Mapped[int] = mapped_column(default=0)
    checks_total: Mapped[int] = mapped_column(default=0)
    verdict: Mapped[str | None] = mapped_column(String(10))
    message_zh: Mapped[str] = mapped_column(Text, default="")
    message_en: Mapped[str] = mapped_column(Text, default="")
    image: Mapped[str | None] = mapped_column(String(100))

    submission: Mapped[Submission] = relationship(overlaps="evaluations")
    checks: Mapped[list["CheckRow"]] = relationship(order_by="CheckRow.id")


class CheckRow(Model):
    """检查: one automatic test of one evaluation, and what it saw.

    `evidence` is [{"kind", "name", "sha256", "media_type"}], the bytes in the blob folder.
    """

    __tablename__ = "check_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    check: Mapped[str] = mapped_column(String(100))
    aspect: Mapped[str] = mapped_column(String(20))
    title_zh: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(10))
    points: Mapped[int]
    public: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[str] = mapped_column(String(15))
    message_zh: Mapped[str] = mapped_column(Text, default="")
    message_en: Mapped[str] = mapped_column(Text, default="")
    duration_ms: Mapped[int] = mapped_column(default=0)
    evidence: Mapped[list[Any]]
