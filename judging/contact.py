"""Read: the tablets of skills, when each was heard last, and what it said it had not sent.

The desk, the page of tablets and the command board all read it here, so that one tablet is never
silent on one page and in contact on another.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from competition.rules import browsers
from judging.models import Device, HallTablet


@dataclass(frozen=True, slots=True)
class Holder:
    """A judge who marks on a tablet: the id of their pairing, and the marks of theirs that it last
    said it had not sent."""

    device: int
    judge: str
    waiting: int


@dataclass(frozen=True, slots=True)
class Tablet:
    """A tablet of the hall with its number, or a browser that a judge signed in on, with none.

    `id` is that of its row, `version` the page that it runs, `waiting` what it holds of everybody,
    `pairer` and `paired_at` who took it into use (of the hall). Nobody may have marked on it yet.
    """

    id: int
    number: int | None
    name: str
    version: str
    judges: tuple[Holder, ...]
    seen_at: datetime | None
    waiting: int
    pairer: str
    paired_at: datetime

    def silent_minutes(self, at: datetime) -> int:
        """Whole minutes since it was heard."""
        return 0 if self.seen_at is None else (at - self.seen_at) // timedelta(minutes=1)


def of_skill(session: Session, skill_id: int) -> list[Tablet]:
    """The tablets in use in a skill: those of the hall by number, then the judges' own."""
    return of_skills(session, [skill_id]).get(skill_id, [])


def of_skills(session: Session, skill_ids: Sequence[int]) -> dict[int, list[Tablet]]:
    """Skill → its tablets, in two queries for all of them."""
    halls = session.scalars(
        select(HallTablet)
        .where(HallTablet.skill_id.in_(skill_ids), HallTablet.revoked_at.is_(None))
        .options(joinedload(HallTablet.pairer))
        .order_by(HallTablet.number)
    ).all()
    devices = session.scalars(
        select(Device)
        .where(Device.skill_id.in_(skill_ids), Device.revoked_at.is_(None))
        .options(joinedload(Device.account))
        .order_by(Device.id)
    ).all()
    on_it: dict[int | None, list[Device]] = defaultdict(list)
    for one in devices:
        on_it[one.tablet_id].append(one)
    found: dict[int, list[Tablet]] = {}
    for hall in halls:
        found.setdefault(hall.skill_id, []).append(_of_the_hall(hall, on_it[hall.id]))
    for one in on_it[None]:
        found.setdefault(one.skill_id, []).append(_own(one))
    return found


def _of_the_hall(row: HallTablet, devices: Sequence[Device]) -> Tablet:
    """While it is locked it speaks for itself, and a judge's marks speak for it as well: what was
    said last is true."""
    marked_at = max((one.seen_at for one in devices if one.seen_at), default=row.seen_at)
    waiting = row.waiting if row.seen_at >= marked_at else sum(one.waiting for one in devices)
    return Tablet(
        row.id,
        row.number,
        browsers.called(row.name),
        row.version,
        _holders(devices),
        max(row.seen_at, marked_at),
        waiting,
        row.pairer.label,
        row.created_at,
    )


def _own(row: Device) -> Tablet:
    name, label = browsers.called(row.name), row.account.label
    holders, at = _holders([row]), row.created_at
    return Tablet(row.id, None, name, row.version, holders, row.seen_at, row.waiting, label, at)


def _holders(devices: Iterable[Device]) -> tuple[Holder, ...]:
    return tuple(Holder(one.id, one.account.label, one.waiting) for one in devices)
