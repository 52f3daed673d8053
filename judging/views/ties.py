"""同分裁决: who is tied after the lock, and the chief judge's forms to decide it; by codes."""

import re
import secrets
import unicodedata

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import pins
from competition.access import sign_in_of_request, someone
from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from competition.views import limits
from competition.views.language import chosen
from competition.views.limits import limiter
from judging import ties
from judging.rules.tie_decisions import BY
from judging.views.desk import mine, posted_key

blueprint = Blueprint("ties", __name__, url_prefix="/results")
FIGURE = "figure-"
CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)", re.ASCII)
WHOLE = re.compile(r"\d{1,6}", re.ASCII)


@blueprint.get("/<code>/ties")
def page(code: str) -> ResponseReturnValue:
    """The ties of a locked skill, and what was decided of them."""
    return _page(mine(code))


@blueprint.post("/<code>/ties")
@limiter.limit("60/minute")
def decide(code: str) -> ResponseReturnValue:
    """Give everybody of one tie a figure; a ruling is signed with the chief judge's PIN."""
    skill, key, actor = mine(code), posted_key(), someone().id
    by = request.form.get("by", "")
    try:
        proof = None
        if by == "ruling":
            sign_in = sign_in_of_request()
            device = f"sign_in:{sign_in.id}" if sign_in is not None else limits.asker()
            proof = pins.check(actor, request.form.get("pin", ""), device=device)
        reason = request.form.get("reason", "")
        ties.decide(skill.id, by, _figures(by), reason=reason, actor_id=actor, key=key, proof=proof)
    except Refusal as refusal:
        return _page(skill, refusal.sentence(chosen())), refusal.status
    flash(_("The decision is noted; the results have a new version"), "success")
    return redirect(url_for("ties.page", code=code), 303)


def _page(skill: Skill, error: str = "") -> str:
    session = db.session()
    session.rollback()
    return render_template(
        "signoff/ties.html",
        skill=skill,
        found=ties.of_skill(session, skill) if skill.locked_at is not None else None,
        has_pin=bool(pins.has(session, [someone().id])),
        error=error,
        typed=request.form,
        key=secrets.token_urlsafe(12),
        clock=clock,
    )


def clock(seconds: int) -> str:
    """A working time as the form takes it."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _figures(by: str) -> dict[str, int]:
    """Code → figure, as typed; 4:37:12 is a working time too."""
    if by not in BY:
        raise Refusal(
            "没有说明按什么裁决，什么都没有改变。请刷新页面。",
            "It was not said by what to decide; nothing was changed. Reload the page.",
        )
    return {
        name.removeprefix(FIGURE): _figure(by, name.removeprefix(FIGURE), text)
        for name, text in request.form.items()
        if name.startswith(FIGURE)
    }


def _figure(by: str, code: str, text: str) -> int:
    plain = unicodedata.normalize("NFKC", text[:20]).strip()
    parts = CLOCK.fullmatch(plain) if by == "time" else None
    if parts is not None:
        return int(parts[1]) * 3600 + int(parts[2]) * 60 + int(parts[3])
    if not WHOLE.fullmatch(plain):
        zh, en = _WANTED[by]
        raise Refusal(
            f"{code}：没有看懂“{plain}”，什么都没有改变。请填{zh}。",
            f"{code}: “{plain}” was not understood; nothing was changed. Give {en}.",
        )
    return int(plain)


_WANTED = {
    "time": (
        "用时，例如 4:37:12 或秒数 16632",
        "a working time, such as 4:37:12, or 16632 seconds",
    ),
    "vote": ("票数，例如 2", "a number of votes, such as 2"),
    "ruling": ("先后，例如 1", "a rank, such as 1"),
}
