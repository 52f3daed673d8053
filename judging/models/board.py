"""What the public may see at this moment, already computed: skill by skill, and over all."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from competition.database import Model


class PublicBoard(Model):
    """The one public document of a skill: pages, JSON, sockets and exports all send `body`.

    `sequence` rises only when `body` changes (decisions 3), so it tells nothing of sealed work;
    `revision` is the skill's revision that `body` was computed from.
    """

    __tablename__ = "public_board"

    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=-1)
    digest: Mapped[str] = mapped_column(String(64), default="")
    body: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class ReleaseChange(Model):
    """Other terms of release for a skill, in force from `at` on: at once or, planned, at noon.

    `key` is of one act, which may be for many skills; `terms` and `before` are as rules/release.py
    has them, `before` since it was done. A change is done or dropped, once.
    """

    __tablename__ = "release_change"
    __table_args__ = (UniqueConstraint("key", "skill_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), index=True)
    at: Mapped[datetime]
    terms: Mapped[dict[str, Any]]
    before: Mapped[dict[str, Any] | None]
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    dropped_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class OverallBoard(Model):
    """A public document over all skills: "now", "medals" or "delegations".

    It is made from the skills' public documents only. `sequence` rises only when `body` changes,
    as with a skill's document.
    """

    __tablename__ = "overall_board"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64), default="")
    body: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class PublicHistory(Model):
    """What the public was shown of a skill in a minute (of the epoch, UTC), the last of it.

    Written with the public document, so that it holds what was public then and nothing else.
    `lines`: [key, place, total in hundredths] of every line that had a result; a key is the hash
    of a label (`rules/history.py`), so that nobody's name stays here.
    """

    __tablename__ = "public_history"

    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"), primary_key=True)
    minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lines: Mapped[list[Any]]
