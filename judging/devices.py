"""Tablets: pair one with a judge and a skill, know it again, hear from it, revoke it (decisions 7).

The token is given out once, at pairing; only its SHA-256 is kept.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session, joinedload

from competition import ledger
from competition.database import UTCDateTime, db, writing
from competition.models import Account, Skill
from competition.moment import now
from competition.prepared import Prepared
from competition.rules.refusal import Refusal
from judging import pairing
from judging.models import Device, HallTablet

HEARD_EVERY = timedelta(seconds=10)  # a tablet that says nothing new is written down this often
MOST_WAITING = 1_000_000


@dataclass(frozen=True, slots=True)
class Paired:
    """A new pairing; `token` exists nowhere else."""

    device_id: int
    token: str


def pair(account_id: int, skill_id: int, *, name: str) -> Paired:
    """Pair a browser with a judge for one skill."""
    token = secrets.token_urlsafe(32)
    with writing() as session:
        device = Device(
            account_id=account_id,
            skill_id=skill_id,
            name=name.strip()[:100],
            token_hash=pairing.hashed(token),
            created_at=now(),
            seen_at=now(),
        )
        session.add(device)
        session.flush()
        ledger.append(
            session,
            act="device.pair",
            subject=f"device:{device.id}",
            body={"account": account_id},
            actor_id=account_id,
            skill_id=skill_id,
        )
        return Paired(device.id, token)


@dataclass(frozen=True, slots=True)
class Tablet:
    """A paired tablet as its token names it: whose, and for which skill."""

    id: int
    account_id: int
    skill_id: int


_device, _account = Device.__table__, Account.__table__
_tablet = HallTablet.__table__
_WITH_TOKEN = (
    select(_device.c.id, _device.c.account_id, _device.c.skill_id)
    .join_from(_device, _account, _account.c.id == _device.c.account_id)
    .where(_device.c.token_hash == bindparam("hash"), _account.c.active.is_(True))
)
_BY_TOKEN = Prepared(_WITH_TOKEN.where(_device.c.revoked_at.is_(None)))
_UNPAIRED = _WITH_TOKEN.where(
    _device.c.tablet_id == _tablet.c.id, _tablet.c.revoked_at == _device.c.revoked_at
)
_SAID = Prepared(
    select(_device.c.id).where(
        _device.c.id == bindparam("its_id"),
        _device.c.seen_at > bindparam("since", type_=UTCDateTime),
        _device.c.waiting == bindparam("held"),
    )
)
_HEARD = Prepared(
    update(Device)
    .where(
        Device.id == bindparam("its_id"),
        Device.revoked_at.is_(None),
        exists().where(Account.id == Device.account_id, Account.active.is_(True)),
    )
    .values(seen_at=bindparam("now", type_=UTCDateTime), waiting=bindparam("held"))
)


def unpaired() -> Refusal:
    """What a tablet is told whose token does not count, or no longer."""
    return Refusal(
        "这台平板没有配对或配对已失效。评分都保留在平板上，请重新登录后自动续传。",
        "This tablet is not paired, or no longer. Its marks are kept on it: sign in again and"
        " they are sent by themselves.",
        status=401,
    )


def out_of_use(token: str) -> Tablet | None:
    """The tablet of the hall that held `token` before it was unpaired. What it still posts is kept,
    set aside (decisions 6); it reads nothing. None for every other token."""
    row = db.session.execute(_UNPAIRED, {"hash": pairing.hashed(token)}).first()
    return Tablet(*row) if row is not None else None


def authenticate(token: str) -> Tablet | None:
    """The tablet that holds `token`; None when it is unknown, revoked or the judge's account is
    closed."""
    row = _BY_TOKEN.first(db.session(), {"hash": pairing.hashed(token)})
    return Tablet(*row) if row is not None else None


def _held(waiting: int) -> int:
    return max(0, min(waiting, MOST_WAITING))


def heard(session: Session, device_id: int, waiting: int) -> None:
    """Inside the transaction of a post: the tablet lives, and how many marks it still holds.
    Refused when it was revoked meanwhile or the judge's account is closed."""
    given = {"its_id": device_id, "now": now(), "held": _held(waiting)}
    if not _HEARD.changed(session, given):
        raise unpaired()


def heartbeat(tablet: Tablet, *, waiting: int, version: str = "") -> None:
    """A tablet that posts nothing says that it lives, and which page it runs. Written only when
    that is news."""
    known = {"its_id": tablet.id, "since": now() - HEARD_EVERY, "held": _held(waiting)}
    if _SAID.first(db.session(), known) is not None:
        return
    with writing() as session:
        heard(session, tablet.id, waiting)
        if version:
            runs = update(Device).where(Device.id == tablet.id, Device.version != version)
            session.execute(runs.values(version=version))


def revoke(device_id: int, *, actor_id: int) -> None:
    """Take a tablet out of use, a lost one for example; doing it twice changes nothing."""
    with writing() as session:
        device = session.get(Device, device_id)
        if device is None or session.get(Skill, device.skill_id) is None:
            raise Refusal(
                "没有这台平板，没有改变。", "No such tablet; nothing was changed.", status=404
            )
        if device.revoked_at is not None:
            return
        device.revoked_at = now()
        ledger.append(
            session,
            act="device.revoke",
            subject=f"device:{device_id}",
            body={"account": device.account_id},
            actor_id=actor_id,
            skill_id=device.skill_id,
        )


def of_skill(skill_id: int) -> list[Device]:
    """The tablets in use in a skill, the one heard from last first."""
    found = (
        select(Device)
        .where(Device.skill_id == skill_id, Device.revoked_at.is_(None))
        .options(joinedload(Device.account))
        .order_by(Device.seen_at.desc())
    )
    return list(db.session.scalars(found))
