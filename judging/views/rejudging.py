"""Rejudging, for the chief judge: choose a set, follow it, look at the differences, decide; and the
questions that it opened."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from competition.access import may_rejudge, require, someone, who
from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from competition.views.acted import CONFLICT, acted
from competition.views.language import chosen
from judging import evaluation, questions, rejudged, rejudging
from judging.models import Evaluation, MarkQuestion, Rejudging
from judging.rejudged import Wanted
from judging.views.desk import KEY
from judging.views.desk import mine as _mine

blueprint = Blueprint("rejudging", __name__, url_prefix="/desk")
ZONE = ZoneInfo("Asia/Shanghai")  # times are typed as the hall's clock shows them


@blueprint.get("/<code>/rejudging")
def page(code: str) -> ResponseReturnValue:
    """The sets so far, and the form that chooses the next one; with `show`, what it would hold."""
    skill = mine(code)
    session = db.session()
    tasks, verdicts = rejudged.choices(session, skill.id)
    show = "show" in request.args
    return render_template(
        "desk/rejudging.html",
        skill=skill,
        sets=rejudged.sets(session, skill.id),
        waiting=rejudged.open_set(session, skill.id),
        tasks=tasks,
        verdicts=verdicts,
        asked=request.args,
        found=rejudged.matching(session, skill.id, _wanted(request.args)) if show else None,
        key=secrets.token_urlsafe(12),
    )


@blueprint.post("/<code>/rejudging")
def start(code: str) -> ResponseReturnValue:
    """Begin a set with the hand-ins that were ticked."""
    skill, form = mine(code), request.form
    key = form.get("key", "")
    if not KEY.fullmatch(key):
        abort(400)
    picked = {int(one) for one in form.getlist("chosen") if one.isdecimal()}
    try:
        number = rejudging.start(
            skill.id,
            _wanted(form),
            picked,
            reason=form.get("reason", ""),
            actor_id=someone().id,
            key=f"desk:{key}",
        )
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
        return redirect(url_for("rejudging.page", code=code, **_kept(form)), 303)
    flash(_("The hand-ins wait to be judged anew; no result changes meanwhile"), "success")
    return redirect(url_for("rejudging.one", code=code, number=number), 303)


@blueprint.get("/<code>/rejudging/<int:number>")
def one(code: str, number: int) -> ResponseReturnValue:
    """One set: its progress, and what it would change."""
    skill, row = _set(code, number)
    return render_template("desk/rejudging_set.html", skill=skill, **_shown(row))


@blueprint.get("/<code>/rejudging/<int:number>/<any(apply, drop):act>")
def ask(code: str, number: int, act: str) -> ResponseReturnValue:
    """Ask for the reason before the whole set is applied or dropped."""
    skill, row = _set(code, number)
    return _ask("rejudging", skill, act=act, **_shown(row))


@blueprint.post("/<code>/rejudging/<int:number>/<any(apply, drop):act>")
def decide(code: str, number: int, act: str) -> ResponseReturnValue:
    """Apply or drop the whole set."""
    _skill, row = _set(code, number)
    reason, actor = request.form.get("reason", ""), someone().id
    seen = request.form.get("seen", "")
    back = url_for("rejudging.one", code=code, number=number)
    if act == "drop":
        return _do(
            back,
            lambda: rejudging.drop(row.id, reason=reason, actor_id=actor),
            _("The set was dropped; all results stay as they were"),
        )
    return _do(
        back,
        lambda: rejudging.apply(row.id, seen=seen, reason=reason, actor_id=actor),
        _("The whole set is applied"),
    )


@blueprint.post("/<code>/rejudging/<int:number>/again/<int:judging>")
def again(code: str, number: int, judging: int) -> ResponseReturnValue:
    """Send a hand-in of the set that the sandbox could not judge through it once more."""
    _skill, row = _set(code, number)
    failed = db.session.get(Evaluation, judging)
    if failed is None or failed.rejudging_id != row.id:
        abort(404)
    actor = someone().id
    return _do(
        url_for("rejudging.one", code=code, number=number),
        lambda: evaluation.judge_again(judging, actor_id=actor),
        _("The hand-in waits for the sandbox again"),
    )


@blueprint.get("/<code>/questions/<int:number>")
def ask_question(code: str, number: int) -> ResponseReturnValue:
    """A question about a mark, with what judges gave and what the set found."""
    skill = mine(code)
    return _ask("question", skill, question=_question(skill, number))


@blueprint.post("/<code>/questions/<int:number>")
def answer(code: str, number: int) -> ResponseReturnValue:
    """Answer a question about a mark."""
    skill = mine(code)
    asked = db.session.get(MarkQuestion, number)
    if asked is None or asked.skill_id != skill.id:
        abort(404)
    actor, reason = someone().id, request.form.get("reason", "")
    return _do(
        url_for("desk.skill", code=code),
        lambda: questions.answer(number, reason=reason, actor_id=actor),
        _("Answered"),
    )


def mine(code: str) -> Skill:
    """The skill of an address, for whoever may rejudge in it."""
    skill = _mine(code)
    require(may_rejudge(who(), skill))
    return skill


def _set(code: str, number: int) -> tuple[Skill, Rejudging]:
    skill = mine(code)
    row = db.session.get(Rejudging, number)
    if row is None or row.skill_id != skill.id:
        abort(404)
    return skill, row


def _question(skill: Skill, number: int) -> dict[str, Any] | None:
    """An open question of the skill; None when it is answered or was never asked here."""
    found = questions.unanswered(db.session(), skill.id)
    return next((row for row in found if row["question_id"] == number), None)


def _shown(row: Rejudging) -> dict[str, Any]:
    """What both the page of a set and its forms show."""
    session = db.session()
    lines = rejudged.table(session, row)
    aspects = [aspect for line in lines for aspect in line["aspects"]]
    return {
        "row": row,
        "progress": rejudged.progress(session, row.id),
        "lines": lines,
        "seen": rejudged.stamp(lines),
        "counted": {
            "lines": len(lines),
            "proposals": sum(len(line["aspects"]) for line in lines if line["counts"]),
            "questions": sum(aspect["question"] for aspect in aspects),
        },
        "unanswered": questions.left_of(session, row.id),
    }


def _wanted(given: MultiDict[str, str]) -> Wanted:
    return Wanted(
        task=given.get("task", ""),
        verdicts=tuple(given.getlist("verdict")),
        since=_typed(given.get("since", "")),
        until=_typed(given.get("until", "")),
        counting_only="all" not in given,
    )


def _kept(form: MultiDict[str, str]) -> dict[str, Any]:
    """The choice again, for the page to which a refusal leads back."""
    plain = {name: form.get(name) for name in ("task", "since", "until", "all") if form.get(name)}
    return {**plain, "verdict": form.getlist("verdict"), "show": 1}


def _typed(text: str) -> datetime | None:
    """What a datetime-local field holds; nothing when it is empty or not a time."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError:
        return None


def _ask(form: str, skill: Skill, **values: Any) -> str:  # noqa: ANN401 - what the template needs
    """A form, alone for the dialog over the page or as a page of its own."""
    alone = "HX-Request" in request.headers
    return render_template(f"desk/ask_{form}.html", skill=skill, alone=alone, **values)


def _do(back: str, deed: Callable[[], None], said: str) -> ResponseReturnValue:
    """Call a verb and go back with what came of it."""
    return acted(back, deed, said, told=CONFLICT)
