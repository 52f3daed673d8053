"""Tablets of the hall: give out a code, pair with it, let a judge in by PIN, hear, unpair.

A code is good once and for some minutes. It is 40 bits drawn at random, so that nobody finds one in
its time by guessing, from one address or from many; the view counts tries all the same.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competition import judge_photos, ledger, pins
from competition.database import db, writing
from competition.models import Account, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import cells, devices, on_duty, pairing
from judging.models import Device, HallTablet, PairingCode

LENGTH = 8
GOOD_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Given:
    """A pairing code, in the form people read; only who made it holds it."""

    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Paired:
    """A tablet that was just paired; `token` exists nowhere else."""

    number: int
    token: str
    skill: Skill


@dataclass(frozen=True, slots=True)
class LetIn:
    """A judge whose PIN was right. `token` is None where the tablet holds a good one already."""

    judge: Account
    token: str | None


def give_code(skill_id: int, *, actor_id: int) -> Given:
    """A code for one tablet of a skill."""
    plain = pairing.draw(LENGTH)
    at = now()
    with writing() as session:
        session.add(
            PairingCode(
                skill_id=skill_id,
                code_hash=pairing.hashed(plain),
                made_by=actor_id,
                at=at,
                until=at + GOOD_FOR,
            )
        )
    return Given(f"{plain[:4]}-{plain[4:]}", at + GOOD_FOR)


def still_good(session: Session, skill_id: int, code: str, *, made_by: int) -> Given | None:
    """A code as it was given to who asks for it again; None once it is used or too old."""
    until = session.scalar(
        select(PairingCode.until).where(
            PairingCode.code_hash == pairing.hashed(pairing.typed(code)),
            PairingCode.skill_id == skill_id,
            PairingCode.made_by == made_by,
            PairingCode.used_at.is_(None),
            PairingCode.until > now(),
        )
    )
    return None if until is None else Given(code, until)


def pair(code: str, *, name: str) -> Paired:
    """Pair the tablet that shows a code; refused when it is wrong, used or too old."""
    token = secrets.token_urlsafe(32)
    with writing() as session:
        found = session.scalar(
            select(PairingCode)
            .where(PairingCode.code_hash == pairing.hashed(pairing.typed(code)))
            .with_for_update()
        )
        at = now()
        if found is None or found.used_at is not None or found.until <= at:
            raise Refusal(
                "配对码不对、已用过或已过期，没有配对。请在裁判长工作台的“平板”页重新生成一个。",
                "The code is wrong, used or too old, so nothing was paired. Get a new one on the"
                " page “Tablets” of the desk.",
            )
        found.used_at = at
        skill = session.get_one(Skill, found.skill_id, with_for_update=True)
        tablet = HallTablet(
            skill_id=skill.id,
            number=_free_number(session, skill.id),
            name=name.strip()[:100],
            token_hash=pairing.hashed(token),
            paired_by=found.made_by,
            created_at=at,
            seen_at=at,
        )
        session.add(tablet)
        session.flush()
        _note(session, "tablet.pair", tablet, found.made_by)
        return Paired(tablet.number, token, skill)


def authenticate(token: str) -> HallTablet | None:
    """The tablet that holds `token`; None when it is unknown or was unpaired."""
    return db.session.scalar(
        select(HallTablet).where(
            HallTablet.token_hash == pairing.hashed(token), HallTablet.revoked_at.is_(None)
        )
    )


def here(tablet: HallTablet, *, waiting: int, version: str) -> None:
    """The tablet lives, holds so many unsent posts and runs this page. Written when it is news."""
    told = (max(0, min(waiting, devices.MOST_WAITING)), version[:40])
    fresh = now() - tablet.seen_at < devices.HEARD_EVERY
    if fresh and told == (tablet.waiting, tablet.version):
        return
    with writing() as session:
        values = {"seen_at": now(), "waiting": told[0], "version": told[1]}
        session.execute(update(HallTablet).where(HallTablet.id == tablet.id).values(values))


def let_in(tablet: HallTablet, judge_id: int, pin: str, *, held: str) -> LetIn:
    """Let a judge of the panel mark on a tablet, by PIN. `held` is the token that the tablet holds
    for this judge from before, if any; another one would only make its unsent file unreadable."""
    if not on_duty.is_on_duty(db.session(), tablet.skill_id, judge_id):
        raise Refusal(
            "此人不在该赛项的裁判组中，没有解锁。请联系裁判长。",
            "This person is not on the panel of the skill, so the tablet stays locked. Ask the"
            " chief judge.",
            status=403,
        )
    tablet_id, skill_id = tablet.id, tablet.skill_id
    pins.check(judge_id, pin, device=f"tablet:{tablet_id}")
    token = secrets.token_urlsafe(32)
    with writing() as session:
        tablet = session.get_one(HallTablet, tablet_id, with_for_update=True)
        if tablet.revoked_at is not None:
            raise devices.unpaired()
        device = session.scalar(
            select(Device)
            .where(
                Device.tablet_id == tablet_id,
                Device.account_id == judge_id,
                Device.revoked_at.is_(None),
            )
            .with_for_update()
        )
        judge = session.get_one(Account, judge_id)
        if device is not None and device.token_hash == pairing.hashed(held):
            return LetIn(judge, None)
        if device is not None:  # its token was lost with the tablet's memory
            device.revoked_at = now()
        device = Device(
            account_id=judge_id,
            skill_id=skill_id,
            tablet_id=tablet_id,
            name=tablet.name,
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
            body={"account": judge_id, "tablet": tablet_id},
            actor_id=judge_id,
            skill_id=skill_id,
        )
        return LetIn(judge, token)


def unpair(tablet_id: int, *, skill_id: int, actor_id: int) -> None:
    """Take a tablet out of use, with everybody's tokens on it; twice changes nothing. What it
    still holds stays on it, and what it posts from now on is set aside (`devices.out_of_use`)."""
    with writing() as session:
        tablet = session.get(HallTablet, tablet_id, with_for_update=True)
        if tablet is None or tablet.skill_id != skill_id:
            raise Refusal(
                "没有这台平板，没有改变。", "No such tablet; nothing was changed.", status=404
            )
        if tablet.revoked_at is not None:
            return
        at = now()
        tablet.revoked_at = at
        session.execute(
            update(Device)
            .where(Device.tablet_id == tablet_id, Device.revoked_at.is_(None))
            .values(revoked_at=at)
        )
        _note(session, "tablet.unpair", tablet, actor_id)


def of_skill(session: Session, skill_id: int) -> list[HallTablet]:
    """The tablets in use in a skill, by number."""
    found = (
        select(HallTablet)
        .where(HallTablet.skill_id == skill_id, HallTablet.revoked_at.is_(None))
        .order_by(HallTablet.number)
    )
    return list(session.scalars(found))


def panel(session: Session, skill_id: int) -> list[dict[str, Any]]:
    """The judges that a tablet shows as cards: who of them has a PIN, and the name of a photo."""
    ids = cells.panel_ids(session, skill_id)
    photos = judge_photos.of_accounts(session, ids)
    rows = session.execute(
        select(Account.id, Account.label).where(Account.id.in_(ids)).order_by(Account.id)
    )
    have = pins.has(session, ids)
    return [
        {"id": row.id, "label": row.label, "pin": row.id in have, "photo": photos.get(row.id)}
        for row in rows
    ]


def _free_number(session: Session, skill_id: int) -> int:
    taken = {tablet.number for tablet in of_skill(session, skill_id)}
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def _note(session: Session, act: str, tablet: HallTablet, actor_id: int) -> None:
    ledger.append(
        session,
        act=act,
        subject=f"tablet:{tablet.id}",
        body={"number": tablet.number},
        actor_id=actor_id,
        skill_id=tablet.skill_id,
    )
