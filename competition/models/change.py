"""What a delegation asks for after the deadline, and what it was answered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.edition import Delegation
from competition.models.entry import Entry


class ChangeKind(StrEnum):
    """What is wanted."""

    CHANGE = "change"
    WITHDRAW = "withdraw"
    SUBSTITUTE = "substitute"
    ADD = "add"
    ANSWERS = "answers"  # to extra questions


class ChangeState(StrEnum):
    """Where a request stands. Taking one back is not answering it."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class ChangeRequest(Model):
    """变更申请. `wanted_sealed` is the wanted state as sealed JSON; ADD has no entry before it is
    approved."""

    __tablename__ = "change_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), index=True)
    delegation_id: Mapped[int] = mapped_column(ForeignKey("delegation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    wanted_sealed: Mapped[bytes]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default=ChangeState.ASKED)
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    entry: Mapped[Entry | None] = relationship()
    delegation: Mapped[Delegation] = relationship()
