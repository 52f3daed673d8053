"""One edition of the competition, its zones and venues, and the delegations that enter people."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model


class Door(StrEnum):
    """Who may sign in. Whoever is in stays in."""

    EVERYBODY = "everybody"
    STAFF = "staff"  # neither competitors nor team leaders
    ORGANISERS = "organisers"


class Competition(Model):
    """The edition. There is one row; it heads the chain of acts that concern no skill.

    `asks_second_factor`: whoever can change results shows one; the demo does not ask.
    """

    __tablename__ = "competition"

    id: Mapped[int] = mapped_column(primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    is_demo: Mapped[bool] = mapped_column(default=False)
    simulating: Mapped[bool] = mapped_column(default=False)
    asks_second_factor: Mapped[bool] = mapped_column(default=False)
    # Identity numbers and evidence are removed this many days after the last day; 0 keeps them.
    keeps_days: Mapped[int] = mapped_column(default=180, server_default="180")
    door: Mapped[str] = mapped_column(String(12), default=Door.EVERYBODY)
    revision: Mapped[int] = mapped_column(default=0)
    ledger_head: Mapped[str] = mapped_column(String(64), default="")


class Zone(Model):
    """赛区: a city that hosts skills."""

    __tablename__ = "zone"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))


class Venue(Model):
    """场馆: a hall in a zone."""

    __tablename__ = "venue"

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int] = mapped_column(ForeignKey("zone.id"))
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))

    zone: Mapped[Zone] = relationship()


class Delegation(Model):
    """代表团: who enters people."""

    __tablename__ = "delegation"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name_zh: Mapped[str] = mapped_column(String(100))
    name_en: Mapped[str] = mapped_column(String(100))
