"""The organiser's office: how the skills stand, who takes part, the demo's bots."""

from collections import Counter

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition import access, demo, lists, overview
from competition.database import db
from competition.models import Skill
from competition.moment import now
from competition.views.limits import limiter
from competition.views.signin import local

blueprint = Blueprint("office", __name__, url_prefix="/office")
PAGE = 20  # people on one page


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The skills by zone, each with its state and numbers."""
    account = access.who()
    access.require(access.may_enter_office(account))
    lines = [
        line
        for line in overview.skill_lines(db.session(), now())
        if access.may_organise(account, line.skill)
    ]
    zones: dict[str, list[overview.SkillLine]] = {}
    for line in lines:
        zones.setdefault(line.skill.zone.code if line.skill.zone else "", []).append(line)
    return render_template(
        "office/home.html",
        zones=sorted(zones.values(), key=len, reverse=True),
        states=Counter(line.state for line in lines),
        competitors=sum(line.competitors for line in lines),
        judges=sum(line.judges for line in lines),
        unstaffed=[line for line in lines if not line.is_staffed],
        delegations=overview.delegation_sizes(db.session()) if access.may_organise(account) else [],
    )


@blueprint.get("/skills/<code>")
def people(code: str) -> ResponseReturnValue:
    """The panel and the competitors of a skill, a page at a time."""
    account = access.who()
    access.require(access.may_enter_office(account))
    skill = db.session.scalar(select(Skill).where(Skill.code == code))
    if skill is None:
        abort(404)
    access.require(access.may_organise(account, skill))
    words = request.args.get("words", "").strip()[:100]
    number = request.args.get("page", 1, type=int)
    found = lists.people(db.session(), skill.id, words, number=number, size=PAGE)
    return render_template(
        "office/people.html",
        skill=skill,
        panel=overview.panel_of(db.session(), skill.id, now()),
        found=found,
        words=words,
    )


@blueprint.post("/simulation")
@limiter.limit("20/minute")
def simulation() -> ResponseReturnValue:
    """Switch the demo's bots on or off: whoever looks at the demo may; elsewhere there are none."""
    account = access.who()
    on = request.form.get("on") == "1"
    demo.simulate(on, account.id if account else None)
    flash(_("Bots are marking now.") if on else _("The bots have stopped marking."), "success")
    return redirect(local(request.form.get("next")) or url_for("boards.home"), code=303)
