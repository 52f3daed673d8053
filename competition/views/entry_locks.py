"""The entries of skills in the office: locking them, asking to open them again, granting that."""

from collections import Counter
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import access, entry_lock_lines, entry_locks
from competition.database import db
from competition.models import EntryLock, Skill
from competition.moment import now
from competition.rules.entry_lock import LockKind, LockState
from competition.rules.refusal import Refusal
from competition.views.entry_list import own_skills
from competition.views.language import chosen, only_looks, typed_time

blueprint = Blueprint("entry_locks", __name__, url_prefix="/office/locks")


@blueprint.get("")
def page() -> ResponseReturnValue:
    """Every skill of the asker's with how its entries stand, the requests that wait, and what was
    done; ?zone=…&state=… shows some skills, ?skill=… has one ticked."""
    skills, _within = own_skills()
    session, account = db.session(), access.someone()
    every = entry_lock_lines.lines(session, skills, now())
    zone, state = request.args.get("zone", ""), request.args.get("state", "")
    here = [one for one in every if one.fits(zone)]
    return render_template(
        "office/locks.html",
        every=every,
        here=len(here),
        shown=[one for one in here if one.fits(state=state)],
        counts=Counter(one.standing.state for one in here),
        zones={one.zone.code: one.zone for one in skills if one.zone},
        zone=zone,
        state=state if state in set(LockState) else "",
        ticked=request.args.get("skill", ""),
        waiting=[one for one in entry_locks.waiting(session) if _is_own(one)],
        history=[one for one in entry_locks.history(session) if _is_own(one)],
        me=account.id,
    )


@blueprint.post("/look")
@only_looks
def look() -> ResponseReturnValue:
    """What would be locked, or asked to be unlocked, before it is."""
    chosen_skills = _chosen()
    try:
        kind = LockKind(request.form.get("act", ""))
    except ValueError:
        kind = LockKind.LOCK
    lines = entry_lock_lines.lines(db.session(), chosen_skills, now())
    touched = [one for one in lines if one.standing.is_locked is (kind is LockKind.UNLOCK)]
    if not lines:
        flash(_("No skill was chosen; nothing was changed. Tick some first."), "refusal")
        return redirect(url_for("entry_locks.page"), 303)
    return render_template(
        "office/locks_look.html", kind=kind, touched=touched, left=len(lines) - len(touched)
    )


@blueprint.post("")
def do() -> ResponseReturnValue:
    """Lock the entries of the skills that were looked at."""
    skills, actor = _chosen(), access.someone().id
    try:
        act = entry_locks.lock([one.id for one in skills], actor_id=actor)
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        said = _("The entries are locked.") if act else _("They were locked already.")
        flash(said, "success")
    return redirect(url_for("entry_locks.page"), 303)


@blueprint.post("/ask")
def ask() -> ResponseReturnValue:
    """Ask that the entries of the skills be unlocked."""
    skills, actor = _chosen(), access.someone().id
    until = request.form.get("until", "").strip()
    try:
        entry_locks.ask_unlock(
            [one.id for one in skills],
            reason=request.form.get("reason", ""),
            until=_time(until) if until else None,
            actor_id=actor,
        )
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        flash(_("Asked. A second person must answer."), "success")
    return redirect(url_for("entry_locks.page"), 303)


@blueprint.post("/<int:number>")
def answer(number: int) -> ResponseReturnValue:
    """Grant or refuse a request of somebody else's."""
    asked = entry_locks.one(db.session(), number)
    if asked is None:
        access.someone()
        abort(404)
    access.require(_is_own(asked))
    granted = request.form.get("granted") == "1"
    try:
        entry_locks.answer(
            number,
            granted,
            answer=request.form.get("answer", ""),
            actor_id=access.someone().id,
        )
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        flash(_("Granted; the entries are open again.") if granted else _("Refused."), "success")
    return redirect(url_for("entry_locks.page"), 303)


def _chosen() -> list[Skill]:
    """The skills that were ticked, of the asker's own."""
    skills, _within = own_skills()
    wanted = set(request.form.getlist("skill"))
    return [one for one in skills if one.code in wanted]


def _is_own(act: EntryLock) -> bool:
    """Whether every skill of an act is the asker's: a zone answers for its own skills only."""
    account = access.who()
    return all(access.may_organise(account, one) for one in act.skills)


def _time(text: str) -> datetime:
    found = typed_time(text)
    if found is None:
        raise Refusal(
            "解锁的截止时间看不懂，没有提交。请用时间栏选择，或留空。",
            "The time until when is no time; nothing was sent. Choose one in the field, or leave it"
            " empty.",
            status=422,
        )
    return found
