"""Entries of a skill in the office: who is eligible and why, exceptions by two people, approval."""

from collections import Counter

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition import access, answers, asked_lists, eligibility, entry_locks, forms, papers
from competition.database import db
from competition.models import Entry, EntryState, Skill
from competition.moment import now
from competition.rules.eligibility import NAMES
from competition.rules.refusal import Refusal
from competition.views import entry_list
from competition.views.acted import acted
from competition.views.answers import words
from competition.views.language import chosen
from competition.views.named import skill_or_404
from competition.views.signin import local

blueprint = Blueprint("entries", __name__, url_prefix="/office")
PAGE = 25  # entries on one page


@blueprint.get("/skills/<code>/entries")
def page(code: str) -> ResponseReturnValue:
    """The entries, those with a broken rule first; ?state=… shows one state only."""
    skill = _skill(code)
    found = eligibility.judged(db.session(), skill.id)
    form = forms.current(db.session(), skill.id)
    lacking = sum(one.entry.answers_missing > 0 for one in found)
    states = Counter(one.entry.state for one in found)
    wanted = request.args.get("state", "")
    if wanted in set(EntryState):
        found = [one for one in found if one.entry.state == wanted]
    unanswered = request.args.get("answers") == "missing"
    if unanswered:
        found = [one for one in found if one.entry.answers_missing]
    found.sort(key=lambda one: (not one.broken, one.entry.id))
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = found[(number - 1) * PAGE : number * PAGE]
    return render_template(
        "office/entries.html",
        skill=skill,
        found=shown,
        papers=papers.of_entries(db.session(), [one.entry.id for one in shown]),
        answered=answers.of_entries(db.session(), [one.entry for one in shown], form),
        lacking=lacking,
        unanswered=unanswered,
        states=states,
        wanted=wanted,
        number=number,
        pages=pages,
        me=access.someone().id,
        names=NAMES,
        lock=entry_locks.standings(db.session(), now(), [skill.id])[skill.id],
        **words(),
    )


@blueprint.post("/skills/<code>/entries")
def act(code: str) -> ResponseReturnValue:
    """Judge all entries, or approve those that are eligible."""
    skill = _skill(code)
    actor = access.someone().id
    try:
        if request.form.get("act") == "judge":
            came = eligibility.judge_skill(skill.id, actor_id=actor)
            said = _(
                "%(fit)s entries are eligible, %(unfit)s are not",
                fit=came[EntryState.ELIGIBLE],
                unfit=came[EntryState.NOT_ELIGIBLE],
            )
        else:
            fit = [
                one.entry.id
                for one in eligibility.judged(db.session(), skill.id)
                if one.entry.state == EntryState.ELIGIBLE
            ]
            said = _("%(n)s entries were approved", n=eligibility.approve(fit, actor_id=actor))
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        flash(said, "success")
    return redirect(url_for("entries.page", code=skill.code), 303)


@blueprint.post("/skills/<code>/entries/<int:entry_id>/exceptions")
def ask(code: str, entry_id: int) -> ResponseReturnValue:
    """Ask for an exception from one rule."""
    skill = _skill(code)
    if db.session.scalar(select(Entry.skill_id).where(Entry.id == entry_id)) != skill.id:
        abort(404)  # the secretariat of a zone asks for entries of its own skills only
    form = request.form
    return acted(
        url_for("entries.page", code=skill.code),
        lambda: eligibility.ask_exception(
            entry_id,
            form.get("rule", ""),
            reason=form.get("reason", ""),
            actor_id=access.someone().id,
        ),
        _("Asked. A second person must answer."),
    )


@blueprint.get("/exceptions")
def exceptions() -> ResponseReturnValue:
    """The exceptions that wait for a second person; others, and some, by the filter."""
    access.require(access.may_organise(access.who()))
    wish = asked_lists.wish(request.args, NAMES, asked_lists.EXCEPTION_STATES)
    number = request.args.get("page", 1, type=int)
    found = asked_lists.exceptions(db.session(), wish, number=number, size=PAGE)
    return render_template(
        "office/exceptions.html",
        found=found,
        wish=wish,
        papers=papers.of_entries(db.session(), [one.entry.id for one in found.lines]),
        me=access.someone().id,
        english=chosen() == "en",
        names=NAMES,
        states=asked_lists.EXCEPTION_STATES,
        **entry_list.places(),
    )


@blueprint.post("/exceptions/<int:exception_id>")
def answer(exception_id: int) -> ResponseReturnValue:
    """Grant or refuse an exception that somebody else asked for."""
    access.require(access.may_organise(access.who()))
    granted = request.form.get("granted") == "1"
    return acted(
        local(request.form.get("back")) or url_for("entries.exceptions"),
        lambda: eligibility.answer_exception(
            exception_id,
            granted,
            answer=request.form.get("answer", ""),
            actor_id=access.someone().id,
        ),
        _("Granted; the entry was judged again.") if granted else _("Refused."),
    )


def _skill(code: str) -> Skill:
    access.someone()
    skill = skill_or_404(code)
    access.require(access.may_organise(access.who(), skill))
    return skill
