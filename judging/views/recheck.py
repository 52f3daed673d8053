"""抽查: the sample in words, one sheet of it to check again, differences to answer."""

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition.access import may_direct, may_recheck, may_trace_marks, someone, who
from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from competition.views.acted import CONFLICT, acted
from competition.views.language import chosen
from competition.views.named import skill_for
from judging import desk, recheck_turns, rechecking, scheme, sheet_states
from judging.rechecking import Checked, Rechecking
from judging.sheet_states import Book
from judging.views.desk import KEY, mine

blueprint = Blueprint("recheck", __name__, url_prefix="/recheck")


@blueprint.get("/<code>")
def page(code: str) -> ResponseReturnValue:
    """How far the re-check is and what the chief judge has to answer; a judge, who must not see who
    is in the top group, is handed one sheet after the other."""
    skill = _opened(code)
    book, found = _read(skill)
    facts = {
        "skill": skill,
        "directs": may_direct(who(), skill),
        "book": book,
        "waiting": sum(not one.standing.is_complete for one in book.sheets.values()),
    }
    if found is not None and not may_trace_marks(who(), skill):
        turn = recheck_turns.turn(found, book, someone().id)
        return render_template("signoff/recheck_turn.html", turn=turn, **facts)
    return render_template(
        "signoff/recheck.html",
        found=found,
        sheets=sorted(found.sheets, key=lambda one: (one.is_done, one.sheet.code, one.id))
        if found
        else [],
        mine={one.id for one in found.sheets if _may_check(one, book)} if found else set(),
        me=someone().id,
        **facts,
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


@blueprint.get("/<code>/sheets/<int:sub>/<work>")
def sheet(code: str, sub: int, work: str) -> ResponseReturnValue:
    """One sheet of the sample, to be compared with the work and the paper."""
    skill = _opened(code)
    book, found = _read(skill)
    one = _handed(skill, found, book, sub, work)
    return _elsewhere(code) if one is None else _sheet(skill, book, one)


@blueprint.post("/<code>/sheets/<int:sub>/<work>")
def note(code: str, sub: int, work: str) -> ResponseReturnValue:
    """Note that it agrees, or where it differs."""
    skill, form = _opened(code), request.form
    differs = [
        {"aspect": aspect, "value": form.get(f"value-{aspect}", ""),
         "reason": form.get(f"reason-{aspect}", "")}
        for aspect in dict.fromkeys(form.getlist("aspect")[:500])
        if form.get("found") == "differs"
        and (form.get(f"value-{aspect}") or form.get(f"reason-{aspect}"))
    ]  # fmt: skip
    key = form.get("key", "")
    if not KEY.fullmatch(key):
        abort(400)
    book, found = _read(skill)
    one = _handed(skill, found, book, sub, work)
    if one is None:
        return _elsewhere(code)
    try:
        if form.get("found") not in ("agrees", "differs") or (
            form["found"] == "differs" and not differs
        ):
            raise Refusal(
                "请选择“全部一致”，或写明有差异的评分点，没有保存。",
                "Say that all agrees, or name the aspects that differ; nothing was kept.",
            )
        rechecking.note(
            skill.id, one.id, differs, seen=form.get("seen", ""), actor_id=someone().id, key=key
        )
    except Refusal as refusal:
        if refusal.status not in (403, 409):
            raise
        db.session.rollback()
        book, found = _read(skill)
        one = _handed(skill, found, book, sub, work)
        said = refusal.sentence(chosen())
        if one is None:
            return _elsewhere(code)
        return _sheet(skill, book, one, said), refusal.status
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


def _read(skill: Skill) -> tuple[Book, Rechecking | None]:
    session = db.session()
    book = sheet_states.read(session, skill.id)
    return book, rechecking.read(session, skill.id, book)


def _handed(
    skill: Skill, found: Rechecking | None, book: Book, sub: int, work: str
) -> Checked | None:
    """The sheet of an address, if whoever asks may see now that it is in the sample."""
    if found is None:
        return None
    if not may_trace_marks(who(), skill):
        return recheck_turns.turn(found, book, someone().id).sheet(sub, work)
    wanted = (sub, work)
    return next((o for o in found.sheets if (o.sheet.sub.id, o.sheet.code) == wanted), None)


def _elsewhere(code: str) -> ResponseReturnValue:
    """The same answer for a sheet that is not in the sample and for one that somebody else has."""
    flash(_("This sheet is not yours to check now; nothing was kept. Take the next one here."),
          "refusal")  # fmt: skip
    return redirect(url_for("recheck.page", code=code), 303)


def _sheet(skill: Skill, book: Book, one: Checked, error: str = "") -> str:
    newest = scheme.current(skill.id)
    if newest is None:
        abort(404)
    shown = desk.sheet(db.session(), book.found, newest, one.sheet.entry_id, one.sheet.sub.id)
    mine_ = [found for found in one.findings[-1:] if found.account_id == someone().id]
    said = mine_[0].differs if mine_ and one.state in ("agrees", "differs") else []
    return render_template(
        "signoff/recheck_sheet.html",
        skill=skill,
        one=one,
        sheet=shown,
        checked_it=bool(mine_),
        may_check=_may_check(one, book),
        directs=may_direct(who(), skill),
        error=error,
        form=request.form or _filled(said),
        key=secrets.token_urlsafe(12),
    )


def _filled(said: list[dict[str, str]]) -> dict[str, str]:
    """The fields of the form as somebody sent them before, to be corrected or emptied."""
    return {f"{field}-{one['aspect']}": one[field] for one in said for field in ("value", "reason")}


def _may_check(one: Checked, book: Book) -> bool:
    return rechecking.may_check(someone().id, book.found, one.sheet)
