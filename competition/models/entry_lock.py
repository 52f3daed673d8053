"""Acts that close the entries of skills, and those that open them again."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.account import Account
from competition.models.skill import Skill


class EntryLock(Model):
    """报名锁定: one act on the entries of one or more skills. `kind` is a word of LockKind. A lock
    counts at once; an unlocking is asked for with a reason and counts from a second person's
    answer, `until` a time or until somebody locks again."""

    __tablename__ = "entry_lock"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")
    until: Mapped[datetime | None]
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime | None]
    is_granted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    skills: Mapped[list[Skill]] = relationship(secondary="entry_lock_skill", order_by=Skill.id)
    actor: Mapped[Account] = relationship(foreign_keys=[by])
    second: Mapped[Account | None] = relationship(foreign_keys=[answered_by])


class EntryLockSkill(Model):
    """A skill that an act concerns."""

    __tablename__ = "entry_lock_skill"

    lock_id: Mapped[int] = mapped_column(ForeignKey("entry_lock.id"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True, index=True)
