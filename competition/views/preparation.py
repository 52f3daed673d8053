"""The tracker of preparation: every skill at every milestone, and the days they are due."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import access, preparation
from competition.database import db
from competition.rules.preparation import MILESTONES, Colour
from competition.rules.refusal import Refusal
from competition.views.language import chosen

blueprint = Blueprint("preparation", __name__, url_prefix="/office/preparation")


@blueprint.get("")
def page() -> ResponseReturnValue:
    """The table; ?zone=…&colour=… shows some of it."""
    return _page()


@blueprint.post("")
def set_days() -> ResponseReturnValue:
    """Set the days; an empty field means the preset's."""
    access.require(access.may_grant(access.who()))
    try:
        wanted = {one.name: _day(request.form.get(one.name, "")) for one in MILESTONES}
        preparation.set_days(wanted, actor_id=access.someone().id)
    except Refusal as refusal:
        return _page(refusal.sentence(chosen())), refusal.status
    flash(_("The days are saved."), "success")
    return redirect(url_for("preparation.page"), 303)


def _page(refused: str = "") -> str:
    account = access.who()
    access.require(access.may_enter_office(account))
    session = db.session()
    every = preparation.rows(session, lambda skill: access.may_organise(account, skill))
    zone, colour = request.args.get("zone", ""), request.args.get("colour", "")
    here = [one for one in every if one.fits(zone)]
    own = preparation.own_days(session)
    typed = request.form if refused else {name: day.isoformat() for name, day in own.items()}
    return render_template(
        "office/preparation.html",
        every=every,
        here=len(here),
        shown=[one for one in here if one.fits(colour=colour)],
        counts=preparation.counts(here),
        zones={one.skill.zone.code: one.skill.zone for one in every if one.skill.zone},
        zone=zone,
        colour=colour if colour in set(Colour) else "",
        milestones=MILESTONES,
        due=preparation.days(session),
        typed=typed,
        english=chosen() == "en",
        may_set=access.may_grant(account),
        refused=refused,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(
            f"“{text[:20]}”不是日期。日期没有改变，请用日期栏选择。",
            f"“{text[:20]}” is no date. No day was changed; choose one in the field.",
            status=422,
        ) from None
