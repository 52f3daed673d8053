"""Declarations on pages: a judge's own, with standing aside; and the office's look at all."""

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import access, declarations
from competition.access import require, someone, who
from competition.database import db
from competition.declarations import Told
from competition.models import Skill
from competition.rules.refusal import Refusal
from competition.views.acted import acted
from competition.views.named import skill_or_404
from judging import conflict_notes, declared, recusals
from judging.views.desk import KEY

blueprint = Blueprint("declaring", __name__)


@blueprint.get("/judge/<code>/declaration")
def page(code: str) -> ResponseReturnValue:
    """What the judge declared, and the forms to declare and to stand aside."""
    one = _judged(code)
    return render_template(
        "declaring/page.html",
        skill=one,
        found=declared.own(db.session(), one, someone().id),
        key=secrets.token_urlsafe(12),
    )


@blueprint.post("/judge/<code>/declaration")
def declare(code: str) -> ResponseReturnValue:
    """Keep what the judge declares of themselves."""
    one = _judged(code)
    actor = someone().id
    return _do(
        lambda: _declare(one, actor, _key("declare")),
        _("Declared. Your page says whether the office must look at it first."),
        url_for("declaring.page", code=one.code),
        lambda: page(code),
    )


@blueprint.post("/judge/<code>/aside")
def aside(code: str) -> ResponseReturnValue:
    """The judge stands aside from one work, or from the skill."""
    one, form = _judged(code), request.form
    actor = someone().id
    return _do(
        lambda: recusals.recuse(
            one.id,
            actor,
            work=form.get("work", ""),
            reason=form.get("reason", ""),
            actor_id=actor,
            key=_key("aside"),
        ),
        _("You stand aside; the chief judge sees it"),
        url_for("declaring.page", code=one.code),
        lambda: page(code),
    )


@blueprint.get("/office/declarations")
def office() -> ResponseReturnValue:
    """Every declaration, those that the system could not match first."""
    require(access.may_organise(who()) and not access.looks_on())
    return render_template(
        "declaring/office.html",
        found=declared.of_office(db.session(), request.args.get("skill", "")[:10]),
        key=secrets.token_urlsafe(12),
    )


@blueprint.post("/office/declarations")
def declare_for() -> ResponseReturnValue:
    """The office declares what it knows of a judge."""
    require(access.may_organise(who()) and not access.looks_on())
    one = skill_or_404(request.form.get("skill", "")[:10])
    judge = _number("judge")
    return _do(
        lambda: _declare(one, judge, _key("office")),
        _("Declared for the judge"),
        url_for("declaring.office", skill=one.code),
    )


@blueprint.post("/office/declarations/<int:number>/settle")
def settle(number: int) -> ResponseReturnValue:
    """Say whom a declaration means."""
    require(access.may_organise(who()) and not access.looks_on())
    form, actor = request.form, someone().id
    chosen, place = form.get("person", ""), form.get("affiliation", "").replace("\x00", "")

    def deed() -> None:
        if not chosen and not place.strip():
            raise Refusal(
                "请选择指的是谁，或“不是该赛项的人”。什么都没有保存。",
                "Choose whom it means, or “nobody of this skill”. Nothing was kept.",
            )
        skill_id = declarations.settle(
            number,
            person_id=_number("person") if chosen not in ("", "none") else None,
            affiliation=place,
            reason=form.get("reason", ""),
            actor_id=actor,
        )
        conflict_notes.note(skill_id, actor_id=actor)

    return _do(deed, _("Settled"), url_for("declaring.office"))


@blueprint.post("/office/declarations/<int:number>/withdraw")
def withdraw(number: int) -> ResponseReturnValue:
    """Take a declaration back, with a reason."""
    require(access.may_organise(who()) and not access.looks_on())
    reason, actor = request.form.get("reason", ""), someone().id

    def deed() -> None:
        skill_id = declarations.withdraw(number, reason=reason, actor_id=actor)
        conflict_notes.note(skill_id, actor_id=actor)

    return _do(deed, _("The declaration was withdrawn"), url_for("declaring.office"))


def _judged(code: str) -> Skill:
    """The skill of an address, for one of its judges."""
    someone()
    one = skill_or_404(code)
    require(access.may_declare(who(), one))
    return one


def _declare(one: Skill, judge_id: int, key: str) -> None:
    form, actor = request.form, someone().id
    told = Told(*(form.get(name, "") for name in ("tie", "name", "place", "work", "words")))
    declarations.declare(one.id, judge_id, told, actor_id=actor, key=key)
    conflict_notes.note(one.id, actor_id=actor)


def _key(kind: str) -> str:
    """The key that the form was given when it was shown: a double tap brings it twice."""
    key = request.form.get("key", "")
    if not KEY.fullmatch(key):
        raise Refusal(
            "表单不完整，什么都没有保存。请刷新页面后再试。",
            "The form is not complete; nothing was kept. Reload the page and try again.",
        )
    return f"{kind}:{key}"


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _do(
    deed: Callable[[], Any],
    said: str,
    back: str,
    again: Callable[[], ResponseReturnValue] | None = None,
) -> ResponseReturnValue:
    return acted(back, deed, said, told=(404, 409), again=again)
