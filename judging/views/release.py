"""What the public sees: chosen by the chief judge for a skill, by the office for many at once."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from competition import access
from competition.database import db
from competition.models import Role, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.views.language import chosen, only_looks, typed_time
from competition.views.named import skill_or_404
from judging import desk, release_look, releasing
from judging.rules import release
from judging.rules.release import POLICIES, Terms
from judging.views.desk import mine, posted_key

blueprint = Blueprint("release", __name__)
KEY = re.compile(r"[A-Za-z0-9_-]{10,40}")
_POLICY = "any(hidden, automatic, confirmed, frozen):policy"


@blueprint.get(f"/desk/<code>/release/<{_POLICY}>")
def ask(code: str, policy: str) -> ResponseReturnValue:
    """What the public will see under a policy, before it is chosen, and on which terms."""
    return _ask(mine(code), policy)


@blueprint.post(f"/desk/<code>/release/<{_POLICY}>")
def change(code: str, policy: str) -> ResponseReturnValue:
    """Change what the public sees of one skill, at once or from a moment on."""
    one = mine(code)
    try:
        _do([one.id], policy, access.someone().id, Role.CHIEF_JUDGE)
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return _ask(one, policy, refusal.sentence(chosen())), 409
    return redirect(url_for("desk.skill", code=code), 303)


def _ask(one: Skill, policy: str, refused: str = "") -> str:
    """The chief judge's form; after a refusal with what was typed and what is wrong."""
    session = db.session()
    found = desk.policies(session, one, now())
    terms = releasing.terms_of(one)
    has_terms = policy in ("automatic", "confirmed")
    # How many places is asked by this very form: what that would mean is said before.
    asked = Terms(policy, top=1) if has_terms else Terms(policy)
    return render_template(
        "desk/ask_release.html",
        skill=one,
        alone="HX-Request" in request.headers,
        wanted=next(row for row in found if row["policy"] == policy),
        present=next(row for row in found if row["chosen"]),
        has_terms=has_terms,
        terms=terms,
        bare=release_look.bare(session, [one], asked),
        typed=request.form,
        refused=refused,
        key=secrets.token_urlsafe(12),
    )


@blueprint.post("/desk/<code>/release/planned/<int:number>/drop")
def drop(code: str, number: int) -> ResponseReturnValue:
    """Take back what is planned for a skill: its chief judge, or its office."""
    one, account = skill_or_404(code), access.who()
    directs = access.may_direct(account, one)
    access.require(directs or access.may_organise(account, one))
    try:
        releasing.drop(
            one.id,
            number,
            actor_id=access.someone().id,
            role=Role.CHIEF_JUDGE if directs else _office_role(),
        )
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        flash(refusal.sentence(chosen()), "refusal")
    else:
        flash(_("The plan was taken back"), "success")
    back = url_for("desk.skill", code=code) if directs else url_for("release.page")
    return redirect(back, 303)


# For many skills


@blueprint.get("/office/release")
def page() -> ResponseReturnValue:
    """Every skill of one's own: what the public sees of it, and what is planned."""
    return _page()


@blueprint.post("/office/release/look")
@only_looks
def look() -> ResponseReturnValue:
    """Which skills an act would concern, before it is done."""
    skills = _chosen(_own())
    if not skills:
        return _page(_("No skill was chosen; nothing was changed. Tick some, or choose a zone."))
    try:
        terms, at = _terms(request.form.get("policy", "")), _moment()
        if at is not None:
            releasing.require_to_come(at)
    except Refusal as refusal:
        return _page(refusal.sentence(chosen()))
    concerned = [one for one in skills if at or releasing.terms_of(one) != terms]
    return render_template(
        "office/release_look.html",
        skills=concerned,
        bare=release_look.bare(db.session(), concerned, terms),
        same=sum(not at and releasing.terms_of(one) == terms for one in skills),
        terms=terms,
        at=at,
        given=request.form,
        key=secrets.token_urlsafe(12),
    )


@blueprint.post("/office/release")
def do() -> ResponseReturnValue:
    """Do what was looked at."""
    ids = [one.id for one in _chosen(_own())]
    try:
        done = _do(ids, request.form.get("policy", ""), access.someone().id, _office_role())
    except Refusal as refusal:
        if refusal.status != 409:
            raise
        return _page(refusal.sentence(chosen()))
    at_once = done and not request.form.get("at")
    return redirect(url_for("release.page", act=request.form["key"] if at_once else None), 303)


@blueprint.post("/office/release/back")
def back() -> ResponseReturnValue:
    """Undo an act for all its skills together."""
    own = [one.id for one in _own()]
    try:
        count = releasing.put_back(
            posted_key(KEY), own, actor_id=access.someone().id, role=_office_role()
        )  # fmt: skip
    except Refusal as refusal:
        flash(refusal.sentence(chosen()), "refusal")
    else:
        done = ngettext(
            "%(n)s skill is shown as before again.", "%(n)s skills are shown as before again.",
            count, n=count,
        )  # fmt: skip
        nothing = _("Nothing was left to undo; what the public sees stays as it is.")
        flash(done if count else nothing, "success" if count else "info")
    return redirect(url_for("release.page"), 303)


def _page(refused: str = "") -> ResponseReturnValue:
    skills = _own()
    planned: dict[int, list[object]] = {}
    for row in releasing.planned(db.session(), [one.id for one in skills]):
        planned.setdefault(row.skill_id, []).append(row)
    act = request.args.get("act", "")
    shown = render_template(
        "office/release.html",
        skills=skills,
        zones={one.zone.code: one.zone for one in skills if one.zone},
        terms={one.id: releasing.terms_of(one) for one in skills},
        planned=planned,
        policies=POLICIES,
        typed=request.form,
        refused=refused,
        act=act if KEY.fullmatch(act) else "",
    )
    return (shown, 409) if refused else shown


def _own() -> Sequence[Skill]:
    account = access.who()
    access.require(access.may_enter_office(account))
    skills = db.session.scalars(select(Skill).options(joinedload(Skill.zone)).order_by(Skill.id))
    return [one for one in skills if access.may_organise(account, one)]


def _chosen(own: Sequence[Skill]) -> list[Skill]:
    """The skills that a form means: all of one's own, those of a zone, or those ticked."""
    scope = request.form.get("scope", "")
    if scope == "all":
        return list(own)
    if scope.startswith("zone:"):
        return [one for one in own if one.zone and f"zone:{one.zone.code}" == scope]
    ticked = set(request.form.getlist("skill"))
    return [one for one in own if one.code in ticked]


def _office_role() -> Role:
    return Role.ORGANISER if access.may_grant(access.who()) else Role.SECRETARIAT


def _do(ids: Sequence[int], policy: str, actor: int, role: Role) -> bool:
    """Call the verb with what the form says, and say what was done."""
    at = _moment()
    count = releasing.change(
        ids, _terms(policy), actor_id=actor, role=role, key=posted_key(KEY), at=at
    )  # fmt: skip
    if at is not None:
        flash(_("Planned. It comes into force by itself."), "success")
    else:
        flash(_("What the public sees was changed"), "success")
    return bool(count)


def _terms(policy: str) -> Terms:
    return release.read(policy, request.form)


def _moment() -> datetime | None:
    text = request.form.get("at", "").strip()
    at = typed_time(text) if text else None
    if text and at is None:
        raise Refusal(
            f"“{text[:20]}”不是时间，没有改变。请用时间栏选择，或不填立即生效。",
            f"“{text[:20]}” is no time; nothing was changed. Choose one in the field, or leave it"
            " empty to change at once.",
        )
    return at
