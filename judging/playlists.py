"""Playlists of the big screens: make one, change what stands in it, give it to screens, remove it.

Screens that show a playlist go on with the entry they show when it changes (`rules/playing.kept`).
"""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger
from competition.database import writing
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import screens, showing
from judging.models import Playlist, Screen
from judging.rules import playing
from judging.rules.playing import Entry

LONGEST_NAME = 60


def make(name: str, *, actor_id: int) -> int:
    """A new, empty playlist; gives its id. One of this name that stands already is given instead,
    so that making it twice makes one."""
    with writing() as session:
        name = _name(name)
        found = _named(session, name)
        if found is not None:
            return found.id
        row = Playlist(name=name, entries=[], made_by=actor_id, made_at=now())
        session.add(row)
        session.flush()
        _note(session, "playlist.make", row, actor_id)
        return row.id


def change(
    playlist_id: int, name: str, entries: Sequence[Entry], *, based_on: int, actor_id: int
) -> None:
    """Put another name and other entries in the place of version `based_on`.

    Raises:
        Refusal: somebody else changed it meanwhile, or it holds too many entries.
    """
    with writing() as session:
        row = _locked(session, playlist_id)
        name, plain = _name(name), [one.plain for one in entries]
        if (row.name, row.entries) == (name, plain):
            return
        if row.version != based_on:
            raise Refusal(
                "播放列表刚被他人改过，没有改变。请看一看现在的内容再改。",
                "Somebody else has just changed this playlist, so nothing was changed. Look at what"
                " stands there now, then try again.",
            )
        if len(plain) > playing.MOST_ENTRIES:
            raise Refusal(
                f"一个播放列表最多 {playing.MOST_ENTRIES} 项，没有改变。",
                f"A playlist holds at most {playing.MOST_ENTRIES} entries; nothing was changed.",
            )
        other = _named(session, name)
        if other is not None and other.id != row.id:
            raise Refusal(
                f"已有叫“{name}”的播放列表，没有改变。请换一个名字。",
                f"There is a playlist called “{name}” already; nothing was changed. Choose another"
                " name.",
            )
        before, at = playing.from_plain(row.entries), now()
        shown = _shown_on(session, row.id)
        for one in shown:
            showing.set_to(one, playing.kept(before, entries, showing.play_of(one), at))
        row.name, row.entries, row.version = name, plain, row.version + 1
        number = _note(session, "playlist.change", row, actor_id)
        for one in shown:
            one.sequence = number


def give(playlist_id: int, screen_ids: Collection[int], *, actor_id: int) -> int:
    """Show a playlist on these screens and on no others, all in step; gives on how many. A screen
    that shows it already goes on as it is."""
    with writing() as session:
        row, at = _locked(session, playlist_id), now()
        wanted = screens.locked(session, screen_ids) if screen_ids else []
        new = [one for one in wanted if one.playlist_id != row.id]
        out = [one for one in _shown_on(session, row.id) if one.id not in set(screen_ids)]
        for one in new:
            screens.give(session, one, row.id, at)
        for one in out:
            screens.give(session, one, None, at)
        if new or out:
            body = {"playlist": row.id, "on": [one.id for one in wanted]}
            screens.note(session, "playlist.give", [*new, *out], body, actor_id)
        return len(wanted)


def remove(playlist_id: int, *, actor_id: int) -> None:
    """Take a playlist away that no screen shows; twice changes nothing."""
    with writing() as session:
        row = session.get(Playlist, playlist_id, populate_existing=True, with_for_update=True)
        if row is None:
            raise _gone()
        if row.removed_at is not None:
            return
        if _shown_on(session, row.id):
            raise Refusal(
                "还有大屏在放这个播放列表，没有删除。请先给这些大屏换一个。",
                "Screens still show this playlist, so it was not removed. Give them another one"
                " first.",
            )
        row.removed_at = now()
        _note(session, "playlist.remove", row, actor_id)


def all_of(session: Session) -> list[Playlist]:
    """The playlists that stand, by name."""
    found = select(Playlist).where(Playlist.removed_at.is_(None))
    return list(session.scalars(found.order_by(Playlist.name, Playlist.id)))


def one(session: Session, playlist_id: int) -> Playlist:
    """A playlist that stands.

    Raises:
        Refusal: there is none, which is said to somebody who looks.
    """
    row = session.get(Playlist, playlist_id)
    if row is None or row.removed_at is not None:
        raise Refusal(
            "没有这个播放列表，它可能已被删除。请在“大屏”页选择一个。",
            "There is no such playlist; it may have been removed. Choose one on the page"
            " “Big screens”.",
            status=404,
        )
    return row


def _locked(session: Session, playlist_id: int) -> Playlist:
    row = session.get(Playlist, playlist_id, populate_existing=True, with_for_update=True)
    if row is None or row.removed_at is not None:
        raise _gone()
    return row


def _shown_on(session: Session, playlist_id: int) -> list[Screen]:
    found = select(Screen).where(Screen.playlist_id == playlist_id, *screens.IN_USE)
    return list(session.scalars(found.order_by(Screen.id).with_for_update()))


def _named(session: Session, name: str) -> Playlist | None:
    found = select(Playlist).where(Playlist.name == name, Playlist.removed_at.is_(None))
    return session.scalars(found).first()


def _name(text: str) -> str:
    name = " ".join(text.replace("\x00", "").split())
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(
            f"请给播放列表起一个名字（最多 {LONGEST_NAME} 字），没有改变。",
            f"Give the playlist a name of at most {LONGEST_NAME} signs; nothing was changed.",
        )
    return name


def _gone() -> Refusal:
    return Refusal(
        "没有这个播放列表，没有改变。", "No such playlist; nothing was changed.", status=404
    )


def _note(session: Session, act: str, row: Playlist, actor_id: int) -> int:
    body = {"name": row.name, "version": row.version, "entries": row.entries}
    return ledger.append(
        session, act=act, subject=f"playlist:{row.id}", body=body, actor_id=actor_id
    )
