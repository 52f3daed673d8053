"""Read: entries that disagree, side by side: who gave what, on which tablet, when by the tablet's
clock and when it reached the server, and what the tablet showed at that moment.

For the chief judge's desk: judges and tablets by name, works by code. A vote shows only once its
round is over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from competition.rules import browsers
from judging import desk
from judging.cells import Cells
from judging.models import Device, Observation
from judging.rules.marks import Measured
from judging.rules.scheme import two_decimals

SKEWED = timedelta(minutes=2)  # a tablet's clock that is further off is said to be


@dataclass(frozen=True, slots=True)
class Before:
    """What a tablet showed when its judge tapped."""

    text: str
    judge: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """One entry. `text`: what was given, "" while it is sealed; `number`: of the hall's tablet;
    `before`: what it was given on top of, None where nothing stood; `is_late`: it reached the
    server long after it was given, or the tablet's clock is wrong."""

    id: int
    value: int | None
    text: str
    observed: str
    judge: str
    tablet: str
    number: int | None
    device_at: datetime | None
    at: datetime
    before: Before | None
    reason: str
    decides: bool

    @property
    def is_late(self) -> bool:
        return self.device_at is not None and abs(self.at - self.device_at) >= SKEWED


def of_measurement(session: Session, measured: Measured) -> list[list[Side]]:
    """The entries that contradict each other, those of one value together: the value that counts
    now comes first, the others in the order in which they came."""
    numbers = [one.id for one in (measured.head, *measured.differing) if one is not None]
    by_value: dict[int | None, list[Side]] = {}
    for side in _sides(session, numbers, {}):
        by_value.setdefault(side.value, []).append(side)
    return list(by_value.values())


def of_set_aside(
    session: Session, found: Cells, row: Observation, posted: Mapping[str, Any]
) -> tuple[Side, list[Side]]:
    """A post that was set aside, and what counts in its place now: the value of a measurement, the
    judge's own vote once its round is over. `posted`: what was given, as far as it may be seen
    (`desk_needs.posted`)."""
    standing: list[int] = []
    told: dict[int, str] = {}
    given = row.aspect_id or 0
    aspect = found.former.aspects.get(given, given)
    mark = found.mark(row.entry_id, aspect)
    if mark is not None and mark.measured is not None:
        standing = [one.id for one in (mark.measured.head, *mark.measured.differing) if one]
    else:
        told[row.id] = posted["value"]
    if mark is not None and mark.ballot is not None and mark.ballot.complete:
        seen = found.works[row.entry_id or 0].seen.get(aspect, ())
        own = [one for one in seen if one.judge == row.judge_id and one.value is not None]
        standing = [own[-1].id] if own else []
        told |= {one.id: str(one.value) for one in own[-1:]}
    (aside,), others = _sides(session, [row.id], told), _sides(session, standing, told)
    # A reason tells the vote as surely as the number: "I give 3 because …".
    return replace(aside, reason="") if posted["sealed"] else aside, others


def _sides(session: Session, numbers: Sequence[int], told: Mapping[int, str]) -> list[Side]:
    """Observations in this order; `told`: what they gave, where it is no measurement."""
    rows = {
        row.id: row
        for row in session.scalars(select(Observation).where(Observation.id.in_(numbers)))
    }
    bases = {
        row.id: row
        for row in session.scalars(
            select(Observation).where(Observation.id.in_([one.base_id for one in rows.values()]))
        )
    }
    judges = [one.judge_id for one in (*rows.values(), *bases.values()) if one.judge_id]
    names = desk.names(session, judges)
    devices = {
        one.id: one
        for one in session.scalars(
            select(Device)
            .where(Device.id.in_([one.device_id for one in rows.values()]))
            .options(joinedload(Device.tablet))
        )
    }
    return [_side(rows[one], bases, names, devices, told.get(one)) for one in numbers]


def _side(
    row: Observation,
    bases: Mapping[int, Observation],
    names: Mapping[int, str],
    devices: Mapping[int, Device],
    told: str | None,
) -> Side:
    device, base = devices.get(row.device_id or 0), bases.get(row.base_id or 0)
    return Side(
        id=row.id,
        value=row.value,
        text=_text(row) if told is None else told,
        observed=row.observed or "" if told is None else "",
        judge=names.get(row.judge_id or 0, ""),
        tablet=browsers.called(device.name) if device else "",
        number=device.tablet.number if device and device.tablet else None,
        device_at=row.device_at,
        at=row.at,
        before=None if base is None else _before(base, names, sealed=told is not None),
        reason=row.reason,
        decides=row.decides,
    )


def _before(base: Observation, names: Mapping[int, str], *, sealed: bool) -> Before:
    return Before("" if sealed else _text(base), names.get(base.judge_id or 0, ""), base.at)


def _text(row: Observation) -> str:
    return "" if row.value is None else two_decimals(row.value)
