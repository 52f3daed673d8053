"""One account as the organiser sees it: its roles, its sign-ins, a new password, looking as it."""

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import access, granted, people, second_factor, sign_ins
from competition.database import db
from competition.models import Account
from competition.moment import now
from competition.rules.duties import STRONG
from competition.rules.refusal import Refusal
from competition.views.language import chosen

blueprint = Blueprint("accounts", __name__, url_prefix="/office/accounts")


@blueprint.get("/new")
def ask_open() -> ResponseReturnValue:
    """The form for an account."""
    access.require(access.may_grant(access.who()))
    return _form("")


@blueprint.post("/new")
def open_() -> ResponseReturnValue:
    """Open an account; its password is shown this once."""
    access.require(access.may_grant(access.who()))
    form = request.form
    try:
        opened = people.open_account(
            form.get("username", ""),
            form.get("label", ""),
            form.get("affiliation", ""),
            actor_id=access.someone().id,
        )
    except Refusal as refusal:
        return _form(refusal.sentence(chosen())), refusal.status
    return _password_page(opened.account_id, opened.password)


@blueprint.get("/<int:account_id>")
def one(account_id: int) -> ResponseReturnValue:
    """An account."""
    access.require(access.may_see_grants(access.who()))
    return _page(account_id)


@blueprint.post("/<int:account_id>/password")
def password(account_id: int) -> ResponseReturnValue:
    """A new password for somebody who lost theirs, shown this once."""
    _account(account_id)
    try:
        new = people.renew_password(account_id, actor_id=access.someone().id)
    except Refusal as refusal:
        return _page(account_id, refusal.sentence(chosen())), refusal.status
    return _password_page(account_id, new)


@blueprint.post("/<int:account_id>/<any('second-factor', 'sign-ins', close, reopen):act>")
def do(account_id: int, act: str) -> ResponseReturnValue:
    """Take a lost second factor away, end all sign-ins, close or reopen the account."""
    account = _account(account_id)
    actor = access.someone().id
    try:
        if act == "second-factor":
            second_factor.forget(account.id, actor_id=actor)
            said = _("The second factor was taken away and every sign-in ended")
        elif act == "sign-ins":
            count = sign_ins.end_all(account.id, actor_id=actor)
            said = _("%(n)s sign-ins were ended", n=count)
        else:
            reason = request.form.get("reason", "")
            people.set_active(account.id, act == "reopen", reason=reason, actor_id=actor)
            said = _("The account is open again") if act == "reopen" else _("The account is closed")
    except Refusal as refusal:
        return _page(account_id, refusal.sentence(chosen())), refusal.status
    flash(said, "success")
    return redirect(url_for("accounts.one", account_id=account_id), 303)


@blueprint.post("/<int:account_id>/look")
def look(account_id: int) -> ResponseReturnValue:
    """Look at the site as this account, reading only."""
    other = _account(account_id)
    account, sign_in = access.someone(), access.sign_in_of_request()
    access.require(access.may_look_as(account, other) and sign_in is not None)
    assert sign_in is not None
    sign_ins.look_as(sign_in.id, other.id, actor_id=account.id)
    return redirect(url_for(access.home_of(other)), 303)


@blueprint.post("/look/stop")
def stop_looking() -> ResponseReturnValue:
    """Look at the site as oneself again."""
    access.someone()
    sign_in = access.sign_in_of_request()
    if sign_in is None or sign_in.seen_as_id is None:
        return redirect(url_for("account.home"), 303)
    seen = sign_in.seen_as_id
    sign_ins.look_as(sign_in.id, None, actor_id=sign_in.account_id)
    return redirect(url_for("accounts.one", account_id=seen), 303)


def _account(account_id: int) -> Account:
    """The account of an address, for whoever may change accounts."""
    access.require(access.may_grant(access.who()))
    return db.session.get(Account, account_id) or abort(404)


def _page(account_id: int, error: str = "") -> str:
    account = db.session.get(Account, account_id) or abort(404)
    session, at, asker = db.session(), now(), access.who()
    lines = granted.of_account(session, account_id, at)
    return render_template(
        "access/account.html",
        account=account,
        error=error,
        lines=lines,
        sign_ins=sign_ins.of_account(session, account_id, at),
        has_factor=second_factor.of(account_id),
        needs_factor=any(line.grant.role in STRONG for line in lines if line.state == "now"),
        may_grant=access.may_grant(asker),
        may_look=access.may_look_as(asker, account),
    )


def _form(error: str) -> str:
    return render_template("access/open.html", error=error, typed=request.form)


def _password_page(account_id: int, new: str) -> ResponseReturnValue:
    account = db.session.get_one(Account, account_id)
    answer = make_response(render_template("access/password.html", account=account, password=new))
    answer.headers["Cache-Control"] = "no-store"
    return answer
