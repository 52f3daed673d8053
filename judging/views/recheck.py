"""抽查: the sample in words, one sheet of it to check again, differences to answer."""

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.access import may_direct, may_recheck, someone, who
from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from competition.views.acted import CONFLICT, acted
from competition.views.language import chosen
from competition.views.named import skill_for
from judging import desk, rechecking, scheme, sheet_states
from judging.rechecking import Checked
from judging.views.desk import KEY, mine

blueprint = Blueprint("recheck", __name__, url_prefix="/recheck")


@blueprint.get("/<code>")
def page(code: str) -> ResponseReturnValue:
    """Which sheets are checked again and why, how far it is, what the chief judge has to answer."""
    skill = _opened(code)
    session = db.session()
    book = sheet_states.read(session, skill.id)
    found = rechecking.read(session, skill.id, book)
    return render_template(
        "signoff/recheck.html",
        skill=skill,
        directs=may_direct(who(), skill),
        found=found,
        book=book,
        waiting=sum(not one.standing.is_complete for one in book.sheets.values()),
        mine=_free(found.sheets, book) if found else set(),
    )


@blueprint.post("/<code>/draw")
def draw(code: str) -> ResponseReturnValue:
    """Draw the sample, or add who joined the top group."""
    skill = mine(code)
    actor = someone().id
    return acted(
        url_for("recheck.page", code=code),
        lambda: rechecking.draw(skill.id, actor_id=actor),
        _("The sample is drawn"),
        told=CONFLICT,
    )


@blueprint.get("/<code>/sheets/<int:number>")
def sheet(code: str, number: int) -> ResponseReturnValue:
    """One sheet of the sample, to be compared with the work and the paper."""
    return _sheet(_opened(code), number)


@blueprint.post("/<code>/sheets/<int:number>")
def note(code: str, number: int) -> ResponseReturnValue:
    """Note that it agrees, or where it differs."""
    skill, form = _opened(code), request.form
    differs = [
        {"aspect": aspect, "value": form.get(f"value-{aspect}", ""),
         "reason": form.get(f"reason-{aspect}", "")}
        for aspect in form.getlist("aspect")[:500]
        if form.get("found") == "differs"
        and (form.get(f"value-{aspect}") or form.get(f"reason-{aspect}"))
    ]  # fmt: skip
    key = form.get("key", "")
    if not KEY.fullmatch(key):
        abort(400)
    try:
        if form.get("found") not in ("agrees", "differs") or (
            form["found"] == "differs" and not differs
        ):
            raise Refusal(
                "请选择“全部一致”，或写明有差异的评分点，没有保存。",
                "Say that all agrees, or name the aspects that differ; nothing was kept.",
            )
        rechecking.note(
            skill.id, number, differs, seen=form.get("seen", ""), actor_id=someone().id, key=key
        )
    except Refusal as refusal:
        if refusal.status not in (403, 409):
            raise
        return _sheet(skill, number, refusal.sentence(chosen())), refusal.status
    flash(_("Noted; no mark was changed by it"), "success")
    return redirect(url_for("recheck.page", code=code), 303)


@blueprint.post("/<code>/findings/<int:number>")
def answer(code: str, number: int) -> ResponseReturnValue:
    """Let the marks stand against a difference, with a reason."""
    skill = mine(code)
    reason, actor = request.form.get("reason", ""), someone().id
    return acted(
        url_for("recheck.page", code=code),
        lambda: rechecking.answer(skill.id, number, reason, actor_id=actor),
        _("The marks stand; your reason is kept"),
        told=CONFLICT,
    )


def _opened(code: str) -> Skill:
    return skill_for(code, may_recheck)


def _sheet(skill: Skill, number: int, error: str = "") -> str:
    session = db.session()
    session.rollback()
    book = sheet_states.read(session, skill.id)
    found = rechecking.read(session, skill.id, book)
    one = next((one for one in found.sheets if one.id == number), None) if found else None
    newest = scheme.current(skill.id)
    if one is None or newest is None:
        abort(404)
    shown = desk.sheet(session, book.found, newest, one.sheet.entry_id, one.sheet.sub.id)
    return render_template(
        "signoff/recheck_sheet.html",
        skill=skill,
        one=one,
        sheet=shown,
        marked_it=not _free([one], book),
        directs=may_direct(who(), skill),
        error=error,
        form=request.form,
        key=secrets.token_urlsafe(12),
    )


def _free(sheets: list[Checked] | tuple[Checked, ...], book: sheet_states.Book) -> set[int]:
    """The sheets that whoever asks did not mark."""
    me = someone().id
    return {one.id for one in sheets if me not in rechecking.markers(book.found, one.sheet)}
