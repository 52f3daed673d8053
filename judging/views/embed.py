"""Boards for the pages of others: framed, read-only, kept by caches for five seconds; and the
office's page that gives the lines to copy."""

from collections.abc import Sequence
from urllib.parse import urlencode

import segno
from flask import Blueprint, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select

from competition import access
from competition.database import db
from competition.models import Skill
from competition.views import language
from competition.views.errors import content_policy
from competition.views.named import skill_or_404
from competition.views.shared import shared
from judging import results
from judging.views.overall import KINDS, shown

blueprint = Blueprint("embed", __name__)
THEMES = ("light", "dark")
FOR = 5  # seconds; what is pushed into the frame comes at once all the same


@blueprint.get("/embed/<code>")
def skill(code: str) -> ResponseReturnValue:
    """The live board of a skill, for a frame."""
    found = skill_or_404(code)
    return _framed(
        "boards/skill.html",
        url_for("boards.skill", code=found.code),
        board=results.snapshot(found).body,
        snapshot_url=url_for("boards.snapshot", code=found.code),
    )


@blueprint.get(f"/embed/boards/<{KINDS}:kind>")
def board(kind: str) -> ResponseReturnValue:
    """A board over all skills, for a frame."""
    return _framed(f"boards/{kind}.html", url_for("overall.page", kind=kind), **shown(kind))


def _framed(template: str, page: str, **told: object) -> ResponseReturnValue:
    """The page of a board without the site around it. What it says depends on its address alone:
    nobody's cookie is asked, so one copy serves everybody. Only here may others frame us."""
    language.speak(request.args.get("lang", ""))
    whole = _public(page)
    drawn = render_template(
        template,
        layout="boards/embed.html",
        theme=_theme(),
        page_url=whole,
        qr=Markup(segno.make(whole, error="m").svg_inline(border=2, omitsize=True, light="#fff")),  # noqa: S704 - ours
        **told,
    )
    answer = make_response(drawn)
    policy = content_policy().replace("frame-ancestors 'self'", "frame-ancestors *")
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["Cache-Control"] = f"public, max-age={FOR}"
    return shared(answer)


def _theme() -> str:
    """Light or dark as the address says; else what the reader's system says."""
    asked = request.args.get("theme", "")
    return asked if asked in THEMES else ""


def _public(path: str) -> str:
    base = current_app.config["PODIUM_PUBLIC_URL"] or request.host_url
    return str(base).rstrip("/") + path


@blueprint.get("/office/embeds")
def page() -> ResponseReturnValue:
    """Choose a board, light or dark, and a language: the lines to copy, and how it will look."""
    access.require(access.may_enter_office(access.who()))
    skills = db.session.scalars(select(Skill).order_by(Skill.id)).all()
    asked = request.args.get("board", "")
    if asked in {one.code for one in skills}:
        path = url_for("embed.skill", code=asked)
    else:
        asked = asked if asked in _kinds() else "delegations"
        path = url_for("embed.board", kind=asked)
    told = request.args.get("lang", "")
    told = told if told in language.LANGUAGES else language.chosen()
    more = {"lang": told, **({"theme": _theme()} if _theme() else {})}
    return render_template(
        "office/embeds.html",
        skills=skills,
        kinds=_kinds(),
        asked=asked,
        title=_title(asked, skills, told),
        theme=_theme(),
        lang=told,
        address=_public(path) + "?" + urlencode(more),
        preview=path + "?" + urlencode(more),
    )


def _kinds() -> dict[str, str]:
    """The boards over all skills that may be framed, and their words."""
    return {
        "delegations": _("Delegations"),
        "medals": _("Medals"),
        "now": _("On now"),
        "timetable": _("Timetable"),
    }


def _title(asked: str, skills: Sequence[Skill], told: str) -> str:
    """What a frame is called, in its own language: one page may hold several."""
    found = next((one for one in skills if one.code == asked), None)
    with force_locale(told):
        name = _kinds()[asked] if found is None else f"{found.code} {_named(found, told)}"
    return f"{name} · Podium"


def _named(skill: Skill, told: str) -> str:
    return skill.name_zh if told == "zh" else skill.name_en
