"""The preflight page of a skill: every light with its sentence, printable as a go/no-go sheet."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from competition import access
from competition.database import db
from competition.models import Skill
from competition.moment import now
from competition.rules.preflight import Light, may_open
from competition.views.language import chosen
from judging import preflight

blueprint = Blueprint("preflight", __name__, url_prefix="/office")


@blueprint.get("/skills/<code>/preflight")
def page(code: str) -> ResponseReturnValue:
    """Red lights first; the organiser and the skill's chief judge may look."""
    skill = db.session.scalar(select(Skill).where(Skill.code == code))
    account = access.who()
    if skill is None:
        access.someone()
        abort(404)
    access.require(access.may_organise(account, skill) or access.may_direct(account, skill))
    results = preflight.of_skill(db.session(), skill)
    order = (Light.RED, Light.AMBER, Light.GREEN)
    english = chosen() == "en"
    return render_template(
        "office/preflight.html",
        skill=skill,
        groups=[
            (light, [one.en if english else one.zh for one in results if one.light is light])
            for light in order
        ],
        open=may_open(results),
        total=len(results),
        at=now(),
    )
