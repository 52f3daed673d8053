"""Accounts: opening one, and the language its holder chose."""

import re
import secrets

from flask_security import hash_password
from sqlalchemy.orm import Session

from competition.database import writing
from competition.models import Account, Grant, Person
from competition.rules.refusal import Refusal

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
SHORTEST_PASSWORD = 10


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


def speak(account_id: int, language: str) -> None:
    """Remember the language that an account's holder chose, for other devices and days."""
    with writing() as session:
        account = session.get(Account, account_id)
        if account is not None:
            account.language = language
