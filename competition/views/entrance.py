"""Whom a browser speaks for: letting in and out, and what every request of somebody signed in
passes through.

Flask-Security gives the hashing and Flask-Login's session; what counts is our own row for each
sign-in (`sign_ins.py`), which its owner can end from elsewhere. The session's cookie holds its key.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, Response, current_app, g, request, session
from flask_security import (
    RoleMixin,
    Security,
    SQLAlchemyUserDatastore,
    hash_password,
    verify_password,
)
from flask_security import login_user as _login
from flask_security import logout_user as _logout
from sqlalchemy import select

from competition import access, second_factor, sign_ins
from competition.database import db
from competition.models import Account, SignIn
from competition.moment import now
from competition.offload import offload
from competition.rules import browsers
from competition.rules.refusal import Refusal

KEY, HALFWAY, DEVICE = "sign_in", "halfway", "podium_device"
HALFWAY_LASTS = timedelta(minutes=10)
KNOWN_FOR = 400 * 24 * 3600  # seconds a browser is known again; browsers keep no cookie longer
READS = {"GET", "HEAD", "OPTIONS"}
# What somebody who looks on as another may still do: stop, leave, change the language.
ALWAYS = {"accounts.stop_looking", "signin.out", "signin.language"}


class _NoRole(RoleMixin):
    """Flask-Security wants a role model; ours are grants, which it need not know."""

    name = ""


datastore = SQLAlchemyUserDatastore(db, Account, _NoRole)
security = Security()


def register(app: Flask) -> None:
    """Set up Flask-Security: our own pages, its hashing and sessions."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a method
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        # OWASP's profile: 18 ms a sign-in instead of 108 (performance.md)
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS={
            "argon2__time_cost": 2,
            "argon2__memory_cost": 19456,
            "argon2__parallelism": 1,
        },
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_TRACKABLE=False,
        SECURITY_ANONYMOUS_USER_DISABLED=False,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[
            {"username": {"mapper": lambda text: text.strip().lower(), "case_insensitive": True}}
        ],
    )
    security.init_app(app, datastore, register_blueprint=False)
    app.login_manager.user_loader(_speaks_for)  # type: ignore[attr-defined]
    app.before_request(_pass)
    app.after_request(_know_again)
    app.context_processor(_onlooker)


# In and out


def check_password(username: str, password: str) -> Account:
    """The account of a name and its password. Refuses without saying which of the two was wrong."""
    account = db.session.scalar(select(Account).where(Account.username == username.strip().lower()))
    # A wrong name costs as much time as a wrong password, so that neither can be told apart.
    stored = account.password if account and account.password else _nobodys_hash()
    if not matches(password, stored) or account is None or not account.active:
        raise Refusal(
            "账号或密码不对，没有登录。请检查大小写；忘记密码请联系秘书处。",
            "The name or the password is wrong; you are not signed in. Check the capitals, or ask"
            " the secretariat for a new password.",
            status=403,
        )
    sign_ins.refuse_at_door(account)
    return account


def let_in(account: Account, *, how: str = "password", proved: bool = False) -> None:
    """Open a sign-in for an account that has proved who it is (or is a demo card)."""
    device = browsers.words(request.user_agent.string)
    key = sign_ins.open_(account.id, how=how, device=device, token=_token(), proved=proved)
    session.pop(HALFWAY, None)
    _login(account, remember=False)
    session[KEY] = key
    g.sign_in = sign_ins.find(key, now())


def let_out() -> None:
    """End this browser's sign-in."""
    sign_in = sign_ins.find(session.pop(KEY, ""), now())
    if sign_in is not None:
        sign_ins.end(sign_in.id, sign_in.account_id, actor_id=sign_in.account_id)
    session.pop(HALFWAY, None)
    g.pop("sign_in", None)
    _logout()


def wait_for_code(account: Account) -> None:
    """The password was right: a code of the second factor is asked for next."""
    session[HALFWAY] = {"account": account.id, "at": now().timestamp()}


def halfway() -> Account | None:
    """Whose password was right in this browser a moment ago, and whose code is still to come."""
    kept = session.get(HALFWAY)
    if not isinstance(kept, dict):
        return None
    at = datetime.fromtimestamp(kept["at"], now().tzinfo)
    account = db.session.get(Account, kept["account"])
    if account is None or not account.active or now() - at > HALFWAY_LASTS:
        return None
    return account


def prove_and_let_in(account: Account, code: str) -> None:
    """Let in whose code is right."""
    second_factor.prove(account.id, code)
    let_in(account, proved=True)


def matches(password: str, stored: str) -> bool:
    """argon2 takes 18 ms of a core: under gevent a thread does it, and all others are served."""
    return bool(offload(verify_password, password, stored))


def _nobodys_hash() -> str:
    cached = current_app.extensions.get("podium_nobody")
    if cached is None:
        cached = current_app.extensions["podium_nobody"] = hash_password(secrets.token_hex(8))
    return str(cached)


# The device


def known_device(username: str) -> str | None:
    """This browser's token, when somebody of that name was let in with it before."""
    token = request.cookies.get(DEVICE, "")
    return token if token and sign_ins.knows(username.strip().lower(), token) else None


def _token() -> str:
    """What this browser is known again by; a new browser gets one with the answer."""
    token = request.cookies.get(DEVICE, "")
    if len(token) < 32:
        token = g.new_device = secrets.token_urlsafe(32)
    return token


def _know_again(answer: Response) -> Response:
    if "new_device" in g:
        answer.set_cookie(
            DEVICE,
            g.new_device,
            max_age=KNOWN_FOR,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["PODIUM_HTTPS"],
        )
    return answer


# Every request


def _speaks_for(user_id: str) -> Account | None:
    """Flask-Login asks once in a request: the account that this browser's sign-in stands for."""
    found = sign_ins.find(session.get(KEY, ""), now())
    if found is None or found.account.fs_uniquifier != user_id:
        return None
    g.sign_in = found
    return found.account if found.seen_as is None else found.seen_as


def _pass() -> None:
    """Note that a sign-in is used, and keep whoever looks on from doing anything."""
    if KEY not in session or request.endpoint == "static":
        return
    sign_in = access.sign_in_of_request()
    if sign_in is None:
        return
    if sign_in.seen_as_id is not None:
        db.session().info["looks_on"] = (sign_in.account_id, sign_in.seen_as_id)
        if request.method not in READS and request.endpoint not in ALWAYS:
            raise Refusal(
                "您正以他人的身份查看，只能看，不能操作；什么都没有改变。请先结束查看。",
                "You are looking on as somebody else and can only look; nothing was changed. Stop"
                " looking on first.",
                status=403,
            )
    if not current_app.config["READS_ONLY"]:
        sign_ins.heard(sign_in, now())


def _onlooker() -> dict[str, Any]:
    """For the bar that shows both identities on every page."""
    sign_in = cast(SignIn | None, g.get("sign_in"))
    on = sign_in is not None and sign_in.seen_as_id is not None
    return {"onlooker": sign_in.account.label if on and sign_in else None}
