"""签字与锁定: which sheets lack what, signing by PIN, sending back, locks, unlocking by two."""

import secrets
from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import pins
from competition.access import (
    may_direct,
    may_enter_unlocks,
    may_judge,
    may_sign,
    may_trace_marks,
    may_unlock,
    require,
    sign_in_of_request,
    someone,
    who,
)
from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from competition.views import limits
from competition.views.acted import CONFLICT, acted
from competition.views.language import chosen
from competition.views.limits import limiter
from competition.views.named import skill_for
from judging import (
    desk,
    hall_signing,
    locking,
    rechecking,
    result_versions,
    sheet_states,
    signing,
    ties,
)
from judging.models import Reopening
from judging.rules.signing import STATES
from judging.sheet_states import Book, Sheet
from judging.views.desk import mine, posted_key

blueprint = Blueprint("signoff", __name__, url_prefix="/sign-off")


@blueprint.app_context_processor
def _marks_too() -> dict[str, object]:
    """For the pages around signing: whether the way back to the marks is the reader's."""
    return {"marks_too": lambda skill: may_judge(who(), skill)}


@blueprint.get("/<code>")
def home(code: str) -> ResponseReturnValue:
    """Where every sub-criterion stands between marking and the lock."""
    return _home(opened(code))


@blueprint.get("/<code>/sheets/<int:sub>")
def sheets(code: str, sub: int) -> ResponseReturnValue:
    """The sheets of one sub-criterion: what is missing, who signed, and the form to sign."""
    skill = opened(code)
    return _sheets(skill, sub)


@blueprint.post("/<code>/sheets/<int:sub>/sign")
@limiter.limit("60/minute")
def sign(code: str, sub: int) -> ResponseReturnValue:
    """Sign the ticked sheets with the PIN of whoever signs; on a shared tablet that need not be
    who is signed in."""
    skill = opened(code)
    form, sign_in = request.form, sign_in_of_request()
    account = form.get("account", type=int) or 0
    book = sheet_states.read(db.session(), skill.id)
    by_code = {one.code: one for one in book.of_sub(sub)}
    seen = {}
    for ticked in form.getlist("sheet"):
        work, _dash, digest = ticked.rpartition(":")
        if work in by_code:
            seen[by_code[work].key] = digest
    try:
        if not seen:
            raise Refusal(
                "没有勾选评分表，没有签字。请勾选要签的评分表。",
                "No sheet was ticked; nothing was signed. Tick those that you sign.",
            )
        if account not in _signers(skill, book):
            raise Refusal(
                "请选择签字的人，没有签字。",
                "Choose who signs; nothing was signed.",
            )
        device = f"sign_in:{sign_in.id}" if sign_in is not None else limits.asker()
        proof = pins.check(account, form.get("pin", ""), device=device)
        verb = (
            signing.sign_as_chief
            if account == someone().id and may_direct(who(), skill)
            else signing.sign_as_judge
        )
        count = verb(skill.id, seen, proof)
    except Refusal as refusal:
        return _sheets(skill, sub, refusal.sentence(chosen())), refusal.status
    if count:
        flash(_("Signed sheets: %(n)s", n=count), "success")
    else:
        flash(_("You had signed these sheets already; nothing was added"), "info")
    return redirect(url_for("signoff.sheets", code=code, sub=sub), 303)


@blueprint.post("/<code>/sheets/<int:sub>/excuse")
def excuse(code: str, sub: int) -> ResponseReturnValue:
    """Note why competitors do not sign."""
    skill = mine(code)
    actor, reason = someone().id, request.form.get("reason", "")
    keys = _ticked(skill, sub)
    return _to_sheets(
        lambda: signing.excuse_competitor(skill.id, keys, reason=reason, actor_id=actor),
        _("It was noted that the competitors do not sign"),
        skill,
        sub,
    )


@blueprint.post("/<code>/sheets/<int:sub>/send-back")
def send_back(code: str, sub: int) -> ResponseReturnValue:
    """Open signed sheets again, with a reason."""
    skill = mine(code)
    actor, reason, key = someone().id, request.form.get("reason", ""), posted_key()
    keys = _ticked(skill, sub)
    return _to_sheets(
        lambda: signing.send_back(skill.id, keys, reason=reason, actor_id=actor, key=key),
        _("The sheets are open again; marks given now bear a star"),
        skill,
        sub,
    )


@blueprint.post("/<code>/lock")
def lock(code: str) -> ResponseReturnValue:
    """Lock one sub-criterion or one day of marking."""
    skill = mine(code)
    actor, day = someone().id, request.form.get("day") or None
    sub = request.form.get("sub", type=int)
    return _do(
        lambda: locking.lock_sheets(skill.id, sub=sub, day=day, actor_id=actor),
        _("The sheets are locked"),
        url_for("signoff.home", code=code),
    )


@blueprint.post("/<code>/unlock")
def unlock(code: str) -> ResponseReturnValue:
    """Ask to open what is locked; a second person has to agree."""
    skill = mine(code)
    actor, form, key = someone().id, request.form, posted_key()
    kind, _dash, which = form.get("what", "").partition(":")
    sub = int(which) if kind in ("sub", "sheet") and which.isdecimal() and len(which) < 10 else None
    try:
        locking.ask_unlock(
            skill.id, kind, sub=sub, day=which if kind == "day" else None,
            work=form.get("work", "").strip().upper(), reason=form.get("reason", ""),
            actor_id=actor, key=key,
        )  # fmt: skip
    except Refusal as refusal:
        return _home(skill, refusal.sentence(chosen())), refusal.status
    flash(_("The request is noted; nothing is open until a second person agrees"), "success")
    return redirect(url_for("signoff.home", code=code), 303)


@blueprint.get("/unlocks")
def unlocks() -> ResponseReturnValue:
    """The requests to unlock that wait for a second person."""
    require(may_enter_unlocks(someone()))
    found = [
        (row, skill)
        for row in locking.pending(db.session())
        if may_unlock(who(), skill := db.session.get_one(Skill, row.skill_id))
    ]
    return render_template(
        "signoff/unlocks.html",
        requests=[
            (row, skill, locking.words(db.session(), row), row.asked_by == someone().id)
            for row, skill in found
        ],
    )


@blueprint.post("/unlocks/<int:number>/<any(agree, drop):act>")
def answer_unlock(number: int, act: str) -> ResponseReturnValue:
    """Agree to a request, or turn it down."""
    row = db.session.get(Reopening, number)
    if row is None:
        require(may_enter_unlocks(someone()))
        abort(404)
    require(may_unlock(who(), db.session.get_one(Skill, row.skill_id)))
    actor = someone().id
    if act == "agree":
        return _do(
            lambda: locking.agree(number, actor_id=actor),
            _("It is unlocked; marks given now bear a star"),
            url_for("signoff.unlocks"),
        )
    return _do(
        lambda: locking.drop(number, actor_id=actor),
        _("The request was dropped"),
        url_for("signoff.unlocks"),
    )


# What they need


def opened(code: str) -> Skill:
    """The skill of an address, for its judges and chief judge."""
    return skill_for(code, may_sign)


def _home(skill: Skill, error: str = "") -> str:
    """The page of the skill; what was asked in vain stays in the form to unlock."""
    session = db.session()
    session.rollback()
    book = sheet_states.read(session, skill.id)
    return render_template(
        "signoff/home.html",
        skill=skill,
        directs=may_direct(who(), skill),
        sees_all=may_trace_marks(who(), skill),
        book=book,
        lines=[(sub, book.of_sub(sub.id), sub.id in book.found.closed.locked) for sub in book.subs],
        days=_days(book),
        recheck=rechecking.read(session, skill.id, book),
        lacking=locking.lacking(session, skill.id, book),
        pending=[
            (one, locking.words(session, one)) for one in locking.pending(session, [skill.id])
        ],
        history=[(one, locking.words(session, one)) for one in locking.history(session, skill.id)],
        versions=result_versions.of_skill(session, skill.id),
        undecided=ties.places_waiting(session, skill),
        error=error,
        asked=request.form,
        key=secrets.token_urlsafe(12),
    )


def _to_sheets(
    deed: Callable[[], object], said: str, skill: Skill, sub: int
) -> ResponseReturnValue:
    """Call a verb on the ticked sheets and show them; where it refuses, as they were ticked."""
    try:
        deed()
    except Refusal as refusal:
        return _sheets(skill, sub, refusal.sentence(chosen())), refusal.status
    flash(said, "success")
    return redirect(url_for("signoff.sheets", code=skill.code, sub=sub), 303)


def _sheets(skill: Skill, sub_id: int, error: str = "") -> str:
    """The page of the sheets. What was posted in vain stays in it; a sheet whose marks have moved
    since it was ticked has another digest, and is ticked no more."""
    session = db.session()
    session.rollback()
    book = sheet_states.read(session, skill.id)
    sub = next((one for one in book.subs if one.id == sub_id), None)
    if sub is None:
        abort(404)
    accounts = _signers(skill, book)
    labels = desk.names(session, [*accounts, *_signed_by(book.of_sub(sub_id))])
    with_pin = pins.has(session, accounts)
    me = someone().id
    chief = may_direct(who(), skill)
    sheets_ = sorted(book.of_sub(sub_id), key=lambda one: STATES.index(one.standing.state))
    complete = [one for one in sheets_ if one.standing.is_complete]
    opened_again = locking.history(session, skill.id)
    return render_template(
        "signoff/sheets.html",
        skill=skill,
        sub=sub,
        book=book,
        sheets=sheets_,
        marks={one["code"]: one for one in hall_signing.marks(session, skill, complete)},
        unfolded="open" in request.args,
        reasons={one.code: locking.reasons(opened_again, *one.key) for one in sheets_},
        only=request.args.get("work", ""),
        directs=chief,
        signers=[(one, labels[one], one in with_pin, one == me and chief) for one in accounts],
        labels=labels,
        chosen_account=request.form.get("account", type=int) or me,
        ticked=set(request.form.getlist("sheet")),
        reason=request.form.get("reason", ""),
        error=error,
        locked=skill.locked_at is not None or sub_id in book.found.closed.locked,
        key=secrets.token_urlsafe(12),
    )


def _signers(skill: Skill, book: Book) -> list[int]:
    """Who may sign on this page: the judges on duty, and the chief judge who has it open."""
    panel = [one for one in book.found.panels.judges if one in book.found.on_duty]
    me = someone().id
    return [*panel, me] if may_direct(who(), skill) and me not in panel else panel


def _signed_by(sheets_: list[Sheet]) -> set[int]:
    return {given.account for one in sheets_ for given in one.signatures if given.account}


def _days(book: Book) -> list[tuple[str, bool, bool]]:
    """Days of marking: whether all their sheets are signed, whether all are locked."""
    out = []
    for day in dict.fromkeys(sub.day for sub in book.subs if sub.day):
        subs = {sub.id for sub in book.subs if sub.day == day}
        signed = not any(one.sub.id in subs for one in book.unsigned)
        out.append((day, signed, subs <= book.found.closed.locked))
    return out


def _ticked(skill: Skill, sub: int) -> list[tuple[int, int]]:
    """The sheets whose works the form ticked."""
    works = {ticked.rpartition(":")[0] for ticked in request.form.getlist("sheet")}
    book = sheet_states.read(db.session(), skill.id)
    return [one.key for one in book.of_sub(sub) if one.code in works]


def _do(deed: Callable[[], object], said: str, back: str) -> ResponseReturnValue:
    """Call a verb and go back to where it was asked, with what came of it."""
    return acted(back, deed, said, told=CONFLICT)
