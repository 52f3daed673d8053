"""Big screens of the hall, the playlists they show, and the texts over all of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from competition.database import Model
from competition.models import Account


class Playlist(Model):
    """What screens show one after the other; `entries` are as rules/playing.py has them.

    `version` rises with every change, so that two who change it at once notice.
    """

    __tablename__ = "playlist"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    entries: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(default=1)
    made_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Screen(Model):
    """A browser in the hall: it shows `code` until it is paired, then a playlist.

    `sequence` is the number of the ledger's act that last changed what it shall show. The last
    fields are what the screen says of itself. Only the hash of its token is kept.
    """

    __tablename__ = "screen"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code: Mapped[str | None] = mapped_column(String(8), unique=True)
    code_until: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(40), default="")
    paired_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    paired_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    language: Mapped[str] = mapped_column(String(8), default="turns")
    theme: Mapped[str] = mapped_column(String(8), default="dark")
    playlist_id: Mapped[int | None] = mapped_column(ForeignKey("playlist.id"), index=True)
    entry: Mapped[int] = mapped_column(default=0)  # what the playlist was last set to,
    since: Mapped[datetime]  # when,
    held: Mapped[bool] = mapped_column(default=False)  # whether it stays there,
    paused_at: Mapped[datetime | None]  # and since when nothing on it moves
    blank: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int] = mapped_column(default=0)

    seen_at: Mapped[datetime]
    width: Mapped[int] = mapped_column(default=0)  # of the page, in points of the screen
    height: Mapped[int] = mapped_column(default=0)
    showing: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[str] = mapped_column(String(40), default="")  # of the page that it runs

    playlist: Mapped[Playlist | None] = relationship()
    pairer: Mapped[Account | None] = relationship()


class ScreenMessage(Model):
    """An emergency text over all screens, from when until when it was taken away."""

    __tablename__ = "screen_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    text_zh: Mapped[str] = mapped_column(String(400))
    text_en: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime]
    by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
