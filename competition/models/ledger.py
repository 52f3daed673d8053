"""台账: the append-only record of every act, chained by hashes."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.database import Model


class LedgerRow(Model):
    """One act. `skill_id` names the chain; without one the row is in the competition's chain.

    Personal values never stand in `body`: it refers to rows by their ids, which can be erased.
    """

    __tablename__ = "ledger_row"
    __table_args__ = (UniqueConstraint("skill_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int | None] = mapped_column(ForeignKey("skill.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(100))
    body: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
