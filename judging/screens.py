"""Big screens: one shows a code, the office pairs it and names it, it says how it is, it is let go.

A screen has no keyboard, so here the device shows the code and a person types it. The code opens
nothing by itself: only the office can use it, and what a screen may read is public anyway.
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from competition import ledger
from competition.database import db, writing
from competition.moment import now
from competition.prepared import Prepared
from competition.rules.refusal import Refusal
from judging import devices, pairing
from judging.models import Playlist, Screen
from judging.rules import playing

LENGTH = 4  # signs: read from far away, typed once
GOOD_FOR = timedelta(minutes=10)
FORGOTTEN = timedelta(minutes=15)  # a browser that shows a code no longer asks so long
LONGEST_NAME = 40
IN_USE = (Screen.paired_at.is_not(None), Screen.revoked_at.is_(None))
_POSITIONS = Prepared(select(Screen.id, Screen.sequence).where(*IN_USE).order_by(Screen.id))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a screen shows that is not paired; `token` only when it is new, and nowhere else."""

    code: str
    until: datetime
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the office wants a screen."""

    name: str
    language: str
    theme: str
    playlist_id: int | None


def wait(token: str) -> Waiting | None:
    """The code that this browser shall show; None when it is paired. An unknown token, or one that
    was let go, gets a new one. Asking again changes nothing while the code is good."""
    at = now()
    row = known(db.session(), token)
    if row is not None and (row.paired_at or _is_fresh(row, at)):
        return None if row.paired_at else Waiting(row.code or "", row.code_until)
    with writing() as session:
        session.execute(
            delete(Screen).where(Screen.paired_at.is_(None), Screen.seen_at < at - FORGOTTEN)
        )
        fresh = None
        row = known(session, token)
        if row is None:
            fresh = secrets.token_urlsafe(32)
            row = Screen(token_hash=pairing.hashed(fresh), since=at, code_until=at, seen_at=at)
            session.add(row)
        if row.paired_at is not None:  # this very moment
            return None
        if row.code is None or row.code_until <= at:
            row.code, row.code_until = _free_code(session), at + GOOD_FOR
        row.seen_at = at
        return Waiting(row.code, row.code_until, fresh)


def known(session: Session, token: str) -> Screen | None:
    """The screen that holds `token`, paired or not; None when it is unknown or was let go."""
    if not token:
        return None
    found = select(Screen).where(
        Screen.token_hash == pairing.hashed(token), Screen.revoked_at.is_(None)
    )
    return session.scalars(found.execution_options(populate_existing=True)).first()


def paired(session: Session, token: str) -> Screen | None:
    """The paired screen that holds `token`."""
    row = known(session, token)
    return row if row is not None and row.paired_at is not None else None


def pair(code: str, wanted: Wanted, *, actor_id: int) -> int:
    """Pair and name the screen that shows a code; gives its id.

    Raises:
        Refusal: no screen shows it (any longer), or it cannot be as it is wanted.
    """
    with writing() as session:
        at = now()
        found = select(Screen).where(Screen.code == pairing.typed(code), *_WAITS).with_for_update()
        row = session.scalars(found).first()
        if row is None or row.code_until <= at:
            raise Refusal(
                "没有大屏显示这个配对码，或它已过期，没有配对。请按屏幕上现在显示的四位码输入。",
                "No screen shows this code, or no longer, so nothing was paired. Type the four"
                " signs that the screen shows now.",
            )
        _set(session, row, wanted, at)
        row.code, row.paired_by, row.paired_at = None, actor_id, at
        note(session, "screen.pair", [row], _told(row), actor_id)
        return row.id


def change(screen_id: int, wanted: Wanted, *, actor_id: int) -> None:
    """Name a screen anew, give it another playlist, language or look."""
    with writing() as session:
        (row,) = locked(session, [screen_id])
        before = _told(row)
        _set(session, row, wanted, now())
        if _told(row) != before:
            note(session, "screen.change", [row], _told(row), actor_id)


def let_go(screen_id: int, *, actor_id: int) -> None:
    """End the pairing: the screen shows a code again. Twice changes nothing."""
    with writing() as session:
        row = session.get(Screen, screen_id, populate_existing=True, with_for_update=True)
        if row is None or row.paired_at is None:
            raise gone()
        if row.revoked_at is not None:
            return
        row.revoked_at = now()
        note(session, "screen.let_go", [row], {"name": row.name}, actor_id)


def here(screen: Screen, told: Mapping[str, Any]) -> None:
    """The screen lives, is so large and shows this; written when it is news.

    `told` holds `width`, `height`, `showing` and `version`, as the view has read them.
    """
    fresh = now() - screen.seen_at < devices.HEARD_EVERY
    if fresh and all(getattr(screen, name) == value for name, value in told.items()):
        return
    with writing() as session:
        mine = update(Screen).where(Screen.id == screen.id, Screen.revoked_at.is_(None))
        session.execute(mine.values(seen_at=now(), **told))


def all_paired(session: Session) -> list[Screen]:
    """The screens in use, by name."""
    found = select(Screen).where(*IN_USE).options(joinedload(Screen.playlist))
    return list(session.scalars(found.order_by(Screen.name, Screen.id)))


def positions(session: Session) -> list[tuple[int, int]]:
    """Every screen in use with the sequence of what it shall show."""
    return [(row[0], row[1]) for row in _POSITIONS.rows(session, {})]


def locked(session: Session, ids: Collection[int]) -> list[Screen]:
    """These screens for writing, in one order for everybody; refused where one is not in use."""
    found = (
        select(Screen)
        .where(Screen.id.in_(ids), *IN_USE)
        .order_by(Screen.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    rows = list(session.scalars(found))
    if not rows or len(rows) != len(set(ids)):
        raise gone()
    return rows


def gone() -> Refusal:
    """What is said of a screen that is not in use."""
    return Refusal(
        "没有这块大屏，或它已取消配对，没有改变。",
        "No such screen, or it is no longer paired; nothing was changed.",
        status=404,
    )


def note(
    session: Session, act: str, rows: Collection[Screen], body: dict[str, Any], actor_id: int
) -> None:
    """Write an act into the ledger; the screens it concerns follow its number."""
    ids = [row.id for row in rows]
    subject = f"screen:{ids[0]}" if len(ids) == 1 else "screens"
    number = ledger.append(
        session, act=act, subject=subject, body={"screens": ids, **body}, actor_id=actor_id
    )
    for row in rows:
        row.sequence = number


_WAITS = (Screen.paired_at.is_(None), Screen.revoked_at.is_(None))


def _is_fresh(row: Screen, at: datetime) -> bool:
    return bool(row.code) and at < row.code_until and at - row.seen_at < devices.HEARD_EVERY


def _free_code(session: Session) -> str:
    taken = set(session.scalars(select(Screen.code).where(Screen.code.is_not(None))))
    while (code := pairing.draw(LENGTH)) in taken:
        pass
    return code


def _set(session: Session, row: Screen, wanted: Wanted, at: datetime) -> None:
    name = " ".join(wanted.name.replace("\x00", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(
            f"请给大屏起一个名字（最多 {LONGEST_NAME} 字），没有改变。",
            f"Give the screen a name of at most {LONGEST_NAME} signs; nothing was changed.",
        )
    others = select(Screen.id).where(Screen.name == name, Screen.id != row.id, *IN_USE)
    if session.scalars(others).first() is not None:
        raise Refusal(
            f"已有一块大屏叫“{name}”，没有改变。请换一个名字。",
            f"There is a screen called “{name}” already; nothing was changed. Choose another name.",
        )
    if wanted.language not in playing.LANGUAGES or wanted.theme not in playing.THEMES:
        raise Refusal(
            "没有这种语言或外观，没有改变。", "No such language or look; nothing was changed."
        )
    row.name, row.language, row.theme = name, wanted.language, wanted.theme
    if wanted.playlist_id != row.playlist_id or row.paired_at is None:
        give(session, row, wanted.playlist_id, at)


def give(session: Session, row: Screen, playlist_id: int | None, at: datetime) -> None:
    """Inside a verb: the screen begins a playlist with its first entry, or has none."""
    playlist = session.get(Playlist, playlist_id) if playlist_id is not None else None
    if playlist_id is not None and (playlist is None or playlist.removed_at is not None):
        raise Refusal(
            "没有这个播放列表，没有改变。", "No such playlist; nothing was changed.", status=404
        )
    row.playlist_id = playlist_id
    row.entry = playlist.entries[0]["id"] if playlist and playlist.entries else 0
    row.since, row.held, row.paused_at = at, False, None


def _told(row: Screen) -> dict[str, Any]:
    names = ("name", "language", "theme", "playlist_id")
    return {name: getattr(row, name) for name in names}
