"""What a browser was let in with: sign-ins, second factors and their recovery codes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models.account import Account


class SignIn(Model):
    """登录: one browser that speaks for an account, until it is ended.

    The browser holds the key, the row its hash. `device_hash` is the browser itself, known again
    when it signs in another time. `proved_at`: when a second factor was shown. `seen_as_id`: the
    account as which an organiser looks at the site, reading only.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device_hash: Mapped[str] = mapped_column(String(64), index=True)
    device: Mapped[str] = mapped_column(String(60))
    how: Mapped[str] = mapped_column(String(10))  # password, card
    at: Mapped[datetime]
    seen_at: Mapped[datetime]
    proved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    seen_as_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    account: Mapped[Account] = relationship(foreign_keys=[account_id])
    seen_as: Mapped[Account | None] = relationship(foreign_keys=[seen_as_id])


class SecondFactor(Model):
    """An authenticator app (TOTP). The secret it shares with us is computed from `seed` and the
    key outside the database, so whoever has the rows alone has no codes. `last_counter`: a code is
    taken once."""

    __tablename__ = "second_factor"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    seed: Mapped[str] = mapped_column(String(64))
    last_counter: Mapped[int]
    at: Mapped[datetime]


class RecoveryCode(Model):
    """One of the codes on paper that stand in for a lost authenticator, each once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
