"""签字、锁定、抽查、成绩版本: the steps between the last mark and the published result."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models import Account


class Reopening(Model):
    """重新打开: signed sheets become open to marks again, with a reason.

    `scope`: "sheet" (`entry_id` names the work), "sub", "day" or "skill"; `subs` are the
    sub-criteria that it reaches. What is locked needs a second person; what is signed only, the
    chief judge alone. It counts from `agreed_at`; `after` is the skill's last observation then:
    marks that come later carry the star.
    """

    __tablename__ = "reopening"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    scope: Mapped[str] = mapped_column(String(10))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    subs: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    agreed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    after: Mapped[int | None]

    asker: Mapped[Account] = relationship(foreign_keys=[asked_by])
    agreer: Mapped[Account | None] = relationship(foreign_keys=[agreed_by])


class Signature(Model):
    """签字: somebody's on a sheet as it stood (`digest`), until a reopening ends it.

    `role`: "judge", "competitor" or "chief". A competitor who does not sign is noted by the chief
    judge with the reason in `remark`. Pages for judges never say whose a competitor's is.
    """

    __tablename__ = "signature"
    __table_args__ = (Index("ix_signature_sheet", "entry_id", "sub_criterion_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    sub_criterion_id: Mapped[int] = mapped_column(ForeignKey("sub_criterion.id"))
    role: Mapped[str] = mapped_column(String(10))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(64))
    remark: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    reopening_id: Mapped[int | None] = mapped_column(ForeignKey("reopening.id"))

    account: Mapped[Account] = relationship()


class SheetLock(Model):
    """锁定 of one sub-criterion, for all works; by itself or with its day (`day`)."""

    __tablename__ = "sheet_lock"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    sub_criterion_id: Mapped[int] = mapped_column(ForeignKey("sub_criterion.id"))
    day: Mapped[str | None] = mapped_column(String(20))
    locked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    reopening_id: Mapped[int | None] = mapped_column(ForeignKey("reopening.id"))


class Recheck(Model):
    """抽查 of a skill: drawn once its marks are complete, by a seed that nobody could choose.

    `seed` is the hash of the ledger's row `number`, the head when it was drawn. `share` and
    `limit` are per cent, as the rules said then. `everything_at`: since when all are checked.
    """

    __tablename__ = "recheck"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), unique=True)
    number: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    share: Mapped[int]
    limit: Mapped[int]
    drawn_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    everything_at: Mapped[datetime | None]

    sheets: Mapped[list["RecheckSheet"]] = relationship(order_by="RecheckSheet.id")


class RecheckSheet(Model):
    """One sheet that is checked again, and why: "top", "drawn" or "all"."""

    __tablename__ = "recheck_sheet"
    __table_args__ = (UniqueConstraint("recheck_id", "entry_id", "sub_criterion_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recheck_id: Mapped[int] = mapped_column(ForeignKey("recheck.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    sub_criterion_id: Mapped[int] = mapped_column(ForeignKey("sub_criterion.id"))
    why: Mapped[str] = mapped_column(String(10))

    findings: Mapped[list["RecheckFinding"]] = relationship(order_by="RecheckFinding.id")


class RecheckFinding(Model):
    """What who did not mark a sheet found of it, as it stood (`digest`). It alters no mark.

    `differs`: [{"aspect": code, "value": as written, "reason"}], empty when all agrees. The
    chief judge answers a difference: the marks stand (`answer`), or the sheet goes back.
    """

    __tablename__ = "recheck_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("recheck_sheet.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    digest: Mapped[str] = mapped_column(String(64))
    differs: Mapped[list[Any]]
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship(foreign_keys=[account_id])


class TieDecision(Model):
    """裁决 of one tie: what the chief judge gives after the lock, of all who are tied at once.

    `by`: "time" (seconds worked), "vote" (the panel's votes) or "ruling" (the rank, signed by PIN
    on `device`). `figures`: [{"entry", "figure", "measured"}]; `measured`: by the clock and the
    hand-ins, as the page offered it. A correction is a later row. `locked_at`: the skill's lock
    that it was given under.
    """

    __tablename__ = "tie_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    by: Mapped[str] = mapped_column(String(10))
    figures: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(Text)
    locked_at: Mapped[datetime]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    device: Mapped[str] = mapped_column(String(64), default="")
    at: Mapped[datetime]

    account: Mapped[Account] = relationship()

    @property
    def of_entries(self) -> dict[int, int]:
        """Entry → its figure."""
        return {one["entry"]: one["figure"] for one in self.figures}


class ResultVersion(Model):
    """成绩版本: a skill's results as they were locked; each lock makes the next version, and so
    does each decision of a tie after it.

    `state`: locked → handed_over → received → published; a published one that is unlocked becomes
    must_republish, any other one withdrawn; a later published version, or a decision of a tie,
    makes it replaced. `lines`:
    [{"code", "place", "total", "award"}] as they stood; `steps`: [{"state", "by", "at"}].
    """

    __tablename__ = "result_version"
    __table_args__ = (UniqueConstraint("skill_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="locked")
    lines: Mapped[list[Any]]
    steps: Mapped[list[Any]]
    at: Mapped[datetime]
