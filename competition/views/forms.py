"""The office's editor of a skill's extra questions: works on a copy that the page carries, without
scripts, until it is saved as a new version."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition import access, form_adopting, forms
from competition.answers import Answered, Subject
from competition.database import db
from competition.models import Skill
from competition.rules import form_answers, forms_words
from competition.rules import forms as rules
from competition.rules.forms import CHOOSING, KINDS, ROLES, Form
from competition.rules.refusal import Refusal
from competition.views import asking
from competition.views.answers import words
from competition.views.language import chosen, name
from competition.views.limits import limiter
from competition.views.named import skill_or_404

blueprint = Blueprint("forms", __name__, url_prefix="/office/skills/<code>/form")
LONGEST_BODY = 400_000  # characters of the copy that a page carries

Plain = dict[str, Any]


@dataclass(slots=True)
class Work:
    """The copy that is worked on; `open`: the question in the form, `was` its key (empty: a new
    one); `focus`: the button that has it next."""

    form: Form
    open: Plain | None = None
    was: str = ""
    focus: str = ""
    reason: str = ""
    refused: str = ""


@blueprint.get("")
def page(code: str) -> ResponseReturnValue:
    """The questions that count, to be changed; and every version with what it changed."""
    skill = _own(code)
    return _page(skill, Work(forms.current(db.session(), skill.id)))


@blueprint.post("")
@limiter.limit("120/minute")
def act(code: str) -> ResponseReturnValue:
    """One step of the work on the copy, or saving it."""
    skill = _own(code)
    what, _colon, key = request.form.get("act", "").partition(":")
    work = Work(forms.current(db.session(), skill.id), reason=request.form.get("reason", ""))
    try:
        work.form = _carried()
        if what == "save":
            version = form_adopting.adopt(
                skill.id,
                rules.write(work.form),
                reason=work.reason,
                actor_id=access.someone().id,
            )
            flash(_("Version %(version)s of the questions counts", version=version), "success")
            return redirect(url_for("forms.page", code=skill.code), 303)
        step = STEPS.get(what)
        if step is not None:
            step(work, key)
    except Refusal as refusal:
        work.refused = refusal.sentence(chosen())
        return _page(skill, work), refusal.status
    return _page(skill, work)


def _carried() -> Form:
    """The copy that the page carries."""
    text = request.form.get("body", "")
    try:
        body = json.loads(text) if len(text) <= LONGEST_BODY else None
    except (ValueError, RecursionError):
        body = None
    return _checked(body if isinstance(body, dict) else {})


def _checked(body: Plain) -> Form:
    found = rules.read(body)
    if isinstance(found, list):
        raise Refusal(
            "这一步没有做。" + "；".join(f"“{one.field}”：{one.zh}" for one in found),
            "This step was not done. " + " ".join(f"“{one.field}”: {one.en}" for one in found),
            status=422,
        )
    return found


# The steps


def _add(work: Work, _key: str) -> None:
    work.open = _empty()


def _edit(work: Work, key: str) -> None:
    found = work.form.of(key)
    work.open, work.was = (rules.plain(found), key) if found else (None, "")


def _keep(work: Work, _key: str) -> None:
    """Take the question in the form into the copy: in its place, or at the end."""
    work.was = request.form.get("was", "")
    body = rules.write(work.form)["fields"]
    work.open = _typed(work)
    there = [one["key"] for one in body]
    if work.was in there:
        body[there.index(work.was)] = work.open
    else:
        body.append(work.open)
    work.form = _checked({"fields": body})
    work.focus, work.open = f"edit:{work.open['key']}", None


def _move(by: int) -> Callable[[Work, str], None]:
    def move(work: Work, key: str) -> None:
        fields = list(work.form.fields)
        at = next((n for n, one in enumerate(fields) if one.key == key), None)
        if at is not None and 0 <= at + by < len(fields):
            fields[at], fields[at + by] = fields[at + by], fields[at]
        work.form = Form(tuple(fields))
        work.focus = f"{'up' if by < 0 else 'down'}:{key}"

    return move


def _remove(work: Work, key: str) -> None:
    body = rules.write(work.form)["fields"]
    work.form = _checked({"fields": [one for one in body if one["key"] != key]})
    work.focus = "add"


def _copy(work: Work, _key: str) -> None:
    other = skill_or_404(request.form.get("other", ""))
    work.form = forms.current(db.session(), other.id)
    flash(_("Copied from %(skill)s; it counts once you save it.", skill=name(other)), "info")


STEPS: dict[str, Callable[[Work, str], None]] = {
    "add": _add,
    "edit": _edit,
    "keep": _keep,
    "up": _move(-1),
    "down": _move(1),
    "remove": _remove,
    "copy": _copy,
}


def _empty() -> Plain:
    texts = dict.fromkeys(("key", "zh", "en", "hint_zh", "hint_en"), "")
    lists: Plain = {"roles": ["competitor", "reserve"], "options": []}
    rest: Plain = {"kind": "short", "needed": True, "personal": False, "low": None, "high": None}
    return texts | lists | rest | {"when": None}


def _typed(work: Work) -> Plain:
    """The question in the form as a mapping; what is wrong stays, for the rules to name."""
    given = request.form
    before = work.form.of(work.was)
    found = {part: given.get(part, "").strip() for part in ("kind", "zh", "en")}
    found |= {part: given.get(part, "").strip() for part in ("hint_zh", "hint_en")}
    kind = found["kind"]
    lines = given.get("options", "").splitlines() if kind in CHOOSING else []
    bounded = kind in rules.BOUNDED
    return found | {
        "key": before.key if before else given.get("key", "").strip() or _free_key(work.form),
        "needed": given.get("needed") == "1",
        "personal": given.get("personal") == "1",
        "roles": given.getlist("roles"),
        "options": rules.options(lines, before.options if before else ()),
        "low": _bound(kind, given.get("low", "")) if bounded else None,
        "high": _bound(kind, given.get("high", "")) if bounded else None,
        "when": _when(given.getlist("when")),
    }


def _free_key(form: Form) -> str:
    taken = {one.key for one in form.fields}
    return next(key for n in range(1, 1000) if (key := f"q{n}") not in taken)


def _bound(kind: str, text: str) -> int | str | None:
    text = text.strip()
    figures = text.removeprefix("-")
    is_whole = figures.isascii() and figures.isdigit() and len(figures) <= 10
    return int(text) if kind == "number" and is_whole else text or None


def _when(ticked: list[str]) -> Plain | None:
    """The answers that bring the question, each as "key:answer"."""
    pairs = [one.partition(":") for one in ticked]
    keys = {key for key, _colon, _value in pairs}
    if len(keys) > 1:
        raise Refusal(
            "条件只能来自一个问题的回答。请只勾选其中一个问题的回答。",
            "A condition is about the answers to one question. Tick answers of one question only.",
            status=422,
        )
    return {"key": keys.pop(), "is": [value for _k, _c, value in pairs]} if keys else None


# The page


def _own(code: str) -> Skill:
    access.someone()
    skill = skill_or_404(code)
    access.require(access.may_organise(access.who(), skill))
    return skill


def _page(skill: Skill, work: Work) -> str:
    session = db.session()
    others = session.scalars(select(Skill).where(Skill.id.in_(forms.newest(session))))
    versions = forms.versions(session, skill.id)
    return render_template(
        "office/form.html",
        skill=skill,
        work=work,
        body=json.dumps(rules.write(work.form), ensure_ascii=False),
        is_changed=work.form != forms.current(session, skill.id),
        versions=versions,
        others=sorted((one for one in others if one.id != skill.id), key=lambda one: one.code),
        preview=_preview(work.form),
        kinds={kind: forms_words.KINDS[kind] for kind in KINDS},
        all_roles=ROLES,
        condition=lambda one: forms_words.when(work.form, one.when.key, list(one.when.values)),
        option_lines=_lines,
        **words(),
    )


def _lines(options: list[Plain]) -> str:
    return "\n".join(
        one["zh"] if one["zh"] == one["en"] else f"{one['zh']} | {one['en']}" for one in options
    )


def _preview(form: Form) -> list[asking.Group]:
    """The questions as a team leader finds them, nothing answered yet; once where reserves are
    asked the same as competitors."""
    asked = {role: [one for one in form.fields if role in one.roles] for role in ROLES}
    if asked["reserve"] == asked["competitor"]:
        del asked["reserve"]
    stand = [
        Answered(Subject(role, role), {}, {}, form_answers.asked(form, role, {}), [])
        for role, own in asked.items()
        if own
    ]
    return asking.groups(form, stand, {})
