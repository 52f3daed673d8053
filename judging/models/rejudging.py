"""重判: a set of hand-ins judged anew beside the live results, and the questions it opens."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models import Account


class Rejudging(Model):
    """A set that is judged anew, and applied or dropped as a whole, with a reason.

    `state`: open → applied or dropped. `wanted` says how the set was chosen. `outcome` keeps the
    table of differences as the chief judge saw it when deciding; nothing in it before that.
    """

    __tablename__ = "rejudging"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    wanted: Mapped[dict[str, Any]]
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="open")
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[list[Any]] = mapped_column(default=list)

    asker: Mapped[Account] = relationship(foreign_keys=asked_by)
    decider: Mapped[Account | None] = relationship(foreign_keys=decided_by)


class MarkQuestion(Model):
    """分数疑问: a machine found something else than the mark that a judge has given.

    Asked by a rejudging, or by `evaluation_id`, the judging of a later hand-in. The mark stays as
    it is; the chief judge answers with a reason. `mark` is the judges' mark when the question was
    opened, `before` and `after` what the machine proposed (hundredths, None: not determined).
    """

    __tablename__ = "mark_question"
    __table_args__ = (UniqueConstraint("rejudging_id", "entry_id", "aspect_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    rejudging_id: Mapped[int | None] = mapped_column(ForeignKey("rejudging.id"))
    evaluation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    aspect_id: Mapped[int] = mapped_column(ForeignKey("aspect.id"))
    mark: Mapped[int]
    before: Mapped[int | None]
    after: Mapped[int | None]
    is_confirmed: Mapped[bool]
    asked_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
