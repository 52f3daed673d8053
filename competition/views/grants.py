"""Who can do what: the list, giving a role, ending one, and who may sign in at all."""

from math import ceil
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from competition import access, granted, grants, sign_ins
from competition.database import db
from competition.grants import Wanted
from competition.models import Delegation, Door, Grant, Skill, Zone
from competition.moment import now
from competition.rules.duties import SCOPES, STRONG, WORDS, Role
from competition.rules.refusal import Refusal
from competition.views.language import chosen, typed_time

blueprint = Blueprint("grants", __name__, url_prefix="/office/access")
PAGE = 50  # roles on one page
GIVEN = tuple(role for role in Role if role is not Role.COMPETITOR)  # by hand


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"role_words": WORDS}


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Every role, narrowed by name, role, skill and time."""
    account = access.who()
    access.require(access.may_see_grants(account))
    wish = wish_of_request()
    session, at = db.session(), now()
    number = max(request.args.get("page", 1, type=int), 1)
    lines, total = granted.page(session, wish, at, start=(number - 1) * PAGE, size=PAGE)
    pages = max(1, ceil(total / PAGE))
    if number > pages:
        last: dict[str, Any] = {**request.args, "page": pages}
        return redirect(url_for("grants.home", **last))
    return render_template(
        "access/home.html",
        wish=wish,
        lines=lines,
        total=total,
        number=number,
        pages=pages,
        kept={name: text for name, text in request.args.items() if name != "page" and text},
        roles=tuple(Role),
        strong=STRONG,
        skills=db.session.scalars(select(Skill).order_by(Skill.code)).all(),
        clashes=granted.clashes(session, at),
        may_grant=access.may_grant(account),
        doors=tuple(Door),
    )


@blueprint.get("/sheet")
def sheet() -> ResponseReturnValue:
    """Who can do what on paper: every role in force with what it is for, to print and to sign."""
    access.require(access.may_see_grants(access.who()))
    session, at = db.session(), now()
    return render_template(
        "access/sheet.html",
        functions=granted.functions(session, at),
        clashes=len(granted.clashes(session, at)),
        at=at,
    )


@blueprint.get("/give")
def ask_give() -> ResponseReturnValue:
    """The form for a role."""
    access.require(access.may_grant(access.who()))
    return _give_page()


@blueprint.post("/give")
def give() -> ResponseReturnValue:
    """Give a role."""
    access.require(access.may_grant(access.who()))
    try:
        wanted = _wanted()
        grants.give(wanted, actor_id=access.someone().id)
    except Refusal as refusal:
        return _give_page(refusal.sentence(chosen())), refusal.status
    flash(_("The role was given"), "success")
    return redirect(url_for("accounts.one", account_id=wanted.account_id), 303)


@blueprint.get("/<int:number>/end")
def ask_end(number: int) -> ResponseReturnValue:
    """Ask for the reason before a role is ended."""
    access.require(access.may_grant(access.who()))
    return _end_page(number)


@blueprint.post("/<int:number>/end")
def end(number: int) -> ResponseReturnValue:
    """End a role."""
    access.require(access.may_grant(access.who()))
    grant = db.session.get(Grant, number) or abort(404)
    account_id = grant.account_id
    try:
        grants.end(number, reason=request.form.get("reason", ""), actor_id=access.someone().id)
    except Refusal as refusal:
        return _end_page(number, refusal.sentence(chosen())), refusal.status
    flash(_("The role was ended"), "success")
    return redirect(url_for("accounts.one", account_id=account_id), 303)


@blueprint.post("/door")
def door() -> ResponseReturnValue:
    """Say who may sign in from now on."""
    access.require(access.may_grant(access.who()))
    wanted = request.form.get("door", "")
    if wanted not in tuple(Door):
        abort(400)
    sign_ins.set_door(Door(wanted), actor_id=access.someone().id)
    flash(_("Who may sign in was changed"), "success")
    return redirect(url_for("grants.home", _anchor="door"), 303)


def wish_of_request() -> granted.Wish:
    """What the list is narrowed to by the address; the list as a file too."""
    asked = request.args
    state = asked.get("state", "now")
    return granted.Wish(
        words=asked.get("words", "").replace("\x00", "")[:100],
        role=asked.get("role", "") if asked.get("role") in tuple(Role) else "",
        skill=asked.get("skill", "").replace("\x00", "")[:10],
        state=state if state in granted.STATES else "now",
    )


def _wanted() -> Wanted:
    """The form as a role somebody is to have."""
    form = request.form
    if form.get("role") not in GIVEN:
        raise Refusal("请选择角色。没有授权。", "Choose a role. It was not given.")
    found = granted.account_named(db.session(), form.get("account", "").replace("\x00", ""))
    if len(found) != 1:
        raise _nobody() if not found else _several([account.username for account in found])
    kind, _colon, number = form.get("place", "").partition(":")
    where = int(number) if number.isascii() and number.isdigit() and len(number) < 9 else None
    return Wanted(
        account_id=found[0].id,
        role=Role(form["role"]),
        skill_id=where if kind == "skill" else None,
        zone_id=where if kind == "zone" else None,
        delegation_id=where if kind == "delegation" else None,
        since=typed_time(form.get("since", "")),
        until=typed_time(form.get("until", "")),
    )


def _nobody() -> Refusal:
    return Refusal(
        "没有这个账号。没有授权。请输入账号名或完整姓名，或先开设账号。",
        "There is no such account. The role was not given. Type the sign-in name or the whole"
        " name, or open an account first.",
    )


def _several(names: list[str]) -> Refusal:
    listed = " · ".join(names)
    return Refusal(
        f"有几个同名的账号：{listed}。没有授权。请输入其中一个账号名。",
        f"Several accounts have that name: {listed}. The role was not given. Type one of these"
        " sign-in names.",
    )


def _give_page(error: str = "") -> str:
    session = db.session
    return render_template(
        "access/give.html",
        error=error,
        typed=request.values,
        roles=GIVEN,
        scopes=SCOPES,
        skills=session.scalars(select(Skill).order_by(Skill.code)).all(),
        zones=session.scalars(select(Zone).order_by(Zone.id)).all(),
        delegations=session.scalars(select(Delegation).order_by(Delegation.code)).all(),
    )


def _end_page(number: int, error: str = "") -> str:
    grant = db.session.get(Grant, number) or abort(404)
    (line,) = granted.lines(db.session(), [grant], now())
    return render_template("access/end.html", line=line, error=error)
