"""The second factor: an authenticator app (TOTP, RFC 6238) and recovery codes on paper.

The secret of an app is computed from a random seed and PODIUM_PASSWORD_SALT, which is not in the
database; the seed alone is of no use to anybody. Recovery codes are kept as keyed hashes. Each
code, of either kind, is taken once.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import current_app
from passlib.exc import TokenError
from passlib.totp import TOTP
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from competition import ledger, sign_ins
from competition.database import db, writing
from competition.models import Account, RecoveryCode, SecondFactor, SignIn
from competition.moment import now
from competition.rules.refusal import Refusal

CODES = 10
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is read as something else
LENGTH = 12  # 59 bits: nobody guesses one
SEED = re.compile(r"[0-9a-f]{40}")


def new_seed() -> str:
    """A random seed for an app that is about to be set up."""
    return secrets.token_hex(20)


def secret(seed: str) -> bytes:
    """What the app and we share, from a seed and the key outside the database."""
    return _keyed("totp", seed)[:20]


def address(seed: str, account: Account, issuer: str) -> str:
    """The otpauth: address that the app reads as a QR code."""
    return str(_totp(seed).to_uri(label=account.username, issuer=issuer))


def typed(seed: str) -> str:
    """The secret in groups of letters, for an app without a camera."""
    return str(_totp(seed).pretty_key(sep=" "))


def has(session: Session, account_ids: Collection[int]) -> set[int]:
    """Which of the accounts have a second factor."""
    found = select(SecondFactor.account_id).where(SecondFactor.account_id.in_(account_ids))
    return set(session.scalars(found))


def codes_left(session: Session, account_id: int) -> int:
    """How many recovery codes are not used up."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def enrol(account_id: int, seed: str, code: str, *, sign_in_id: int) -> list[str]:
    """Take the app whose code was typed as the account's second factor, instead of the one before;
    gives the recovery codes, which are shown this once."""
    counter = _match(seed, code, now(), None) if SEED.fullmatch(seed) else None
    if counter is None:
        raise Refusal(
            "验证码不对，没有设置。请输入应用上现在显示的 6 位数字，并检查手机的时间是否准确。",
            "The code is wrong; nothing was set up. Type the 6 figures that the app shows now, and"
            " check that the phone's clock is right.",
        )
    with writing() as session:
        session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
        session.add(SecondFactor(account_id=account_id, seed=seed, last_counter=counter, at=now()))
        given = _renew_codes(session, account_id)
        session.get_one(SignIn, sign_in_id).proved_at = now()
        _note(session, "second_factor.enrol", account_id, {}, account_id)
        # Whoever was in without it shows it first.
        sign_ins.end_all_in(session, account_id, but=sign_in_id, actor_id=account_id)
    return given


def renew_codes(account_id: int) -> list[str]:
    """New recovery codes; those before are worth nothing any more."""
    with writing() as session:
        given = _renew_codes(session, account_id)
        _note(session, "second_factor.new_codes", account_id, {}, account_id)
    return given


def prove(account_id: int, code: str, *, sign_in_id: int | None = None) -> None:
    """Check a code of the app or a recovery code, and use it up; refuses a wrong one.

    `sign_in_id`: the sign-in that is proved by it, when there is one already.
    """
    with writing() as session:
        if not (_app_says(session, account_id, code) or _paper_says(session, account_id, code)):
            raise Refusal(
                "验证码不对或已用过，没有通过。请输入应用上新的 6 位数字，或一个没有用过的恢复码。",
                "The code is wrong or was used before; it was not taken. Type the next 6 figures of"
                " the app, or a recovery code that you have not used.",
                status=403,
            )
        if sign_in_id is not None:
            session.get_one(SignIn, sign_in_id).proved_at = now()
            _note(session, "second_factor.prove", account_id, {}, account_id)


def forget(account_id: int, *, actor_id: int | None) -> bool:
    """Take an account's second factor away, when phone and paper are lost, and end its sign-ins.
    False when there is none."""
    with writing() as session:
        gone = session.execute(delete(SecondFactor).where(SecondFactor.account_id == account_id))
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
        if not gone.rowcount:  # type: ignore[attr-defined]
            return False
        _note(session, "second_factor.forget", account_id, {}, actor_id)
        sign_ins.end_all_in(session, account_id, actor_id=actor_id)
        return True


def _app_says(session: Session, account_id: int, code: str) -> bool:
    factor = session.scalar(
        select(SecondFactor).where(SecondFactor.account_id == account_id).with_for_update()
    )
    if factor is None:
        return False
    counter = _match(factor.seed, code, now(), factor.last_counter)
    if counter is None:
        return False
    factor.last_counter = counter
    return True


def _paper_says(session: Session, account_id: int, code: str) -> bool:
    row = session.scalar(
        select(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.hash == _hash(account_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        return False
    row.used_at = now()
    _note(session, "second_factor.recovery", account_id, {"code": row.id}, account_id)
    return True


def _renew_codes(session: Session, account_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    given = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(CODES)]
    session.add_all(RecoveryCode(account_id=account_id, hash=_hash(account_id, c)) for c in given)
    return ["-".join(code[at : at + 4] for at in range(0, LENGTH, 4)) for code in given]


def _match(seed: str, code: str, at: datetime, last: int | None) -> int | None:
    """The counter of the code, one step early or late allowed; None when it is none of these, or
    was used before."""
    plain = unicodedata.normalize("NFKC", code)[:20]  # a Chinese keyboard types wide figures
    try:
        return int(_totp(seed).match(plain, time=at, last_counter=last).counter)
    except TokenError:
        return None


def _totp(seed: str) -> Any:  # noqa: ANN401 - passlib carries no types
    return TOTP(key=secret(seed), format="raw")


def _hash(account_id: int, code: str) -> str:
    plain = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", code[:40]).upper())
    return _keyed("recovery", f"{account_id} {plain}").hex()


def _keyed(use: str, text: str) -> bytes:
    key = str(current_app.config["PODIUM_PASSWORD_SALT"])
    return hmac.digest(key.encode(), f"podium {use} {text}".encode(), hashlib.sha256)


def _note(
    session: Session, act: str, account_id: int, body: dict[str, Any], actor_id: int | None
) -> None:
    ledger.append(session, act=act, subject=f"account:{account_id}", body=body, actor_id=actor_id)


def of(account_id: int) -> bool:
    """Whether an account has a second factor."""
    return bool(has(db.session(), [account_id]))
