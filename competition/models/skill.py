"""One of the event categories, with the head of its ledger."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.edition import Venue, Zone


class Release(StrEnum):
    """What the public may see of a skill's marks before it is locked (decisions 1 to 4)."""

    HIDDEN = "hidden"
    AUTOMATIC = "automatic"  # hidden while anybody works; then machine marks as judges confirm them
    CONFIRMED = "confirmed"  # marks whose sheet is confirmed, judgements when all have voted
    FROZEN = "frozen"  # stays as it was at the moment of the freeze


class Skill(Model):
    """赛项. `revision` counts every act that concerns its results; it is for staff only."""

    __tablename__ = "skill"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(10), unique=True)
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
    sector_zh: Mapped[str] = mapped_column(String(100))
    sector_en: Mapped[str] = mapped_column(String(100))
    track: Mapped[str] = mapped_column(String(20))
    team_size: Mapped[int] = mapped_column(default=1)
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"))
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    is_blind: Mapped[bool] = mapped_column(default=True)
    release: Mapped[str] = mapped_column(String(20), default=Release.HIDDEN)
    release_delay: Mapped[int] = mapped_column(default=0)  # minutes; over with the lock
    release_top: Mapped[int | None]  # only so many places
    release_parts: Mapped[bool] = mapped_column(default=False)  # with a sum for each criterion
    release_aliases: Mapped[bool] = mapped_column(default=False)  # no names, as in a blind skill
    locked_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    ledger_head: Mapped[str] = mapped_column(String(64), default="")

    zone: Mapped[Zone | None] = relationship()
    venue: Mapped[Venue | None] = relationship()
