"""Who is asking, and what each may do: every permission of Podium is a `may_…` in this file.

Sign-in is Flask-Security's (argon2 hashes, sessions); roles are our own, because they are scoped
to a skill, a zone or a delegation, and to a time. A predicate takes the account and what it wants
to touch, reads nothing else but the clock and answers yes or no; `require` turns a no into a
Refusal or, for a stranger, into the sign-in page.
"""

import secrets
from typing import cast

from flask import Flask, abort, current_app
from flask_security import (
    RoleMixin,
    Security,
    SQLAlchemyUserDatastore,
    current_user,
    hash_password,
    verify_password,
)
from flask_security import login_user as _login
from flask_security import logout_user as _logout
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from competition.database import db
from competition.models import Account, Delegation, Entry, Grant, Member, Role, Skill
from competition.moment import now
from competition.offload import offload
from competition.rules.duties import SCOPES, Scope
from competition.rules.refusal import Refusal


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


def who() -> Account | None:
    """The account that asks, or None for a visitor."""
    return cast(Account, current_user) if current_user.is_authenticated else None


def someone() -> Account:
    """The account that asks; a visitor is sent to the sign-in page."""
    account = who()
    if account is None:
        abort(401)
    return account


def sign_in(username: str, password: str) -> Account:
    """Check a password and open a session. Refuses without saying which of the two was wrong."""
    account = db.session.scalar(select(Account).where(Account.username == username.strip().lower()))
    # A wrong name costs as much time as a wrong password, so that neither can be told apart.
    stored = account.password if account and account.password else _nobodys_hash()
    if not _matches(password, stored) or account is None or not account.active:
        raise Refusal(
            "账号或密码不对，没有登录。请检查大小写；忘记密码请联系秘书处。",
            "The name or the password is wrong; you are not signed in. Check the capitals, or ask"
            " the secretariat for a new password.",
            status=403,
        )
    sign_in_as(account)
    return account


def sign_in_as(account: Account) -> None:
    """Open a session for an account that has proved who it is (or is a demo card)."""
    _login(account, remember=False)


def sign_out() -> None:
    """Close the session."""
    _logout()


def _matches(password: str, stored: str) -> bool:
    """argon2 takes 18 ms of a core: under gevent a thread does it, and all others are served."""
    return bool(offload(verify_password, password, stored))


def _nobodys_hash() -> str:
    cached = current_app.extensions.get("podium_nobody")
    if cached is None:
        cached = current_app.extensions["podium_nobody"] = hash_password(secrets.token_hex(8))
    return str(cached)


def require(allowed: bool) -> None:
    """Refuse with 403 unless allowed; a visitor is sent to sign in first."""
    if allowed:
        return
    someone()
    raise Refusal(
        "您没有此项权限，什么都没有改变。如需要，请联系秘书处。",
        "You may not do this; nothing was changed. If you should be able to, ask the secretariat.",
        status=403,
    )


def _holds(account: Account | None, role: Role, skill: Skill | None = None) -> bool:
    """Whether a grant of the role is in force: in the skill, or without one in the whole
    competition. A grant whose scope the role does not have opens nothing."""
    return any(
        grant.scope is Scope.COMPETITION if skill is None else grant.reaches(skill)
        for grant in _grants(account, role)
    )


def _grants(account: Account | None, role: Role) -> list[Grant]:
    """The grants of a role that are in force."""
    if account is None:
        return []
    at = now()
    return [
        grant
        for grant in account.grants
        if grant.role == role and grant.scope in SCOPES[role] and grant.holds(at)
    ]


def may_grant(account: Account | None) -> bool:
    """Give and end roles, open and close accounts: the organiser."""
    return _holds(account, Role.ORGANISER)


def may_see_grants(account: Account | None) -> bool:
    """See who can do what: the office and the supervisors."""
    return may_organise(account) or _holds(account, Role.SUPERVISOR)


def may_organise(account: Account | None, skill: Skill | None = None) -> bool:
    """The office, organiser and secretariat: everything but marks. Without a skill, the whole
    competition's; the secretariat of a zone has the skills of its zone."""
    return _holds(account, Role.ORGANISER) or _holds(account, Role.SECRETARIAT, skill)


def may_enter_office(account: Account | None) -> bool:
    """See the office's first page, with the skills that are one's own."""
    return may_grant(account) or bool(_grants(account, Role.SECRETARIAT))


def may_judge(account: Account | None, skill: Skill) -> bool:
    """Give and confirm marks in a skill: judges of its panel, never the office."""
    return _holds(account, Role.JUDGE, skill)


def may_direct(account: Account | None, skill: Skill) -> bool:
    """The chief judge's acts: clock, differences, lock, release."""
    return _holds(account, Role.CHIEF_JUDGE, skill)


def may_rejudge(account: Account | None, skill: Skill) -> bool:
    """Judge hand-ins anew, apply or drop what came of it, and answer the questions it opened."""
    return may_direct(account, skill)


def may_watch_real(account: Account | None, skill: Skill) -> bool:
    """See the real board of a skill, before the public does: its chief judge only. The organiser's
    office sees progress, not sealed marks."""
    return may_direct(account, skill)


def may_see_evidence(account: Account | None, skill: Skill) -> bool:
    """What the sandbox saw of a submission: the skill's judges and chief judge (decisions 4), and
    once its marks are locked whoever rules on appeals."""
    return (
        may_judge(account, skill)
        or may_direct(account, skill)
        or (skill.locked_at is not None and _holds(account, Role.ARBITER, skill))
    )


def may_work(account: Account | None, entry: Entry) -> bool:
    """Hand in for an entry and see its workspace: the competitors of the entry."""
    return (
        account is not None
        and account.person_id is not None
        and any(member.person_id == account.person_id for member in entry.members)
    )


def may_lead(account: Account | None, delegation_id: int) -> bool:
    """See the people of a delegation: its team leader, and the office."""
    return may_organise(account) or any(
        grant.delegation_id == delegation_id for grant in _grants(account, Role.TEAM_LEADER)
    )


def led_by(account: Account) -> Delegation | None:
    """The delegation that somebody leads, the first of several."""
    return next((grant.delegation for grant in _grants(account, Role.TEAM_LEADER)), None)


def skills_of(account: Account, role: Role) -> list[Skill]:
    """The skills in which somebody now has a role of their own, by code."""
    found = {grant.skill for grant in _grants(account, role) if grant.skill is not None}
    return sorted(found, key=lambda skill: skill.code)


def entries_of(account: Account) -> list[Entry]:
    """The entries a competitor works in."""
    if account.person_id is None:
        return []
    found = db.session.scalars(
        select(Entry)
        .join(Member)
        .where(Member.person_id == account.person_id)
        .options(selectinload(Entry.members))
        .order_by(Entry.id)
    )
    return list(found)


def home_of(account: Account) -> str:
    """The endpoint a person lands on after signing in: where their work is."""
    order = (
        (Role.CHIEF_JUDGE, "desk.home"),
        (Role.JUDGE, "tablet.home"),
        (Role.ORGANISER, "office.home"),
        (Role.SECRETARIAT, "office.home"),
        (Role.TEAM_LEADER, "delegation.home"),
        (Role.COMPETITOR, "workspace.home"),
        (Role.SUPERVISOR, "grants.home"),
    )
    return next((endpoint for role, endpoint in order if _grants(account, role)), "boards.home")
