"""The chief judge's desk: the clock, what needs a decision, progress, lock and release.

An act is a small form that opens over the desk (or as a page of its own, without a script), says
what it will do and posts once. Every verb behind it may be called twice without harm.
"""

import re
import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition import timetable
from competition.access import may_direct, require, skills_of, someone
from competition.database import db
from competition.models import Entry, Period, Role, Skill
from competition.moment import now
from competition.views.acted import CONFLICT, acted
from competition.views.named import skill_for
from judging import (
    aside_words,
    calls,
    cells,
    contact,
    desk,
    desk_needs,
    desk_sides,
    desk_times,
    document,
    evaluation,
    kept,
    locking,
    marking,
    preflight,
    progress,
    releasing,
    remarks,
    results,
    scheme,
    setting_aside,
    sheet_states,
    submissions,
)
from judging.models import Evaluation, Observation, Submission
from judging.rules.visibility import shown_state

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
KEY = re.compile(r"[0-9A-Za-z_-]{8,48}")


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The skills that somebody is chief judge of; straight to the desk when it is one."""
    found = skills_of(someone(), Role.CHIEF_JUDGE)
    require(bool(found))
    if len(found) == 1:
        return redirect(url_for("desk.skill", code=found[0].code))
    tiles = [
        {
            "code": one.code,
            "name_zh": one.name_zh,
            "name_en": one.name_en,
            "state": shown_state(results.snapshot(one).body),
        }
        for one in found
    ]
    return render_template("desk/home.html", tiles=tiles)


@blueprint.get("/<code>")
def skill(code: str) -> ResponseReturnValue:
    """The desk of one skill."""
    one = mine(code)
    at, session = now(), db.session()
    newest = scheme.current(one.id)
    found = kept.whole(session, one.id)
    subs = desk.sheets(newest)
    book = sheet_states.read(session, one.id)
    rows = desk.matrix(found, subs, book.sheets.keys() - {sheet.key for sheet in book.unsigned})
    has_votes = any(aspect.kind == "J" for aspect in found.aspects)
    tablets = contact.of_skill(session, one.id)
    periods = desk_times.periods(session, one, at)
    current = desk_times.current(periods)
    times = (
        desk_times.times(session, db.session.get_one(Period, current["id"]), at)
        if current and current["clock"]["starts_at"]
        else {}
    )
    return render_template(
        "desk/skill.html",
        skill=one,
        state=results.snapshot(one).body["state"],
        subs=subs,
        rows=rows,
        columns=desk.columns(rows),
        has_votes=has_votes,
        judges=desk.by_judge(session, found)
        if has_votes and request.args.get("by") == "judge"
        else None,
        far=progress.of_skill(session, one, found, at),
        at=at,
        needs=desk_needs.read(session, one, found, newest, tablets),
        tablets=tablets,
        calls=calls.waiting(session, one.id),
        periods=periods,
        period=current,
        times=times,
        missing=desk.missing(session, one) if newest else [],
        lacking=locking.lacking(session, one.id, book),
        policies=desk.policies(session, one, at),
        terms=releasing.terms_of(one),
        planned=releasing.planned(session, [one.id]),
        has_scheme=newest is not None,
    )


@blueprint.get("/<code>/board")
def board(code: str) -> ResponseReturnValue:
    """The real board, which the public does not see."""
    one = mine(code)
    policies = desk.policies(db.session(), one, now())
    return render_template(
        "desk/board.html",
        skill=one,
        board=document.real(db.session(), one),
        public=next(policy for policy in policies if policy["chosen"]),
    )


# The clock


@blueprint.get("/<code>/periods/<int:number>/<any(start, pause, resume):act>")
def ask_clock(code: str, number: int, act: str) -> ResponseReturnValue:
    """Ask before an act on the whole skill's clock."""
    one = mine(code)
    _period(one, number)
    found = desk_times.periods(db.session(), one, now())
    period = next(row for row in found if row["number"] == number)
    works = len(desk_times.codes(db.session(), one.id))
    return _ask("clock", one, act=act, period=period, works=works)


@blueprint.post("/<code>/periods/<int:number>/<any(start, pause, resume):act>")
def clock(code: str, number: int, act: str) -> ResponseReturnValue:
    """Start, pause or resume the whole skill."""
    one = mine(code)
    period = _period(one, number)
    actor = someone().id
    if act == "start":
        return _do(
            one,
            lambda: preflight.start(db.session(), one, period.id, actor_id=actor),
            _("Period started"),
        )
    if act == "pause":
        reason = request.form.get("reason", "")
        return _do(
            one,
            lambda: timetable.pause(period.id, None, reason=reason, actor_id=actor),
            _("The clock stands still for everybody"),
        )
    return _do(
        one,
        lambda: timetable.resume(period.id, None, actor_id=actor),
        _("The clock runs again"),
    )


@blueprint.get("/<code>/periods/<int:number>/works/<work>")
def ask_time(code: str, number: int, work: str) -> ResponseReturnValue:
    """One code's clock, and what can be done to it."""
    one = mine(code)
    period = _period(one, number)
    shown = desk_times.time(period, _entry(one, work), now())
    return _ask("time", one, period=period, time=shown, key=secrets.token_urlsafe(12))


@blueprint.post("/<code>/periods/<int:number>/works/<work>")
def time(code: str, number: int, work: str) -> ResponseReturnValue:
    """Pause, resume, give time to or start late one code."""
    one = mine(code)
    period, entry = _period(one, number).id, _entry(one, work).id
    actor, reason = someone().id, request.form.get("reason", "")
    minutes = request.form.get("minutes", type=int)
    act = request.form.get("act", "")
    if minutes is not None:
        key = f"desk:{posted_key()}"
        return _do(
            one,
            lambda: timetable.give_time(
                period, entry, minutes, reason=reason, actor_id=actor, key=key
            ),
            _("%(code)s was given %(minutes)s minutes", code=work, minutes=minutes),
        )
    deeds: dict[str, tuple[Callable[[], None], str]] = {
        "pause": (
            lambda: timetable.pause(period, entry, reason=reason, actor_id=actor),
            _("The clock of %(code)s stands still", code=work),
        ),
        "resume": (
            lambda: timetable.resume(period, entry, actor_id=actor),
            _("The clock of %(code)s runs again", code=work),
        ),
        "late": (
            lambda: timetable.late_start(period, entry, reason=reason, actor_id=actor),
            _("%(code)s starts now with the full time", code=work),
        ),
    }
    if act not in deeds:
        abort(400)
    return _do(one, *deeds[act])


# Marks


@blueprint.get("/<code>/works/<work>/sheets/<int:sub>")
def ask_sheet(code: str, work: str, sub: int) -> ResponseReturnValue:
    """One sheet of one code, aspect by aspect."""
    one = mine(code)
    entry, newest = _entry(one, work), scheme.current(one.id)
    found = kept.whole(db.session(), one.id)
    sheet = desk.sheet(db.session(), found, newest, entry.id, sub) if newest else None
    if sheet is None:
        abort(404)
    left = remarks.of_work(db.session(), found, entry.id, someone().id)
    return _ask("sheet", one, work=work, sheet=sheet, remarks=left)


@blueprint.get("/<code>/works/<work>/aspects/<int:aspect>")
def ask_decide(code: str, work: str, aspect: int) -> ResponseReturnValue:
    """Differing values of one measurement, side by side."""
    one = mine(code)
    entry, newest = _entry(one, work), scheme.current(one.id)
    found = cells.read(db.session(), one.id, entry_id=entry.id)
    items = desk_needs.differing(db.session(), found, newest)
    item = next((item for item in items if item["aspect_id"] == aspect), None)
    measured = found.works[entry.id].marks[aspect].measured if item else None
    cards = desk_sides.of_measurement(db.session(), measured) if measured else []
    key = secrets.token_urlsafe(12)
    return _ask("decide", one, work=work, item=item, cards=cards, key=key)


@blueprint.post("/<code>/works/<work>/aspects/<int:aspect>")
def decide(code: str, work: str, aspect: int) -> ResponseReturnValue:
    """Choose between differing values."""
    one = mine(code)
    value, key = request.form.get("value", type=int), f"desk:{posted_key()}"
    reason, actor = request.form.get("reason", ""), someone().id
    if value is None:
        abort(400)
    return _do(
        one,
        lambda: marking.decide(one.id, work, aspect, value, reason=reason, actor_id=actor, key=key),
        _("Decided"),
    )


@blueprint.get("/<code>/set-aside/<int:number>")
def ask_aside(code: str, number: int) -> ResponseReturnValue:
    """A set-aside entry beside what counts in its place."""
    one, session = mine(code), db.session()
    row = session.get(Observation, number)
    if row is None or row.skill_id != one.id or row.state != "set_aside":
        abort(404)
    found = kept.whole(session, one.id)
    told = desk_needs.posted(session, one.id, found, row)
    aside, standing = desk_sides.of_set_aside(session, found, row, told)
    return _ask(
        "aside",
        one,
        row=row,
        sentence=aside_words.for_chief(row.refusal),
        signed=desk.signed_sheet(found, row.entry_id, row.aspect_id),
        work=str((row.posted or {}).get("code", ""))[:20],
        told=told,
        aside=aside,
        standing=standing,
    )


@blueprint.post("/<code>/set-aside/<int:number>")
def note(code: str, number: int) -> ResponseReturnValue:
    """Take a set-aside entry off the list: the chief judge has looked at it."""
    one = mine(code)
    actor = someone().id
    return _do(one, lambda: setting_aside.note(one.id, number, actor_id=actor), _("Noted"))


@blueprint.post("/<code>/evaluations/<int:number>/again")
def judge_again(code: str, number: int) -> ResponseReturnValue:
    """Send a hand-in that the sandbox could not judge through it once more."""
    one = mine(code)
    row = db.session.get(Evaluation, number)
    if row is None or row.submission.period.skill_id != one.id:
        abort(404)
    actor = someone().id
    return _do(
        one,
        lambda: evaluation.judge_again(number, actor_id=actor),
        _("The hand-in waits for the sandbox again"),
    )


@blueprint.get("/<code>/submissions/<int:number>/admit")
def ask_admit(code: str, number: int) -> ResponseReturnValue:
    """Ask for the reason before a late hand-in is taken."""
    one = mine(code)
    row = _submission(one, number)
    return _ask("admit", one, work=row.entry.code, row=row)


@blueprint.post("/<code>/submissions/<int:number>/admit")
def admit(code: str, number: int) -> ResponseReturnValue:
    """Take a late hand-in as if it had come in time."""
    one = mine(code)
    _submission(one, number)
    actor, reason = someone().id, request.form.get("reason", "")
    return _do(
        one,
        lambda: submissions.admit(number, reason=reason, actor_id=actor),
        _("The late hand-in is taken and will be judged"),
    )


# The end


@blueprint.get("/<code>/lock")
def ask_lock(code: str) -> ResponseReturnValue:
    """What is missing before the lock, or the question whether to lock."""
    one = mine(code)
    policies = desk.policies(db.session(), one, now())
    after = desk.policies_when_locked(one)
    return _ask(
        "lock",
        one,
        missing=desk.missing(db.session(), one),
        lacking=locking.lacking(db.session(), one.id),
        now_shown=next(row for row in policies if row["chosen"]),
        then_shown=next(row for row in after if row["chosen"]),
        working=desk.is_working(db.session(), one, now()),
    )


@blueprint.post("/<code>/lock")
def lock(code: str) -> ResponseReturnValue:
    """Close the marks of the skill."""
    one = mine(code)
    actor = someone().id
    return _do(one, lambda: marking.lock(one.id, actor_id=actor), _("The marks are locked"))


# What all of them need


def mine(code: str) -> Skill:
    """The skill of an address, for its chief judge; refused to everybody else."""
    return skill_for(code, may_direct)


def _period(one: Skill, number: int) -> Period:
    found = db.session.scalar(
        select(Period).where(Period.skill_id == one.id, Period.number == number)
    )
    return found or abort(404)


def _entry(one: Skill, work: str) -> Entry:
    found = db.session.scalar(select(Entry).where(Entry.skill_id == one.id, Entry.code == work))
    return found or abort(404)


def _submission(one: Skill, number: int) -> Submission:
    row = db.session.get(Submission, number)
    if row is None or row.period.skill_id != one.id:
        abort(404)
    return row


def posted_key(pattern: re.Pattern[str] = KEY) -> str:
    """The key that the form was given when it was shown: a double tap brings it twice."""
    key = request.form.get("key", "")
    return key if pattern.fullmatch(key) else abort(400)


def _ask(form: str, one: Skill, **values: Any) -> str:  # noqa: ANN401 - what the template needs
    """A form, alone for the dialog over the desk or as a page of its own."""
    alone = "HX-Request" in request.headers
    return render_template(f"desk/ask_{form}.html", skill=one, alone=alone, **values)


def _do(one: Skill, deed: Callable[[], None], said: str) -> ResponseReturnValue:
    """Call a verb and go back to the desk with what came of it."""
    return acted(url_for("desk.skill", code=one.code), deed, said, told=CONFLICT)
