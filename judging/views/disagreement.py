"""The checks of a task and how often judges saw it another way: a page and a file."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.access import may_direct, may_trace_marks, who
from competition.database import db
from competition.models import Skill
from competition.tables import Cell
from competition.views import excel
from competition.views.language import name
from competition.views.limits import limiter
from competition.views.named import skill_for
from judging import disagreement
from judging.rules.scheme import two_decimals

blueprint = Blueprint("disagreement", __name__, url_prefix="/desk")


@blueprint.get("/<code>/checks")
def page(code: str) -> ResponseReturnValue:
    """Check by check, each disagreement with its reason and the way to where the mark comes
    from."""
    one = _skill(code)
    return render_template(
        "desk/checks.html",
        skill=one,
        checks=disagreement.checks(db.session(), one.id),
        mark=two_decimals,
        directs=may_direct(who(), one),
    )


@blueprint.get("/<code>/checks.xlsx")
@limiter.limit("20/minute")
def file(code: str) -> Response:
    """A row for each check and each disagreement with it."""
    one = _skill(code)
    found = disagreement.checks(db.session(), one.id)
    headings = [
        *(_("Aspect"), _("Check"), _("Name"), _("Judged"), _("Disagreed"), _("Per cent")),
        *(_("By eye"), _("Code"), _("Machine"), _("Judges"), _("Reason")),
    ]
    rows: list[list[Cell]] = []
    for check in found:
        rate = check.rate
        called = name({"title_zh": check.title_zh, "title_en": check.title_en}, "title")
        told: list[Cell] = [
            check.aspect,
            check.check,
            called,
            rate.of,
            len(rate.against),
            rate.per_cent,
        ]
        for each in rate.against or (None,):
            against: list[Cell] = (
                [each.work, two_decimals(each.proposed or 0), two_decimals(each.given), each.reason]
                if each
                else []
            )
            rows.append([*told, rate.by_eye, *against])
    return excel.listed("checks", _("Checks"), headings, rows, {"skill": one.code})


def _skill(code: str) -> Skill:
    return skill_for(code, may_trace_marks)
