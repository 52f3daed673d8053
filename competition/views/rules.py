"""A skill's rules: for everybody in plain words, for the office as a form with its versions."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import access, clocks, skill_rules
from competition.database import db
from competition.models import Skill
from competition.moment import now
from competition.rules import skill_rules as data
from competition.rules import skill_rules_words as words
from competition.rules.refusal import Refusal
from competition.views.language import chosen
from competition.views.named import skill_or_404

blueprint = Blueprint("rules", __name__)

DAYS = ("born_before", "age_day", "substitute_until")
SWITCHES = (
    "one_skill_each",
    "coach_required",
    "supervisor",
    "competitor_signs",
    "shared_places",
)
CHOICES: dict[str, tuple[Any, ...]] = {
    "preset": tuple(data.PRESETS),
    "panel": data.PANEL_SIZES,
    "release": data.RELEASES,
    "medals": data.MEDAL_RULES,
    "scale": data.SCALES,
}
GROUPS = (
    (
        ("谁可以报名", "Who may enter"),
        *("statuses", "born_before", "youngest", "oldest", "age_day", "local_years"),
        *("one_skill_each", "excluded_medals", "quota", "reserves", "coach_required"),
        "substitute_until",
    ),
    (
        ("怎样评分", "How it is marked"),
        *("panel", "trim", "supervisor", "widest_spread", "recheck_share", "recheck_limit"),
        *("competitor_signs", "release"),
    ),
    (
        ("怎样定名次", "How places are found"),
        *("shared_places", "ties", "medals", "scale", "appeal_hours"),
    ),
)


@blueprint.get("/skills/<code>/rules")
def page(code: str) -> ResponseReturnValue:
    """Every rule as a sentence, and what each version changed."""
    skill = skill_or_404(code)
    return render_template(
        "rules/page.html",
        skill=skill,
        versions=skill_rules.versions(db.session(), skill.id),
        may_change=access.may_organise(access.who(), skill),
        words=words,
        said=_said,
    )


@blueprint.get("/office/skills/<code>/rules")
def edit(code: str) -> ResponseReturnValue:
    """The form; ?preset=… fills it from a preset, which changes nothing by itself."""
    skill = _own(code)
    preset = data.PRESETS.get(request.args.get("preset", ""))
    counts = skill_rules.current(db.session(), skill.id)
    body = preset or (data.write(counts) if counts else data.PRESETS["provincial"])
    return _form(skill, dict(body))


@blueprint.post("/office/skills/<code>/rules")
def adopt(code: str) -> ResponseReturnValue:
    """Make the form the skill's rules, as a new version."""
    skill = _own(code)
    body = _body()
    try:
        version = skill_rules.adopt(
            skill.id,
            body,
            reason=request.form.get("reason", ""),
            actor_id=access.someone().id,
        )
    except Refusal as refusal:
        return _form(skill, body, refusal.sentence(chosen())), refusal.status
    flash(_("Version %(version)s of the rules is in force", version=version), "success")
    return redirect(url_for("rules.page", code=skill.code), 303)


def _own(code: str) -> Skill:
    """A skill whose rules the account may change; a visitor signs in first."""
    access.someone()
    skill = skill_or_404(code)
    access.require(access.may_organise(access.who(), skill))
    return skill


def _said(pair: tuple[str, str]) -> str:
    return pair[1] if chosen() == "en" else pair[0]


def _form(skill: Skill, body: dict[str, Any], refused: str = "") -> str:
    return render_template(
        "rules/edit.html",
        skill=skill,
        body=body,
        refused=refused,
        groups=GROUPS,
        days=DAYS,
        switches=SWITCHES,
        choices=CHOICES,
        statuses=data.STATUSES,
        tie_breaks=data.TIE_BREAKS,
        presets=tuple(data.PRESETS),
        is_first=skill_rules.current(db.session(), skill.id) is None,
        has_begun=clocks.situation(db.session(), skill.id, now()).started,
        words=words,
        said=_said,
    )


def _body() -> dict[str, Any]:
    """The form as a plain mapping; what is no number stays a text, for the rules to name."""
    form = request.form
    body: dict[str, Any] = {}
    for name in data.PRESETS["provincial"]:
        if name in SWITCHES:
            body[name] = form.get(name) == "1"
        elif name == "statuses":
            body[name] = form.getlist(name)
        elif name == "ties":
            body[name] = [one for one in form.getlist(name) if one]
        elif name == "excluded_medals":
            listed = form.get(name, "").replace("，", ",").split(",")
            body[name] = [one.strip() for one in listed if one.strip()]
        elif name in DAYS or (name in CHOICES and name != "panel"):
            body[name] = form.get(name, "").strip() or None
        else:
            body[name] = _number(form.get(name, "").strip())
    return body


def _number(text: str) -> int | str | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text or None
