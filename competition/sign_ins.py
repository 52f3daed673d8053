"""Sign-ins: open one, know it again, end it; who may sign in at all; looking as somebody else.

The key of a sign-in is given out once, to the browser's session; only its SHA-256 is kept, and the
same for the token by which a browser is known again another time.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session, joinedload

from competition import ledger
from competition.database import db, writing
from competition.models import Account, Competition, Door, Role, SignIn
from competition.moment import now
from competition.rules.refusal import Refusal

LASTS = timedelta(hours=16)  # without being heard of: a day in the hall, and no night
HEARD_EVERY = timedelta(minutes=5)  # a sign-in that is used is written down this often
OUTSIDE = (Role.TEAM_LEADER, Role.COMPETITOR)


def open_(account_id: int, *, how: str, device: str, token: str, proved: bool) -> str:
    """Let a browser in; gives the key that it will show. `token` is the browser's own."""
    key = secrets.token_urlsafe(32)
    at = now()
    with writing() as session:
        row = SignIn(
            account_id=account_id,
            key_hash=hashed(key),
            device_hash=hashed(token),
            device=device[:60],
            how=how,
            at=at,
            seen_at=at,
            proved_at=at if proved else None,
        )
        session.add(row)
        session.flush()
        body = {"account": account_id, "how": how, "second_factor": proved}
        ledger.append(
            session,
            act="sign_in.open",
            subject=f"sign_in:{row.id}",
            body=body,
            actor_id=account_id,
        )
    return key


def find(key: str, at: datetime) -> SignIn | None:
    """The sign-in that holds `key`, while it is in force and its account is open. One that looks
    on as somebody else is none any more once its holder no longer organises."""
    if not key:
        return None
    row = db.session.scalar(
        select(SignIn)
        .where(
            SignIn.key_hash == hashed(key),
            SignIn.ended_at.is_(None),
            SignIn.seen_at > at - LASTS,
        )
        .options(joinedload(SignIn.account))
    )
    if row is None or not row.account.active:
        return None
    if row.seen_as_id is not None and not _organises(row.account, at):
        return None
    return row


def _organises(account: Account, at: datetime) -> bool:
    return any(grant.role == Role.ORGANISER and grant.holds(at) for grant in account.grants)


def heard(row: SignIn, at: datetime) -> None:
    """A browser was heard of. Written only when that is news."""
    if at - row.seen_at < HEARD_EVERY:
        return
    with writing() as session:
        session.execute(update(SignIn).where(SignIn.id == row.id).values(seen_at=at))


def of_account(session: Session, account_id: int, at: datetime) -> list[SignIn]:
    """The sign-ins of an account that are in force, the one heard of last first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(_in_force(account_id, at))
            .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        )
    )


def knows(username: str, token: str) -> bool:
    """Whether a browser has been let in under this name before."""
    asked = (
        select(SignIn.id)
        .join(Account, Account.id == SignIn.account_id)
        .where(SignIn.device_hash == hashed(token), Account.username == username)
    )
    return db.session.scalar(asked.limit(1)) is not None


def end(sign_in_id: int, account_id: int, *, actor_id: int) -> None:
    """End one sign-in of an account; ending it twice changes nothing."""
    with writing() as session:
        row = session.get(SignIn, sign_in_id)
        if row is None or row.account_id != account_id:
            raise Refusal(
                "没有这次登录，什么都没有改变。请刷新页面。",
                "There is no such sign-in; nothing was changed. Reload the page.",
                status=404,
            )
        if row.ended_at is None:
            _end(session, [row], actor_id)


def end_all(account_id: int, *, but: int | None = None, actor_id: int | None) -> int:
    """End the sign-ins of an account, but for one; gives how many were ended."""
    with writing() as session:
        return end_all_in(session, account_id, but=but, actor_id=actor_id)


def end_all_in(
    session: Session, account_id: int, *, but: int | None = None, actor_id: int | None
) -> int:
    """The same inside the caller's transaction."""
    rows = [
        row
        for row in session.scalars(select(SignIn).where(_in_force(account_id, now())))
        if row.id != but
    ]
    _end(session, rows, actor_id)
    return len(rows)


def set_door(door: Door, *, actor_id: int) -> None:
    """Say who may sign in from now on. Whoever is in stays in."""
    with writing() as session:
        competition = session.scalars(select(Competition)).first()
        if competition is None or competition.door == door:
            return
        competition.door = door
        ledger.append(
            session,
            act="competition.door",
            subject=f"competition:{competition.id}",
            body={"door": door.value},
            actor_id=actor_id,
        )


def refuse_at_door(account: Account) -> None:
    """Refuse whom the door is closed to."""
    competition = db.session.scalars(select(Competition)).first()
    door = competition.door if competition is not None else Door.EVERYBODY
    at = now()
    roles = {grant.role for grant in account.grants if grant.holds(at)}
    open_to = {
        Door.EVERYBODY: True,
        Door.STAFF: bool(roles.difference(OUTSIDE)),
        Door.ORGANISERS: _organises(account, at),
    }
    if not open_to[Door(door)]:
        raise Refusal(
            "组织者已暂停此类账号登录，没有登录。已登录的设备不受影响；请向秘书处询问何时恢复。",
            "The organiser has closed sign-in for accounts like this one; you are not signed in."
            " Devices that are signed in stay so. Ask the secretariat when it opens again.",
            status=403,
        )


def look_as(sign_in_id: int, account_id: int | None, *, actor_id: int) -> None:
    """Look at the site as somebody else, reading only; None: as oneself again."""
    with writing() as session:
        row = session.get_one(SignIn, sign_in_id)
        if row.seen_as_id == account_id:
            return
        if account_id == actor_id or (account_id and session.get(Account, account_id) is None):
            raise Refusal(
                "没有这个账号，或这就是您自己的账号，什么都没有改变。",
                "There is no such account, or it is your own; nothing was changed.",
            )
        seen = account_id if account_id is not None else row.seen_as_id
        row.seen_as_id = account_id
        ledger.append(
            session,
            act="look_as.begin" if account_id is not None else "look_as.end",
            subject=f"account:{seen}",
            body={"sign_in": row.id, "as": seen},
            actor_id=actor_id,
        )


def hashed(key: str) -> str:
    """What is kept of a key or a token."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _in_force(account_id: int, at: datetime) -> ColumnElement[bool]:
    return and_(
        SignIn.account_id == account_id,
        SignIn.ended_at.is_(None),
        SignIn.seen_at > at - LASTS,
    )


def _end(session: Session, rows: list[SignIn], actor_id: int | None) -> None:
    if not rows:
        return
    at = now()
    for row in rows:
        row.ended_at, row.ended_by, row.seen_as_id = at, actor_id, None
    ledger.append(
        session,
        act="sign_in.end",
        subject=f"account:{rows[0].account_id}",
        body={"sign_ins": [row.id for row in rows]},
        actor_id=actor_id,
    )
