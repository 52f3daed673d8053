"""成绩版本: hand over, receive, publish; what a correction moves, before it is made."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition.access import may_direct, may_look_over, may_organise, require, someone, who
from competition.database import db
from competition.models import Entry, Skill
from competition.rules.refusal import Refusal
from competition.views.language import chosen
from competition.views.named import skill_for
from judging import books, kept, result_versions, ties
from judging.rules import book
from judging.views.desk import mine

blueprint = Blueprint("versions", __name__, url_prefix="/results")
MARK = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?", re.ASCII)


@blueprint.get("/<code>")
def page(code: str) -> ResponseReturnValue:
    """Every version of a skill's results, what comes next, and what moved since it was public."""
    skill = _opened(code)
    session = db.session()
    rows = result_versions.of_skill(session, skill.id)
    return render_template(
        "signoff/versions.html",
        skill=skill,
        rows=rows,
        names=result_versions.names(session, rows),
        steps=result_versions.NEEDS,
        directs=may_direct(who(), skill),
        organises=may_organise(who(), skill),
        undecided=ties.places_waiting(session, skill),
        waits=book.lacking(books.ripe(session, [skill])[0][0]),
        moves=result_versions.impact_since_published(session, skill.id),
    )


@blueprint.post("/<code>/<int:version>/<any(handed_over, received, published):state>")
def step(code: str, version: int, state: str) -> ResponseReturnValue:
    """Take one step: the chief judge hands over, the office of the skill receives and publishes."""
    skill = _opened(code)
    may = may_direct if state == "handed_over" else may_organise
    require(may(who(), skill))
    try:
        result_versions.step(skill.id, version, state, actor_id=someone().id)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        flash(refusal.sentence(chosen()), "refusal")
    else:
        said = {
            "handed_over": _("The results were handed over"),
            "received": _("The results were received"),
            "published": _("The results are published"),
        }
        flash(said[state], "success")
    return redirect(url_for("versions.page", code=code), 303)


@blueprint.get("/<code>/preview")
def preview(code: str) -> ResponseReturnValue:
    """What would move if one measurement had another value; nothing is changed."""
    skill = mine(code)
    found = kept.whole(db.session(), skill.id)
    asked = {field: request.args.get(field, "").strip() for field in ("work", "aspect", "value")}
    moves, error = None, ""
    if any(asked.values()):
        entry = db.session.scalar(
            select(Entry.id).where(Entry.skill_id == skill.id, Entry.code == asked["work"][:20])
        )
        aspect = next((one.id for one in found.aspects if one.code == asked["aspect"]), None)
        mark = MARK.fullmatch(asked["value"])
        if entry is not None and aspect is not None and mark is not None:
            value = int(mark[1]) * 100 + int((mark[2] or "0").ljust(2, "0"))
            moves = result_versions.impact_of(db.session(), skill.id, entry, aspect, value)
        if moves is None:
            error = _(
                "Give the code of a work, a measurement of the scheme and a mark up to its maximum;"
                " nothing was computed and nothing was changed."
            )
    return render_template(
        "signoff/preview.html",
        skill=skill,
        asked=asked,
        moves=moves,
        error=error,
        works=sorted(found.entries.values()),
        aspects=[one for one in found.aspects if one.kind == "M"],
    )


def _opened(code: str) -> Skill:
    """The skill of an address, for its chief judge and its office."""
    return skill_for(code, may_look_over)
