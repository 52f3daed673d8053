"""Accounts: opening and closing one, its password, and the language its holder chose."""

import re
import secrets
from dataclasses import dataclass

from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from competition import ledger, sign_ins
from competition.database import writing
from competition.models import Account, Affiliation, Competition, Grant, Person
from competition.rules.refusal import Refusal

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
SHORTEST_PASSWORD = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Opened:
    """A new account; `password` exists nowhere else."""

    account_id: int
    username: str
    password: str


def hashed(password: str) -> str:
    """The argon2 hash of a new password; one that is too short is refused."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refusal(
            f"密码少于 {SHORTEST_PASSWORD} 个字符，没有设置。请换一个更长的密码。",
            f"The password has fewer than {SHORTEST_PASSWORD} characters and was not set."
            " Please choose a longer one.",
        )
    return str(hash_password(password))


def add_account(
    session: Session,
    *,
    username: str,
    label: str,
    password_hash: str,
    grants: list[Grant],
    person: Person | None = None,
    uniquifier: str | None = None,
) -> Account:
    """Open an account inside the caller's transaction. The name is kept in small letters."""
    name = username.strip().lower()
    if not USERNAME.fullmatch(name):
        raise Refusal(
            "账号名应为 2 至 63 个小写字母、数字、点、横线或下划线，没有创建账号。",
            "A sign-in name is 2 to 63 small letters, figures, dots, hyphens or underscores;"
            " no account was opened.",
        )
    account = Account(
        username=name,
        label=label,
        password=password_hash,
        fs_uniquifier=uniquifier or secrets.token_hex(16),
        active=True,
        person=person,
        grants=grants,
    )
    session.add(account)
    return account


def open_account(
    username: str,
    label: str,
    affiliation: str,
    *,
    actor_id: int | None,
    person_id: int | None = None,
) -> Opened:
    """Open an account with a password that is shown once. With a school or company the holder is
    a person, so that the separation of duties knows where they come from. `person_id`: the holder,
    who is known already."""
    label, affiliation = " ".join(label.split())[:100], " ".join(affiliation.split())[:200]
    if not label:
        raise Refusal("请填写姓名，没有创建账号。", "A name is needed; no account was opened.")
    password = _password()
    password_hash = hashed(password)
    with writing() as session:
        if session.scalar(select(Account.id).where(Account.username == username.strip().lower())):
            raise Refusal(
                "这个账号名已有人使用，没有创建账号。请换一个。",
                "Somebody has that sign-in name already; no account was opened. Choose another.",
            )
        if person_id is not None:
            person = session.get(Person, person_id)
        else:
            person = (
                Person(name=label, affiliation=_home(session, affiliation)) if affiliation else None
            )
        account = add_account(
            session,
            username=username,
            label=label,
            password_hash=password_hash,
            grants=[],
            person=person,
        )
        session.flush()
        _note(session, "account.open", account.id, {}, actor_id)
        return Opened(account.id, account.username, password)


def renew_password(account_id: int, *, actor_id: int | None) -> str:
    """A new password for somebody who lost theirs, shown once; ends all sign-ins."""
    password = _password()
    _set_password(account_id, hashed(password), "account.renew_password", None, actor_id)
    return password


def change_password(account_id: int, new: str, *, but: int | None) -> None:
    """The holder's own new password; ends all sign-ins but this one."""
    _set_password(account_id, hashed(new), "account.change_password", but, account_id)


def set_active(account_id: int, active: bool, *, reason: str, actor_id: int) -> None:
    """Close an account, or open it again. Closed, it ends all its sign-ins."""
    if not reason.strip():
        raise Refusal(
            "请写明原因，账号没有改变。",
            "Say why; the account was not changed.",
        )
    with writing() as session:
        account = _account(session, account_id)
        if account_id == actor_id:
            raise Refusal(
                "不能停用自己的账号，请另一位组织者操作。",
                "You cannot close your own account; another organiser can.",
            )
        if account.active == active:
            return
        account.active = active
        act = "account.reopen" if active else "account.close"
        _note(session, act, account_id, {"reason": reason.strip()[:500]}, actor_id)
        if not active:
            sign_ins.end_all_in(session, account_id, actor_id=actor_id)


def _set_password(
    account_id: int, password_hash: str, act: str, but: int | None, actor_id: int | None
) -> None:
    with writing() as session:
        competition = session.scalars(select(Competition)).first()
        if competition is not None and competition.is_demo:
            raise Refusal(
                "演示账号的密码是公开的，不能修改，什么都没有改变。",
                "The demo's password is everybody's and cannot be changed; nothing was changed.",
            )
        _account(session, account_id).password = password_hash
        _note(session, act, account_id, {}, actor_id)
        sign_ins.end_all_in(session, account_id, but=but, actor_id=actor_id)


def _account(session: Session, account_id: int) -> Account:
    account = session.get(Account, account_id)
    if account is None:
        raise Refusal(
            "没有这个账号，什么都没有改变。",
            "There is no such account; nothing was changed.",
            status=404,
        )
    return account


def _home(session: Session, name: str) -> Affiliation:
    found = session.scalar(select(Affiliation).where(Affiliation.name == name))
    return found or Affiliation(name=name)


def _password() -> str:
    """Twelve letters and figures that are not mistaken for one another, in groups of four."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(12))
    return "-".join(letters[at : at + 4] for at in range(0, 12, 4))


def _note(
    session: Session, act: str, account_id: int, body: dict[str, str], actor_id: int | None
) -> None:
    ledger.append(session, act=act, subject=f"account:{account_id}", body=body, actor_id=actor_id)


def speak(account_id: int, language: str) -> None:
    """Remember the language that an account's holder chose, for other devices and days."""
    with writing() as session:
        account = session.get(Account, account_id)
        if account is not None:
            account.language = language
