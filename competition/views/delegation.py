"""The team leader's pages: the delegation's competitors by skill, what is missing first."""

from itertools import groupby

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from competition import access, changes, overview, released, skill_rules
from competition.database import db
from competition.models import ChangeKind, Delegation, EntryState
from competition.moment import now
from competition.views.language import chosen
from competition.views.named import delegation_for

blueprint = Blueprint("delegation", __name__, url_prefix="/delegation")


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """A team leader's own delegation; the office chooses one."""
    account = access.someone()
    own = access.led_by(account)
    if own is not None:
        return _page(own)
    access.require(access.may_organise(account))
    return redirect(url_for("office.home", _anchor="delegations"))


@blueprint.get("/<code>")
def one(code: str) -> ResponseReturnValue:
    """A delegation by its code, for the office and its own leader."""
    return _page(delegation_for(code))


def _page(delegation: Delegation) -> str:
    shown = released.lines(delegation)  # first: it may store what is stale
    session = db.session()
    places = overview.delegates(session, delegation.id)
    lines = {line.skill.id: line for line in overview.skill_lines(session, now())}
    skills = [
        (lines[skill_id], list(own))
        for skill_id, own in groupby(places, key=lambda place: place.skill.id)
    ]
    return render_template(
        "delegation/home.html",
        delegation=delegation,
        skills=skills,
        total=len(places),
        quotas=skill_rules.quotas(session),
        released=shown,
        english=chosen() == "en",
        added=[
            one
            for one in changes.of_delegation(session, delegation.id)
            if one.row.kind == ChangeKind.ADD
        ],
        dates=overview.dates(session, now(), with_past=True),
        incomplete=[place for place in places if _waits(place)],
        without_sign_in=[
            place
            for place in places
            if "account" in place.missing and place.state != EntryState.WITHDRAWN
        ],
    )


def _waits(place: overview.Place) -> bool:
    """Whether there is something to do about a competitor. A sign-in alone is not the leader's to
    give, and after an import everybody lacks one: those are told in one line."""
    if place.state == EntryState.WITHDRAWN:
        return False
    return place.state == EntryState.NOT_ELIGIBLE or place.missing not in ((), ("account",))
