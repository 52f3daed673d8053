"""Big screens: one skill's board, readable from far away."""

from io import BytesIO

import segno
from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue

from competition import skill_profiles
from competition.database import db
from competition.views.named import skill_or_404
from competition.views.shared import shared
from judging import results
from judging.views.addresses import public

blueprint = Blueprint("screen", __name__, url_prefix="/screen")


@blueprint.get("/<code>")
def page(code: str) -> ResponseReturnValue:
    """The big-screen page of a skill."""
    skill = skill_or_404(code)
    _version, profile = skill_profiles.of(db.session(), skill.id)
    return render_template(
        "boards/screen.html",
        board=results.snapshot(skill).body,
        snapshot_url=url_for("boards.snapshot", code=skill.code),
        qr_url=url_for("screen.qr", code=skill.code),
        phone_url=_phone_url(skill.code),
        profile=profile,
    )


@blueprint.get("/<code>/qr.svg")
def qr(code: str) -> Response:
    """A QR code that leads a phone to the skill's page."""
    skill = skill_or_404(code)
    picture = BytesIO()
    segno.make(_phone_url(skill.code), error="m").save(
        picture, kind="svg", border=2, scale=8, omitsize=True, xmldecl=False
    )
    answer = Response(picture.getvalue(), mimetype="image/svg+xml")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return shared(answer)


def _phone_url(code: str) -> str:
    return public(url_for("boards.skill", code=code))
