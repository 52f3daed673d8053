"""PINs: by which a judge is known on a tablet that several share, and signs a sheet."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from competition.database import Model


class Pin(Model):
    """One person's PIN, as an argon2 hash."""

    __tablename__ = "pin"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime]


class PinTry(Model):
    """A try at a PIN that was not right (yet: it is written before the PIN is compared). `device`
    is what was tried on, never an address (decisions 21)."""

    __tablename__ = "pin_try"
    __table_args__ = (
        Index("ix_pin_try_account_id_at", "account_id", "at"),
        Index("ix_pin_try_device_at", "device", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    device: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
