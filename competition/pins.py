"""PINs: set one, compare one, who has one.

A PIN is short, so tries are counted in the database, for all processes alike, and by account and
device (decisions 21): a try is written down before the PIN is compared, so that many at once are
as few as one after the other, and taken away again when it was right.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_security import hash_password, verify_password
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from competition import ledger
from competition.database import db, writing
from competition.founding import edition
from competition.models import Account, Pin, PinTry
from competition.moment import now
from competition.offload import offload
from competition.rules.refusal import Refusal

FORM = re.compile(r"[0-9]{4,8}")
RUNS = ("01234567890", "09876543210")
WINDOW = timedelta(minutes=15)
# Wrong tries within the window: at one account on one device, on one device, at one account.
TRIES, TRIES_OF_DEVICE, TRIES_AT_ACCOUNT = 5, 20, 20


@dataclass(frozen=True, slots=True)
class Proof:
    """That somebody's PIN was typed a moment ago; only `check` makes one."""

    account_id: int
    device: str


def set_(account_id: int, pin: str) -> None:
    """The holder's own PIN, instead of the one before."""
    plain = _plain(pin)
    if not FORM.fullmatch(plain):
        raise Refusal(
            "PIN 应为 4 至 8 位数字，没有设置。",
            "A PIN is 4 to 8 figures; it was not set.",
        )
    if len(set(plain)) == 1 or any(plain in run for run in RUNS):
        raise Refusal(
            "这个 PIN 太容易猜到（相同或连续的数字），没有设置。请换一个。",
            "This PIN is too easy to guess (one figure, or a run); it was not set. Choose another.",
        )
    kept = hashed(plain)
    with writing() as session:
        competition = edition(session)
        if competition is not None and competition.is_demo and has(session, [account_id]):
            raise Refusal(
                "演示账号的 PIN 是公开的，不能修改，什么都没有改变。",
                "The demo's PIN is everybody's and cannot be changed; nothing was changed.",
            )
        session.merge(Pin(account_id=account_id, hash=kept, at=now()))
        session.execute(delete(PinTry).where(PinTry.account_id == account_id))
        ledger.append(
            session,
            act="pin.set",
            subject=f"account:{account_id}",
            body={},
            actor_id=account_id,
        )


def check(account_id: int, pin: str, *, device: str) -> Proof:
    """Compare a PIN; gives the proof that verbs of signing ask for. Refuses a wrong one, and every
    one after too many. `device` is what it was typed on: "device:7", "sign_in:12"."""
    return check_any([account_id], pin, device=device)


def check_any(account_ids: Sequence[int], pin: str, *, device: str) -> Proof:
    """The same for one of several, the members of a team, of whom nobody says which it is: a wrong
    PIN counts at each of them."""
    tried = {one: _tried(one, device) for one in account_ids}
    kept = db.session.execute(
        select(Pin.account_id, Pin.hash)
        .join(Account, Account.id == Pin.account_id)
        .where(Pin.account_id.in_(account_ids), Account.active.is_(True))
    ).all()
    if not kept:
        raise Refusal(
            "此人还没有设置 PIN，没有通过。请本人在“我的账号”中设置。",
            "This person has no PIN yet, so it was not taken. They set one under “My account”.",
            status=403,
        )
    plain = _plain(pin)
    right = next((row for row in kept if offload(verify_password, plain, row.hash)), None)
    if right is None:
        raise Refusal(
            "PIN 不对，没有通过，什么都没有改变。请再输入一次。",
            "The PIN is wrong; nothing was changed. Type it once more.",
            status=403,
        )
    account_id = right.account_id
    with writing() as session:
        own = (PinTry.account_id == account_id) & (PinTry.id <= tried[account_id])
        others = PinTry.id.in_(set(tried.values()) - {tried[account_id]})
        session.execute(delete(PinTry).where(PinTry.device == device, own | others))
    return Proof(account_id, device)


def has(session: Session, account_ids: Collection[int]) -> set[int]:
    """Which of the accounts have a PIN."""
    found = select(Pin.account_id).where(Pin.account_id.in_(account_ids))
    return set(session.scalars(found))


def hashed(pin: str) -> str:
    """The argon2 hash of a PIN."""
    return str(offload(hash_password, pin))


def _tried(account_id: int, device: str) -> int:
    """Write a try down; refuses when there were too many."""
    at = now()
    with writing() as session:
        session.get(Account, account_id, with_for_update=True)  # one try after the other
        session.execute(delete(PinTry).where(PinTry.at <= at - WINDOW))
        here = (PinTry.account_id == account_id, PinTry.device == device)
        on_device, at_account = PinTry.device == device, PinTry.account_id == account_id
        full = (
            _count(session, *here) >= TRIES
            or _count(session, on_device) >= TRIES_OF_DEVICE
            or _count(session, at_account) >= TRIES_AT_ACCOUNT
        )
        if not full:
            row = PinTry(account_id=account_id, device=device[:64], at=at)
            session.add(row)
            session.flush()
            if _count(session, *here) == TRIES:
                ledger.append(
                    session,
                    act="pin.last_try",
                    subject=f"account:{account_id}",
                    body={"device": device[:64]},
                    actor_id=None,
                )
            return row.id
    raise Refusal(
        "PIN 输错次数太多，暂时不能再试，什么都没有改变。请 15 分钟后再试，或由本人重新设置 PIN。",
        "Too many wrong PINs, so none is taken for now; nothing was changed. Try again in 15"
        " minutes, or let the holder set a new PIN.",
        status=429,
    )


def _count(session: Session, *where: object) -> int:
    asked = select(func.count()).select_from(PinTry).where(*where)  # type: ignore[arg-type]
    return session.scalar(asked) or 0


def _plain(pin: str) -> str:
    return unicodedata.normalize("NFKC", pin[:20]).strip()  # a Chinese keyboard types wide figures
