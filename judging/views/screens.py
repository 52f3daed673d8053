"""The office's page of the big screens: pair, choose what they show, one text over all of them."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition import access
from competition.database import db
from competition.models import Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.views import assets
from competition.views.language import chosen
from judging import overall, playlists, screens, showing
from judging.models import Screen
from judging.rules import playing
from judging.rules.delegations import MEASURES
from judging.screens import Wanted
from judging.views.desk import posted_key
from judging.views.release import KEY
from judging.views.tablet_posts import INT_TOP

blueprint = Blueprint("screens", __name__, url_prefix="/office/screens")

SILENT = 30  # seconds after which a screen is said to be silent
TYPED = ("code", "name", "playlist", "language", "theme")


@blueprint.before_request
def _may() -> None:
    access.require(access.may_show(access.who()))


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Every screen with its last contact and what it shows, the playlists, the emergency text."""
    session = db.session()
    found = screens.all_paired(session)
    return render_template(
        "screens/page.html",
        screens=[_told(row) for row in found],
        playlists=playlists.all_of(session),
        message=showing.message(session),
        typed=request.args,  # to pair a screen
        key=secrets.token_urlsafe(12),
        skills=_skills(),
        newest=assets.version("playing"),
        languages=playing.LANGUAGES,
        longest=playing.LONGEST_TEXT,
    )


@blueprint.post("/pair")
def pair() -> ResponseReturnValue:
    """Pair and name the screen that shows a code."""
    code = request.form.get("code", "")
    if not _done(lambda me: screens.pair(code, _wanted(), actor_id=me), _("The screen is paired")):
        typed: dict[str, Any] = {name: request.form.get(name, "")[:60] for name in TYPED}
        return redirect(url_for("screens.page", **typed, _anchor="pair"), 303)
    return _back()


@blueprint.post("/<int:number>/change")
def change(number: int) -> ResponseReturnValue:
    """Another name, playlist, language or look."""
    _done(lambda me: screens.change(number, _wanted(), actor_id=me), _("The screen was changed"))
    return _back()


@blueprint.post("/<int:number>/let-go")
def let_go(number: int) -> ResponseReturnValue:
    """End a pairing."""
    _done(
        lambda me: screens.let_go(number, actor_id=me),
        _("The screen was unpaired; it shows a code again"),
    )
    return _back()


@blueprint.post("/<any(go, pause, go_on, blank, show):act>")
def act(act: str) -> ResponseReturnValue:
    """Move, pause or blank the screens that a form names, or with `all` every one."""
    form = request.form
    ids = [_number(one) for one in form.getlist("screen")]
    if form.get("all"):
        ids = [row.id for row in screens.all_paired(db.session())]
    entry = _number(form.get("entry", ""))
    deeds: dict[str, Callable[[int], object]] = {
        "go": lambda me: showing.go_to(ids, entry, held=bool(form.get("stay")), actor_id=me),
        "pause": lambda me: showing.pause(ids, actor_id=me),
        "go_on": lambda me: showing.go_on(ids, actor_id=me),
        "blank": lambda me: showing.blank(ids, True, actor_id=me),
        "show": lambda me: showing.blank(ids, False, actor_id=me),
    }
    _done(deeds[act])
    return redirect(url_for("screens.page", _anchor=form.get("at", "")[:20] or None), 303)


@blueprint.post("/message")
def say() -> ResponseReturnValue:
    """Put an emergency text over all screens."""
    key = posted_key(KEY)

    def deed(me: int) -> None:
        zh, en = playing.message(request.form)
        showing.say(zh, en, key=key, actor_id=me)

    _done(deed, _("The text is over all screens"))
    return _back()


@blueprint.post("/message/<int:number>/end")
def take_away(number: int) -> ResponseReturnValue:
    """Take the emergency text away."""
    _done(lambda me: showing.take_away(number, actor_id=me), _("The text was taken away"))
    return _back()


# Playlists


@blueprint.post("/playlists")
def make() -> ResponseReturnValue:
    """A new, empty playlist."""
    made: list[int] = []
    name = request.form.get("name", "")
    if not _done(lambda me: made.append(playlists.make(name, actor_id=me))):
        return _back()
    return redirect(url_for("screens.playlist", number=made[0]), 303)


@blueprint.get("/playlists/<int:number>")
def playlist(number: int) -> ResponseReturnValue:
    """What stands in a playlist, in its order, and on which screens it is shown."""
    row = playlists.one(db.session(), number)
    add = request.args.get("add", "")
    return render_template(
        "screens/playlist.html",
        playlist=row,
        entries=playing.from_plain(row.entries),
        screens=screens.all_paired(db.session()),
        skills=_skills(),
        cities=_cities(),
        kinds=playing.KINDS,
        measures=list(MEASURES),
        add=add if add in playing.KINDS else "",
        rules=playing,
    )


@blueprint.post("/playlists/<int:number>/<any(name, add, edit, up, down, out):act>")
def edit(number: int, act: str) -> ResponseReturnValue:
    """Name a playlist anew, add entries, change, move or remove one."""
    form = request.form

    def deed(me: int) -> None:
        row = playlists.one(db.session(), number)
        entries = playing.from_plain(row.entries)
        name = form.get("name", "") if act == "name" else row.name
        playlists.change(
            number,
            name,
            _edited(entries, act),
            based_on=_number(form.get("version", "")),
            actor_id=me,
        )

    done = _done(deed)
    add = form.get("kind") if act == "add" and not done else None
    return redirect(url_for("screens.playlist", number=number, add=add, _anchor="entries"), 303)


@blueprint.post("/playlists/<int:number>/give")
def give(number: int) -> ResponseReturnValue:
    """Show a playlist on the screens that are ticked, and on no others."""
    ids = [_number(one) for one in request.form.getlist("screen")]
    _done(
        lambda me: playlists.give(number, ids, actor_id=me),
        _("The screens show the playlist") if ids else _("No screen shows the playlist now"),
    )
    return redirect(url_for("screens.playlist", number=number), 303)


@blueprint.post("/playlists/<int:number>/remove")
def remove(number: int) -> ResponseReturnValue:
    """Take a playlist away."""
    if not _done(lambda me: playlists.remove(number, actor_id=me), _("The playlist was removed")):
        return redirect(url_for("screens.playlist", number=number), 303)
    return _back()


def _edited(entries: list[playing.Entry], act: str) -> list[playing.Entry]:
    """The entries as the form wants them."""
    form = request.form
    if act == "name":
        return entries
    codes, cities = {row.code for row in _skills()}, _cities()
    if act == "add":
        first = max((one.id for one in entries), default=0) + 1
        new = [
            playing.read(first + i, one, codes, cities) for i, one in enumerate(_typed_entries())
        ]
        return [*entries, *new]
    at = next((i for i, one in enumerate(entries) if one.id == _number(form.get("entry", ""))), -1)
    if at < 0:
        raise Refusal(
            "播放列表里没有这一项了，没有改变。",
            "The playlist no longer has this entry; nothing was changed.",
        )
    if act == "edit":
        changed = playing.read(entries[at].id, form, codes, cities)
        return [*entries[:at], changed, *entries[at + 1 :]]
    rest = [*entries[:at], *entries[at + 1 :]]
    if act == "out":
        return rest
    to = max(0, at - 1) if act == "up" else at + 1
    return [*rest[:to], entries[at], *rest[to:]]


def _typed_entries() -> list[dict[str, str]]:
    """What the form asks for: of skills and of delegations an entry for each that is ticked."""
    form = request.form
    ticked = {"skill": "skill", "city": "delegation"}.get(form.get("kind", ""))
    if ticked is None:
        return [dict(form)]
    return [{**form, ticked: code} for code in form.getlist(ticked) or [""]]


def _told(row: Screen) -> dict[str, Any]:
    """A screen as its card shows it: the entries around the one that is due, what it says."""
    entries, due = showing.due(row)
    at = due.index if due else 0
    return {
        "row": row,
        "entries": entries,
        "due": entries[at] if due else None,
        "back": entries[at - 1] if due else None,
        "next": entries[(at + 1) % len(entries)] if due else None,
        "showing": next((one for one in entries if one.id == row.showing.get("entry")), None),
        "silent": int((now() - row.seen_at).total_seconds()),
        "is_silent": (now() - row.seen_at).total_seconds() > SILENT,
        "is_behind": row.showing.get("sequence", 0) < row.sequence,
    }


def _wanted() -> Wanted:
    form = request.form
    playlist = form.get("playlist", "")
    return Wanted(
        name=form.get("name", ""),
        language=form.get("language", "turns"),
        theme=form.get("theme", "dark"),
        playlist_id=_number(playlist) if playlist else None,
    )


def _skills() -> Sequence[Skill]:
    return db.session.scalars(select(Skill).order_by(Skill.code)).all()


def _cities() -> dict[str, dict[str, str]]:
    """Every delegation by its code."""
    found = overall.called(db.session())
    return {code: {"name_zh": zh, "name_en": en} for code, zh, en in found}


def _number(text: str) -> int:
    """A number that a form carries; one that cannot be any row's is none."""
    good = text.isascii() and text.isdigit() and len(text) < 11
    return int(text) if good and int(text) <= INT_TOP else 0


def _done(deed: Callable[[int], object], said: str = "") -> bool:
    """Call a verb as whoever asks, and say what came of it."""
    try:
        deed(access.someone().id)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        flash(refusal.sentence(chosen()), "refusal")
        return False
    if said:
        flash(said, "success")
    return True


def _back() -> ResponseReturnValue:
    return redirect(url_for("screens.page"), 303)
