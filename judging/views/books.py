"""成绩册: books of results as PDF and Excel, public ones for everybody, final ones for the office
and the chief judge; and the results of a skill in the columns of CIS."""

import hashlib
import json
from collections import OrderedDict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition import access, downloads
from competition.database import db
from competition.models import Skill, Zone
from competition.offload import offload
from competition.views import excel
from competition.views.language import chosen, day_and_time
from competition.views.limits import limiter
from competition.views.named import skill_for
from judging import book_workbook, books, cis_results, printing
from judging.books import Book
from judging.rules import book as rules
from judging.views.book_told import told

blueprint = Blueprint("books", __name__)
FORM = "any(pdf, xlsx):form"
KEPT = 16  # files of public books that this process has made, the last ones
_made: OrderedDict[str, bytes] = OrderedDict()


@blueprint.get("/office/books")
def page() -> ResponseReturnValue:
    """Every skill of one's own: whether its results may enter a final book, and the files."""
    account = access.who()
    access.require(access.may_enter_office(account))
    session = db.session()
    asked = select(Skill).options(joinedload(Skill.zone)).order_by(Skill.id)
    own = [one for one in session.scalars(asked) if access.may_organise(account, one)]
    waits = {one.code: rules.lacking(one) for one in books.ripe(session, own)[0]}
    zones = {one.zone.code: one.zone for one in own if one.zone}
    of_zone = {code: [one for one in own if one.zone and one.zone.code == code] for code in zones}
    return render_template(
        "office/books.html",
        skills=own,
        waits=waits,
        zones=zones,
        ready={code: sum(not waits[one.code] for one in of_zone[code]) for code in zones},
        of={code: len(found) for code, found in of_zone.items()},
        whole=access.may_organise(account),
    )


@blueprint.get(f"/books/<part>.<{FORM}>")
@limiter.limit("30/minute")
def public(part: str, form: str) -> ResponseReturnValue:
    """What is public now of a skill, of a zone ("zone-harbin") or of all skills ("all")."""
    found, skills = _part(part)
    whole = told(books.public(db.session(), found, skills), _data())
    tag = hashlib.sha256((form + json.dumps(whole, ensure_ascii=False)).encode()).hexdigest()
    if tag not in _made:
        _made[tag] = _file(whole, form)
        while len(_made) > KEPT:
            _made.popitem(last=False)
    answer = _answer(_made[tag], form, f"{part}-public")
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(tag[:32])
    answer.make_conditional(request)
    return answer


@blueprint.get(f"/books/working/<code>.<{FORM}>")
@limiter.limit("20/minute")
def working(code: str, form: str) -> ResponseReturnValue:
    """The chief judge's copy of the real board, by codes."""
    skill = skill_for(code, access.may_watch_real)
    return _kept_private(books.working(db.session(), skill), form, f"{skill.code}-working")


@blueprint.get(f"/books/final/<part>.<{FORM}>")
@limiter.limit("20/minute")
def final(part: str, form: str) -> ResponseReturnValue:
    """The final results; refused where a skill is not ready for it."""
    found, skills = _part(part)
    account = access.who()
    access.require(
        all(access.may_look_over(account, one) for one in skills)
        if skills
        else access.may_organise(account)
    )
    return _kept_private(books.final(db.session(), found, skills), form, f"{part}-final")


@blueprint.get("/books/cis/<code>.xlsx")
@limiter.limit("20/minute")
def cis(code: str) -> ResponseReturnValue:
    """The results of a skill in the columns of CIS, and each competitor's mark of each aspect."""
    skill = skill_for(code, access.may_look_over)
    sheet = cis_results.read(db.session(), skill, chosen())
    made = offload(cis_results.write, sheet, {**_said(), "at": day_and_time(sheet.at)})
    return _noted(made, "xlsx", f"{skill.code}-cis")


def _said() -> dict[str, str]:
    return {
        "marks": _("Marks"),
        "state": _("State of these results"),
        "final": _("Final results"),
        "demo": _("Demo data"),
        "version": _("Result version"),
        "ledger": _("Ledger"),
        "as_of": _("As of"),
        "scale": _("Scale scores are an approximation: the federation does not publish its"
                   " formula."),
        "sealed": _("This skill is sealed: its competitors stand by their public aliases."),
        "total": _("Total"),
    }  # fmt: skip


def _part(part: str) -> tuple[Skill | Zone | None, list[Skill]]:
    found = books.part_of(db.session(), part)
    if found is None:
        abort(404)
    return found


def _kept_private(book: Book, form: str, called: str) -> Response:
    return _noted(_file(told(book, _data()), form), form, called)


def _noted(made: bytes, form: str, called: str) -> Response:
    """A file that left with results the public may not have: that is an act."""
    downloads.note("results", {"file": f"{called}.{form}"}, 1, actor_id=access.someone().id)
    answer = _answer(made, form, called)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _file(whole: dict[str, Any], form: str) -> bytes:
    if form == "xlsx":
        return offload(book_workbook.write, whole)
    template = Path(current_app.root_path) / "templates" / "print" / "book.typ"
    return printing.pdf(template, whole, _data())


def _answer(made: bytes, form: str, called: str) -> Response:
    answer = Response(made, mimetype="application/pdf" if form == "pdf" else excel.MIME)
    file = quote(f"{called}-{chosen()}.{form}", safe="")
    kind = "inline" if form == "pdf" else "attachment"
    answer.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{file}"
    return answer


def _data() -> Path:
    return Path(current_app.config["PODIUM_DATA"])
