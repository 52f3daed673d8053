"""All entries in the office: one list, narrowed and paged."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition import access, bulk, lists
from competition.database import db
from competition.lists import Wish
from competition.models import BulkAct, Delegation, EntryState, Skill, Stage
from competition.moment import now
from competition.overview import MISSING
from competition.views import office_frame

blueprint = Blueprint("entry_list", __name__, url_prefix="/office")
PAGE = 50  # entries on one page
FRESH = timedelta(hours=12)  # so long the last bulk act is offered to be undone on the list itself


@blueprint.get("/entries")
def page() -> ResponseReturnValue:
    """The entries of every skill that is the asker's."""
    skills, within = own_skills()
    wish = lists.wish(request.args.to_dict())
    number = request.args.get("page", 1, type=int)
    found = lists.entries(db.session(), wish, within, number=number, size=PAGE)
    return render_template(
        "office/entry_list.html",
        found=found,
        wish=wish,
        last=_last_act(within is None),
        may_import=any(one.path == "/office/roster" for one in office_frame.open_to(access.who())),
        **choices(wish, skills),
    )


def _last_act(everybodys: bool) -> BulkAct | None:
    """The newest bulk act, if it is fresh and can be undone from here."""
    by = None if everybodys else access.someone().id
    found = bulk.acts(db.session(), by, limit=1)
    fresh = [one for one in found if one.undone_at is None and one.count and now() - one.at < FRESH]
    return fresh[0] if fresh else None


def own_skills() -> tuple[list[Skill], list[int] | None]:
    """The skills that are the asker's, and their ids; None where they are all."""
    account = access.who()
    access.require(access.may_enter_office(account))
    every = db.session.scalars(
        select(Skill).options(joinedload(Skill.zone)).order_by(Skill.id)
    ).all()
    own = [skill for skill in every if access.may_organise(account, skill)]
    return own, None if len(own) == len(every) else [skill.id for skill in own]


def choices(wish: Wish, skills: list[Skill]) -> dict[str, object]:
    """What the filter offers."""
    return {
        "kept": wish.given(),
        **places(skills),
        "stages": db.session.scalars(select(Stage).order_by(Stage.number)).all(),
        "missing": (lists.ANYTHING, *MISSING),
        "states": tuple(EntryState),
    }


def places(skills: Sequence[Skill] | None = None) -> dict[str, Any]:
    """The skills, all of them unless some are given, with their zones, and the delegations."""
    if skills is None:
        asked = select(Skill).options(joinedload(Skill.zone)).order_by(Skill.id)
        skills = db.session.scalars(asked).all()
    zones = {skill.zone.id: skill.zone for skill in skills if skill.zone is not None}
    return {
        "skills": skills,
        "zones": [zones[one] for one in sorted(zones)],
        "delegations": db.session.scalars(select(Delegation).order_by(Delegation.code)).all(),
    }
