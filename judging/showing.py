"""What the big screens shall show: go to an entry, stay, go on, blank, a text over all of them.

`document` is the one thing a screen is told, by push and by poll. It holds no board: those the
screen reads from the same public documents as everybody (`results`, `overall`).
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger
from competition.database import writing
from competition.moment import iso, now
from competition.rules.refusal import Refusal
from judging import overall, screens
from judging.models import Screen, ScreenMessage
from judging.rules import playing
from judging.rules.playing import Entry, Play, Position


def document(session: Session, screen: Screen) -> dict[str, Any]:
    """What a screen is told. `play` names the entry it was last set to and since when."""
    said = message(session)
    return {
        "kind": "screen",
        "sequence": screen.sequence,
        "name": screen.name,
        "language": screen.language,
        "theme": screen.theme,
        "blank": screen.blank,
        "message": said and {"text_zh": said.text_zh, "text_en": said.text_en, "at": iso(said.at)},
        "play": {
            "entry": screen.entry,
            "since": iso(screen.since),
            "held": screen.held,
            "paused": iso(screen.paused_at),
        },
        "entries": screen.playlist.entries if screen.playlist else [],
    }


def documents(entries: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """The public documents that a screen's entries are drawn from: codes of skills, kinds of boards
    over all. The skill of the hour is one of them while it is chosen."""
    codes, kinds = playing.documents(entries)
    chosen = overall.snapshots().get("hour") if "hour" in kinds else None
    if chosen is not None and chosen.body["code"]:
        codes = sorted({*codes, chosen.body["code"]})
    return codes, kinds


def due(screen: Screen) -> tuple[list[Entry], Position | None]:
    """A screen's entries, and which of them is due now."""
    entries = playing.from_plain(screen.playlist.entries) if screen.playlist else []
    return entries, playing.position(entries, play_of(screen), now())


def go_to(screen_ids: Collection[int], entry: int, *, held: bool, actor_id: int) -> None:
    """Show an entry now: and stay there, or go on from it. What is so already stays as it is; on a
    screen that is paused the entry stands still with its first page."""
    with writing() as session:
        rows = screens.locked(session, screen_ids)
        if not all(any(one.id == entry for one in due(row)[0]) for row in rows):
            raise Refusal(
                "播放列表里没有这一项了，没有改变。请刷新页面再试。",
                "The playlist no longer has this entry, so nothing was changed. Reload the page and"
                " try again.",
            )
        moved, at = [row for row in rows if not (row.held and held and row.entry == entry)], now()
        plays = [Play(entry, at, held, at if row.paused_at else None) for row in moved]
        _set(session, moved, plays, actor_id)


def pause(screen_ids: Collection[int], *, actor_id: int) -> None:
    """Hold everything still: no entry, page or language turns. Marks and clocks stay true."""
    with writing() as session:
        rows = [row for row in screens.locked(session, screen_ids) if row.paused_at is None]
        at = now()  # one moment for all, so that they stand at the same
        _set(session, rows, [playing.paused(play_of(row), at) for row in rows], actor_id)


def go_on(screen_ids: Collection[int], *, actor_id: int) -> None:
    """Go on from where each screen was paused, or from the entry that it stays on."""
    with writing() as session:
        found = screens.locked(session, screen_ids)
        rows = [row for row in found if row.held or row.paused_at]
        at = now()
        _set(session, rows, [playing.gone_on(play_of(row), at) for row in rows], actor_id)


def blank(screen_ids: Collection[int], on: bool, *, actor_id: int) -> None:
    """Show nothing at all, or what is due again."""
    with writing() as session:
        rows = [row for row in screens.locked(session, screen_ids) if row.blank is not on]
        for row in rows:
            row.blank = on
        if rows:
            screens.note(session, "screen.blank", rows, {"on": on}, actor_id)


def say(text_zh: str, text_en: str, *, key: str, actor_id: int) -> None:
    """Put a text over all screens, in the place of one that is there. The same `key` changes
    nothing."""
    with writing() as session:
        if session.scalar(select(ScreenMessage.id).where(ScreenMessage.key == key)):
            return
        _end(session, actor_id)
        row = ScreenMessage(key=key, text_zh=text_zh, text_en=text_en, at=now(), by=actor_id)
        session.add(row)
        session.flush()
        body = {"message": row.id, "text_zh": text_zh, "text_en": text_en}
        _over_all(session, "screen.message", body, actor_id)


def take_away(message_id: int, *, actor_id: int) -> None:
    """Take the text away. One that is no longer shown changes nothing."""
    with writing() as session:
        if _end(session, actor_id, message_id):
            _over_all(session, "screen.message_end", {"message": message_id}, actor_id)


def message(session: Session) -> ScreenMessage | None:
    """The text that is over all screens now."""
    found = select(ScreenMessage).where(ScreenMessage.ended_at.is_(None))
    return session.scalars(found.order_by(ScreenMessage.id.desc())).first()


def play_of(screen: Screen) -> Play:
    """What a screen was last set to."""
    return Play(screen.entry, screen.since, screen.held, screen.paused_at)


def set_to(row: Screen, play: Play) -> None:
    """Inside a verb: what the screen is set to from now on."""
    row.entry, row.since, row.held, row.paused_at = play.entry, play.since, play.held, play.paused


def _set(session: Session, rows: list[Screen], plays: list[Play], actor_id: int) -> None:
    for row, play in zip(rows, plays, strict=True):
        set_to(row, play)
    if rows:
        first = plays[0]
        body = {"entries": [play.entry for play in plays], "held": first.held}
        body |= {"paused": first.paused is not None}
        screens.note(session, "screen.play", rows, body, actor_id)


def _end(session: Session, actor_id: int, message_id: int | None = None) -> bool:
    found = select(ScreenMessage).where(ScreenMessage.ended_at.is_(None)).with_for_update()
    if message_id is not None:
        found = found.where(ScreenMessage.id == message_id)
    rows = list(session.scalars(found))
    for row in rows:
        row.ended_at, row.ended_by = now(), actor_id
    return bool(rows)


def _over_all(session: Session, act: str, body: dict[str, Any], actor_id: int) -> None:
    number = ledger.append(session, act=act, subject="screens", body=body, actor_id=actor_id)
    rows = session.scalars(select(Screen).where(*screens.IN_USE).with_for_update())
    for row in rows:
        row.sequence = number
