"""Calls for help on the chief judge's desk: I am coming, settled."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.access import someone
from judging import calls
from judging.views.desk import mine

blueprint = Blueprint("calls", __name__, url_prefix="/desk")


@blueprint.post("/<code>/calls/<int:number>/<any(take, done):act>")
def act(code: str, number: int, act: str) -> ResponseReturnValue:
    """Say that one is coming, or that the call is settled; twice does no harm."""
    one = mine(code)
    if act == "take":
        calls.take(number, skill_id=one.id, actor_id=someone().id)
        flash(_("The tablet shows that you are coming"), "success")
    else:
        calls.done(number, skill_id=one.id, actor_id=someone().id)
        flash(_("The call is settled"), "success")
    return redirect(url_for("desk.skill", code=one.code), 303)
