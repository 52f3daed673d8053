"""Signing in and out, the demo's cards, and the language of the pages."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competition import access, demo, people, second_factor, sign_ins
from competition.database import db
from competition.demo_people import TOUR
from competition.founding import edition
from competition.models import Account
from competition.rules.refusal import Refusal
from competition.views import entrance, limits
from competition.views.language import LANGUAGES, choose, chosen, posts_again
from competition.views.limits import limiter

blueprint = Blueprint("signin", __name__)


@blueprint.get("/sign-in")
def page() -> ResponseReturnValue:
    """The form, and in the demo a card per role."""
    return _page()


@blueprint.post("/sign-in")
@limiter.limit("10/minute", key_func=limits.trier)
@limiter.limit("60/hour", key_func=limits.strangers, exempt_when=limits.is_known)
def enter() -> ResponseReturnValue:
    """Sign in with a name and a password; who has a second factor is asked for its code next."""
    username = request.form.get("username", "")
    try:
        account = entrance.check_password(username, request.form.get("password", ""))
        if second_factor.of(account.id):
            entrance.wait_for_code(account)
            return redirect(url_for("signin.code", next=_next()), code=303)
    except Refusal as refusal:
        return _page(username, refusal.sentence(chosen())), refusal.status
    entrance.let_in(account)
    return _welcome(account)


@blueprint.get("/sign-in/code")
def code() -> ResponseReturnValue:
    """Ask for the code of the second factor, after the password."""
    account = entrance.halfway()
    if account is None:
        return redirect(url_for("signin.page", next=_next()))
    return render_template("signin/code.html", label=account.label, next=_next(), error="")


@blueprint.post("/sign-in/code")
@limiter.limit("10/minute;40/hour", key_func=limits.halfway)
def prove() -> ResponseReturnValue:
    """Check the code and let in."""
    account = entrance.halfway()
    if account is None:
        flash(_("That took too long. Please type the password once more."), "refusal")
        return redirect(url_for("signin.page", next=_next()), code=303)
    try:
        entrance.prove_and_let_in(account, request.form.get("code", ""))
    except Refusal as refusal:
        said = refusal.sentence(chosen())
        page = render_template("signin/code.html", label=account.label, next=_next(), error=said)
        return page, refusal.status
    return _welcome(account)


@blueprint.post("/sign-in/card")
@limiter.limit("60/minute")
def card() -> ResponseReturnValue:
    """Sign in as one of the demo's people, with one click; only in the demo."""
    account = demo.account_of(db.session(), request.form.get("card", ""))
    sign_ins.refuse_at_door(account)
    entrance.let_in(account, how="card")
    return redirect(url_for(access.home_of(account)), code=303)


@blueprint.post("/sign-out")
def out() -> ResponseReturnValue:
    """Sign out; the language stays."""
    entrance.let_out()
    flash(_("You are signed out."), "info")
    return redirect(url_for("signin.page"))


@blueprint.route("/language/<lang>", methods=["GET", "POST"])
def language(lang: str) -> ResponseReturnValue:
    """Switch the language and come back to the page one was on, posting its form again where that
    only looked."""
    if lang in LANGUAGES:
        choose(lang)
        account = access.who()
        if account is not None and account.language != lang and not access.looks_on():
            people.speak(account.id, lang)
    back = local(request.values.get("next")) or url_for("boards.home")
    return redirect(back, 307 if request.method == "POST" and posts_again(back) else 302)


def local(address: str | None) -> str | None:
    """`address` when it is a path of this site, else None: nobody is led elsewhere."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if "\\" in address or not address.isprintable():
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address


def _welcome(account: Account) -> ResponseReturnValue:
    """To the page that was asked for, else to where the person's work is."""
    if account.language and "language" not in session:
        choose(account.language)
    return redirect(_next() or url_for(access.home_of(account)), code=303)


def _next() -> str:
    """The page that was asked for before signing in."""
    return local(request.values.get("next")) or ""


def _page(username: str = "", error: str = "") -> str:
    competition = edition(db.session())
    is_demo = competition is not None and competition.is_demo
    return render_template(
        "signin/page.html",
        username=username,
        error=error,
        next=_next(),
        cards=demo.CARDS if is_demo else (),
        password=demo.PASSWORD,
        pin=demo.PIN,
        tour=TOUR,
        is_founded=competition is not None,
    )
