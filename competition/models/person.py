"""People and where they come from. What identifies somebody is sealed (competition/privacy.py)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model


class Affiliation(Model):
    """单位: the school or company where a person studies or works."""

    __tablename__ = "affiliation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)


class Person(Model):
    """人员: a human being, once, whatever the number of entries.

    The identity number stands in no column in clear: `id_sealed` is opened by the key that is kept
    outside the database, `id_hash` finds the person, `id_masked` is what screens show.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), index=True)
    sex: Mapped[str | None] = mapped_column(String(6))  # as rules.identity.Sex
    id_sealed: Mapped[bytes | None]
    id_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    id_masked: Mapped[str | None] = mapped_column(String(18))
    born_on: Mapped[date | None]
    phone_sealed: Mapped[bytes | None]
    phone_masked: Mapped[str | None] = mapped_column(String(20))
    affiliation_id: Mapped[int | None] = mapped_column(ForeignKey("affiliation.id"), index=True)
    erased_at: Mapped[datetime | None]

    affiliation: Mapped[Affiliation | None] = relationship()
