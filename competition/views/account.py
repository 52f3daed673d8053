"""My account: what I may do, where I am signed in, my password and my second factor."""

import segno
from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from competition import access, granted, people, pins, second_factor, sign_ins
from competition.database import db
from competition.founding import edition
from competition.models import Account, SignIn
from competition.moment import now
from competition.rules.refusal import Refusal
from competition.views import entrance, limits
from competition.views.language import chosen, name
from competition.views.limits import limiter
from competition.views.signin import local

blueprint = Blueprint("account", __name__, url_prefix="/account")
SEED = "second_factor_seed"


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """Roles, sign-ins, password and second factor."""
    return _home(access.someone())


@blueprint.post("/password")
@limiter.limit("10/minute")
def password() -> ResponseReturnValue:
    """Change the password; all other sign-ins end."""
    account, sign_in = _mine()
    form = request.form
    try:
        if not entrance.matches(form.get("password", ""), account.password or ""):
            raise Refusal(
                "现在的密码不对，没有修改。",
                "The present password is wrong; it was not changed.",
                status=403,
            )
        if form.get("new") != form.get("again"):
            raise Refusal(
                "两次输入的新密码不一样，没有修改。",
                "The new password was not typed the same twice; it was not changed.",
            )
        people.change_password(account.id, form.get("new", ""), but=sign_in.id)
    except Refusal as refusal:
        return _home(account, refusal.sentence(chosen())), refusal.status
    flash(_("The password was changed; all other sign-ins were ended"), "success")
    return redirect(url_for("account.home"), 303)


@blueprint.post("/pin")
@limiter.limit("10/minute")
def pin() -> ResponseReturnValue:
    """Set one's PIN. The password is asked for: on a shared tablet a sign-in may be left open."""
    account, _sign_in = _mine()
    form = request.form
    try:
        if not entrance.matches(form.get("password", ""), account.password or ""):
            raise Refusal(
                "密码不对，没有设置 PIN。",
                "The password is wrong; the PIN was not set.",
                status=403,
            )
        if form.get("pin") != form.get("again"):
            raise Refusal(
                "两次输入的 PIN 不一样，没有设置。",
                "The PIN was not typed the same twice; it was not set.",
            )
        pins.set_(account.id, form.get("pin", ""))
    except Refusal as refusal:
        return _home(account, refusal.sentence(chosen())), refusal.status
    flash(_("The PIN was set"), "success")
    return redirect(url_for("account.home"), 303)


@blueprint.post("/sign-ins/<int:number>/end")
def end_sign_in(number: int) -> ResponseReturnValue:
    """End one of one's own sign-ins."""
    account, sign_in = _mine()
    if number == sign_in.id:
        entrance.let_out()
        return redirect(url_for("signin.page"), 303)
    sign_ins.end(number, account.id, actor_id=account.id)
    flash(_("The sign-in was ended"), "success")
    return redirect(url_for("account.home", _anchor="sign-ins"), 303)


@blueprint.post("/sign-ins/others/end")
def end_others() -> ResponseReturnValue:
    """End all of one's own sign-ins but this one."""
    account, sign_in = _mine()
    count = sign_ins.end_all(account.id, but=sign_in.id, actor_id=account.id)
    flash(_("%(n)s sign-ins were ended", n=count), "success")
    return redirect(url_for("account.home", _anchor="sign-ins"), 303)


# The second factor


@blueprint.get("/second-factor", endpoint="second_factor")
def second_factor_page() -> ResponseReturnValue:
    """Set up an app, show its code, or manage what is set up, whichever comes next."""
    account, sign_in = _mine()
    return _second_factor(account, sign_in)


@blueprint.post("/second-factor")
@limiter.limit("20/minute", key_func=limits.halfway)
def enrol() -> ResponseReturnValue:
    """Take the app whose code was typed; the recovery codes are shown this once."""
    account, sign_in = _mine()
    if second_factor.of(account.id):
        access.require(sign_in.proved_at is not None)
    try:
        codes = second_factor.enrol(
            account.id,
            str(session.get(SEED, "")),
            request.form.get("code", ""),
            sign_in_id=sign_in.id,
        )
    except Refusal as refusal:
        return _second_factor(account, sign_in, refusal.sentence(chosen())), refusal.status
    session.pop(SEED, None)
    return _codes_page(codes)


@blueprint.post("/second-factor/prove")
@limiter.limit("10/minute;40/hour", key_func=limits.halfway)
def prove() -> ResponseReturnValue:
    """Show the second factor in a sign-in that was opened without."""
    account, sign_in = _mine()
    try:
        second_factor.prove(account.id, request.form.get("code", ""), sign_in_id=sign_in.id)
    except Refusal as refusal:
        return _second_factor(account, sign_in, refusal.sentence(chosen())), refusal.status
    return redirect(_next() or url_for(access.home_of(account)), 303)


@blueprint.post("/second-factor/codes")
def codes() -> ResponseReturnValue:
    """New recovery codes, shown this once; those before are worth nothing any more."""
    account, sign_in = _mine()
    access.require(second_factor.of(account.id) and sign_in.proved_at is not None)
    return _codes_page(second_factor.renew_codes(account.id))


def _mine() -> tuple[Account, SignIn]:
    """The account that asks and its sign-in; not for somebody who looks on."""
    account, sign_in = access.someone(), access.sign_in_of_request()
    access.require(sign_in is not None and not access.looks_on())
    assert sign_in is not None
    return account, sign_in


def _next() -> str:
    return local(request.values.get("next")) or ""


def _home(account: Account, error: str = "") -> str:
    rows, at, this = db.session(), now(), access.sign_in_of_request()
    return render_template(
        "account/home.html",
        account=account,
        error=error,
        lines=[line for line in granted.of_account(rows, account.id, at) if line.state != "over"],
        sign_ins=sign_ins.of_account(rows, account.id, at),
        this=this,
        has_factor=second_factor.of(account.id),
        has_pin=bool(pins.has(rows, [account.id])),
        lacks_proof=access.lacks_proof(account),
        codes_left=second_factor.codes_left(rows, account.id),
        shortest=people.SHORTEST_PASSWORD,
    )


def _second_factor(account: Account, sign_in: SignIn, error: str = "") -> str:
    has = second_factor.of(account.id)
    shown: dict[str, object] = {"error": error, "next": _next()}
    if has and sign_in.proved_at is None:
        return render_template("account/prove.html", **shown)
    if has and "replace" not in request.args and not error:
        left = second_factor.codes_left(db.session(), account.id)
        return render_template("account/factor.html", codes_left=left, **shown)
    seed = session.setdefault(SEED, second_factor.new_seed())
    competition = edition(db.session())
    issuer = name(competition) if competition is not None else "Podium"
    address = second_factor.address(seed, account, issuer)
    return render_template(
        "account/enrol.html",
        qr=Markup(segno.make(address, error="m").svg_inline(border=2, omitsize=True)),  # noqa: S704 - ours
        typed=second_factor.typed(seed),
        asked_for=access.lacks_proof(account),
        **shown,
    )


def _codes_page(given: list[str]) -> ResponseReturnValue:
    answer = make_response(render_template("account/codes.html", codes=given, next=_next()))
    answer.headers["Cache-Control"] = "no-store"
    return answer
