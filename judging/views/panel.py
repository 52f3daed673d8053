"""The panels of a skill, by its chief judge: who sits where, who stands aside, overrides."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition.access import someone
from competition.database import db
from competition.models import Skill
from competition.rules.conflicts import Tie
from competition.rules.refusal import Refusal
from competition.views.acted import acted
from competition.views.language import chosen
from judging import appointing, panel_page, recusals, seats
from judging.models import ConflictOverride, PanelSeat, Recusal
from judging.views.desk import mine, posted_key

blueprint = Blueprint("panel", __name__, url_prefix="/desk/<code>/panel")


@blueprint.get("")
def page(code: str) -> ResponseReturnValue:
    """Panels, judges with their conflicts in words, and what waits for a decision."""
    one = mine(code)
    return render_template(
        "panel/page.html",
        skill=one,
        found=panel_page.read(db.session(), one),
        key=secrets.token_urlsafe(12),
    )


@blueprint.post("/seats")
def appoint(code: str) -> ResponseReturnValue:
    """Put a judge on an empty chair."""
    one, form = mine(code), request.form
    judge, chair = _number("judge"), _number("chair")
    sheet = form.get("sheet", "")[:20]
    return _do(
        one,
        lambda actor: appointing.appoint(one.id, sheet, chair, judge, actor_id=actor),
        _("The judge was appointed"),
    )


@blueprint.post("/seats/<int:number>")
def leave(code: str, number: int) -> ResponseReturnValue:
    """A judge leaves a chair, or another takes it from now on."""
    one, reason = mine(code), request.form.get("reason", "")
    _own(one, PanelSeat, number)
    if not request.form.get("judge"):
        return _do(
            one,
            lambda actor: appointing.end(number, reason=reason, actor_id=actor),
            _("The judge left the panel; what they gave stays"),
        )
    judge = _number("judge")
    return _do(
        one,
        lambda actor: appointing.replace(number, judge, reason=reason, actor_id=actor),
        _("The judge was replaced; what the first one gave stays"),
    )


@blueprint.post("/recusals")
def recuse(code: str) -> ResponseReturnValue:
    """A judge stands aside from one work or from all."""
    one, form = mine(code), request.form
    judge, key = _number("judge"), posted_key()
    return _do(
        one,
        lambda actor: recusals.recuse(
            one.id,
            judge,
            work=form.get("work", ""),
            reason=form.get("reason", ""),
            from_start=bool(form.get("from_start")),
            actor_id=actor,
            key=f"desk:{key}",
        ),
        _("The judge stands aside"),
        lambda: page(code),
    )


@blueprint.post("/recusals/<int:number>/lift")
def lift(code: str, number: int) -> ResponseReturnValue:
    """A judge marks again."""
    one, reason = mine(code), request.form.get("reason", "")
    _own(one, Recusal, number)
    return _do(
        one,
        lambda actor: recusals.lift(number, reason=reason, actor_id=actor),
        _("The judge may mark again"),
    )


@blueprint.post("/overrides")
def override(code: str) -> ResponseReturnValue:
    """A judge marks in spite of a kind of tie."""
    one, form = mine(code), request.form
    judge, tie = _number("judge"), form.get("tie", "")
    if tie not in set(Tie):
        abort(400)
    reason = form.get("reason", "")
    return _do(
        one,
        lambda actor: recusals.override(one.id, judge, Tie(tie), reason=reason, actor_id=actor),
        _("The judge may mark in spite of it; the reason follows the marks"),
    )


@blueprint.post("/overrides/<int:number>/end")
def end_override(code: str, number: int) -> ResponseReturnValue:
    """The judge stands aside again."""
    one, reason = mine(code), request.form.get("reason", "")
    _own(one, ConflictOverride, number)
    return _do(
        one,
        lambda actor: recusals.end_override(number, reason=reason, actor_id=actor),
        _("The judge stands aside again"),
    )


@blueprint.post("/late")
def decide_late(code: str) -> ResponseReturnValue:
    """Marks from before a conflict was found count, or are given again."""
    one, form = mine(code), request.form
    judge, act = _number("judge"), form.get("act", "")
    if act not in ("count", "again"):
        abort(400)
    reason = form.get("reason", "")
    return _do(
        one,
        lambda actor: recusals.decide_late(
            one.id, judge, count=act == "count", reason=reason, actor_id=actor
        ),
        _("Decided"),
    )


@blueprint.get("/draw")
def ask_draw(code: str) -> ResponseReturnValue:
    """What a draw with this seed would give, before it is done."""
    one = mine(code)
    sheets, seed = _sheets(request.args.getlist("sheet")), request.args.get("seed", "").strip()
    if not seed:
        return _back(one, _("Publish a seed first; nothing was drawn."), "refusal")
    try:
        found = appointing.propose(db.session(), one.id, sheets, seed[: appointing.LONGEST_SEED])
    except Refusal as refusal:
        return _back(one, refusal.sentence(chosen()), "refusal")
    granted = [judge for judge, held in seats.granted(db.session(), one.id) if held]
    return render_template(
        "panel/draw.html",
        skill=one,
        seed=seed,
        sheets=sheets,
        found=panel_page.drawn(found, panel_page.names(db.session(), granted)),
    )


@blueprint.post("/draw")
def draw(code: str) -> ResponseReturnValue:
    """Fill the panels by rule."""
    one, form = mine(code), request.form
    sheets, seed = _sheets(form.getlist("sheet")), form.get("seed", "")
    return _do(
        one,
        lambda actor: appointing.draw(one.id, sheets, seed, actor_id=actor),
        _("The panels were drawn"),
    )


def _sheets(given: list[str]) -> list[str]:
    """The panels of a form: "all" is the whole skill's."""
    return ["" if one == "all" else one[:20] for one in dict.fromkeys(given)]


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else abort(400)


def _own(
    one: Skill, model: type[PanelSeat] | type[Recusal] | type[ConflictOverride], number: int
) -> None:
    """What an address names belongs to the skill of the address."""
    asked = select(model.skill_id).where(model.id == number)
    if number >= 2**31 or db.session.scalar(asked) != one.id:
        abort(404)


def _do(
    one: Skill,
    deed: Callable[[int], Any],
    said: str,
    again: Callable[[], ResponseReturnValue] | None = None,
) -> ResponseReturnValue:
    back, actor = url_for("panel.page", code=one.code), someone().id
    return acted(back, lambda: deed(actor), said, told=(404, 409), again=again)


def _back(one: Skill, said: str, kind: str) -> ResponseReturnValue:
    flash(said, kind)
    return redirect(url_for("panel.page", code=one.code), 303)
