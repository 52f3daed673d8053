"""The preflight page of a skill: every light with its sentence, printable as a go/no-go sheet."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from competition import access
from competition.database import db
from competition.moment import now
from competition.rules.preflight import Light, may_open
from competition.views.language import chosen
from competition.views.named import skill_for
from judging import preflight

blueprint = Blueprint("preflight", __name__, url_prefix="/office")


@blueprint.get("/skills/<code>/preflight")
def page(code: str) -> ResponseReturnValue:
    """Red lights first; the organiser and the skill's chief judge may look."""
    skill = skill_for(code, access.may_look_over)
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
