"""Bulk acts on entries: choose on the list, look at count and names, confirm, undo."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import access, bulk, lists
from competition.database import db
from competition.models import BulkAct, BulkKind
from competition.rules.refusal import Refusal
from competition.views import entry_words
from competition.views.entry_list import own_skills
from competition.views.language import chosen, only_looks

blueprint = Blueprint("bulk", __name__, url_prefix="/office/bulk")
NAMED = 20  # entries that are named before one confirms
MOST = 500  # entries that are chosen one by one


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The acts that were done, each with its undoing."""
    return render_template("office/bulk.html", acts=acts())


@blueprint.post("/look")
@only_looks
def look() -> ResponseReturnValue:
    """What would be done, before it is."""
    kind, found = _kind(), _chosen()
    seen = bulk.look(db.session(), kind, found)
    if not found:
        flash(_("No entry was chosen; nothing was changed. Tick some first."), "refusal")
        return redirect(_list(), 303)
    ids = [one for one, _state in seen.touched[:NAMED]]
    return render_template(
        "office/bulk_look.html",
        seen=seen,
        lines=lists.these(db.session(), ids),
        form=request.form,
        kept=_wish().given(),
        ids=[] if _is_all() else [one for one, _state in found],
        back=_list(),
    )


@blueprint.post("")
def do() -> ResponseReturnValue:
    """Do what was looked at."""
    kind, actor = _kind(), access.someone().id
    try:
        act = bulk.do(
            kind,
            _chosen(),
            request.form.get("seal", ""),
            reason=request.form.get("reason", "")[:1000],
            actor_id=actor,
        )
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        flash(entry_words.bulk(act.kind, act.count), "success")
    return redirect(_list(), 303)


@blueprint.post("/<int:bulk_id>/undo")
def undo(bulk_id: int) -> ResponseReturnValue:
    """Undo an act as a whole: one's own, or any where one has every skill."""
    act = db.session.get(BulkAct, bulk_id)
    _skills, within = own_skills()
    if act is None:
        abort(404)
    actor = access.someone().id
    access.require(within is None or act.by == actor)
    try:
        back, left = bulk.undo(bulk_id, actor_id=actor)
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        flash(_("%(n)s entries are as they were before.", n=back), "success")
        if left:
            flash(_("%(n)s entries changed since and stay as they are.", n=left), "warning")
    return redirect(url_for("bulk.page"), 303)


def acts(limit: int = 50) -> Sequence[BulkAct]:
    """The last acts that the asker may undo."""
    _skills, within = own_skills()
    return bulk.acts(db.session(), None if within is None else access.someone().id, limit)


def _kind() -> BulkKind:
    own_skills()  # permission first
    try:
        return BulkKind(request.form.get("kind", ""))
    except ValueError:
        abort(400)


def _is_all() -> bool:
    return request.form.get("all") == "1"


def _wish() -> lists.Wish:
    return lists.wish(request.form.to_dict())


def _chosen() -> list[tuple[int, str]]:
    """The entries that were ticked, or all that match, of the asker's own skills."""
    _skills, within = own_skills()
    if _is_all():
        return lists.ids(db.session(), _wish(), within)
    wanted = request.form.getlist("id", type=int)[:MOST]
    return lists.of_ids(db.session(), wanted, within)


def _list() -> str:
    kept: dict[str, str] = _wish().given()
    return url_for("entry_list.page", _external=False, **kept)
