"""Bulk acts of the office on entries: what each changed, so that it can be undone as one."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.account import Account


class BulkKind(StrEnum):
    """What is done to the chosen entries."""

    JUDGE = "judge"
    APPROVE = "approve"
    WITHDRAW = "withdraw"


class BulkAct(Model):
    """批量操作: one act on many entries. `count` is how many changed; the ledger keeps a digest of
    its changes."""

    __tablename__ = "bulk_act"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text, default="")
    count: Mapped[int]
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_at: Mapped[datetime | None]

    actor: Mapped[Account] = relationship(foreign_keys=[by])


class BulkChange(Model):
    """The state of one entry before and after a bulk act."""

    __tablename__ = "bulk_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    bulk_id: Mapped[int] = mapped_column(ForeignKey("bulk_act.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    before: Mapped[str] = mapped_column(String(12))
    after: Mapped[str] = mapped_column(String(12))
