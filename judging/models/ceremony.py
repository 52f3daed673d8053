"""揭榜典礼: a ceremony, its projects as they were prepared, and the machines that may show it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model


class Ceremony(Model):
    """What is chosen for a ceremony, and where it stands.

    `state`: prepared → on_stage → over, which may go on stage again. `slide` counts from 1; `turn`
    rises with every press that did something, so that a late one is known, and `moved_at` is when
    the last one did. `cover`: "" (the slide
    shows), "blank" or "pause". `project` is the number of the present project.
    """

    __tablename__ = "ceremony"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    order: Mapped[str] = mapped_column(String(10))
    measure: Mapped[str] = mapped_column(String(10))
    is_rehearsal: Mapped[bool]
    skills: Mapped[list[Any]]  # ids, in the order of the stage
    state: Mapped[str] = mapped_column(String(10), default="prepared")
    project: Mapped[int] = mapped_column(default=1)
    slide: Mapped[int] = mapped_column(default=1)
    turn: Mapped[int] = mapped_column(default=0)
    moved_at: Mapped[datetime | None]
    cover: Mapped[str] = mapped_column(String(10), default="")
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]


class CeremonyProject(Model):
    """The slides of a ceremony, fixed when it was prepared; preparing again makes the next one.

    `versions`: [{"skill", "code", "id", "version"}], the result versions that the slides were made
    from; none in a rehearsal. `told`: the skills whose list the stage has told whole, so that it is
    public by it.
    """

    __tablename__ = "ceremony_project"
    __table_args__ = (UniqueConstraint("ceremony_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremony.id"), index=True)
    number: Mapped[int]
    versions: Mapped[list[Any]]
    slides: Mapped[list[Any]] = mapped_column(deferred=True)  # whoever polls needs none of it
    digest: Mapped[str] = mapped_column(String(64))
    told: Mapped[list[Any]]
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]

    ceremony: Mapped[Ceremony] = relationship()


class StageKey(Model):
    """A link that opens the stage on one machine, once: used, it becomes that machine's key. Only
    SHA-256 sums of either are kept."""

    __tablename__ = "stage_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    ceremony_id: Mapped[int] = mapped_column(ForeignKey("ceremony.id"), index=True)
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    key_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
