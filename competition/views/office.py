"""The organiser's office: how the skills stand, who takes part, the demo's bots."""

from collections import Counter
from math import ceil

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition import access, demo, overview
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
        may_see_grants=access.may_see_grants(account),
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
    places = overview.competitors_of(db.session(), skill.id)
    pages = max(1, ceil(len(places) / PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "office/people.html",
        skill=skill,
        panel=overview.panel_of(db.session(), skill.id, now()),
        places=places[(number - 1) * PAGE : number * PAGE],
        total=len(places),
        number=number,
        pages=pages,
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
