"""Which sheet is open on which tablet: so that two judges know of each other before they differ.

It decides nothing about marks: whatever both enter is taken and kept (decisions 5).
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from competition.database import db, writing
from competition.models import Account, Entry
from competition.moment import now
from competition.rules.refusal import Refusal
from judging.devices import Tablet
from judging.models import Aspect, Criterion, Device, HallTablet, OpenedSheet, Scheme, SubCriterion

WRITTEN_EVERY = timedelta(seconds=50)  # an open sheet says so only now and then
THERE_FOR = timedelta(seconds=150)  # and counts as open that long
WAYS = ("mark", "watch", "take")


@dataclass(frozen=True, slots=True)
class Other:
    """Another tablet on the same sheet; `number` of a tablet of the hall."""

    label: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Present:
    """How this tablet has a sheet open, who took it over, and who else is marking it."""

    watching: bool
    taken_by: str | None
    others: tuple[Other, ...]


def open_(tablet: Tablet, code: str, sub_id: int, way: str) -> Present:
    """The sheet of `code` and `sub_id` is open on a tablet. `way`: "mark", "watch", "take" (every
    other tablet then watches), or "" for as before; a sheet that was just opened is marked."""
    session = db.session()
    found = session.execute(
        select(Entry.id, SubCriterion.id)
        .join(Scheme, Scheme.skill_id == Entry.skill_id)
        .join(Criterion, Criterion.scheme_id == Scheme.id)
        .join(SubCriterion, SubCriterion.criterion_id == Criterion.id)
        .where(Entry.skill_id == tablet.skill_id, Entry.code == code, SubCriterion.id == sub_id)
        .where(select(Aspect.id).where(Aspect.sub_criterion_id == sub_id).exists())
    ).first()
    if found is None or way not in (*WAYS, ""):
        raise Refusal(
            "该赛项没有这张评分表。请刷新页面。",
            "This skill has no such sheet. Reload the page.",
            status=404,
        )
    entry_id = found[0]
    mine = session.get(OpenedSheet, tablet.id)
    same = mine is not None and (mine.entry_id, mine.sub_criterion_id) == (entry_id, sub_id)
    fresh = same and mine is not None and now() - mine.seen_at < WRITTEN_EVERY
    if way or not fresh:
        _write(tablet, entry_id, sub_id, way)
    return _present(db.session(), tablet, entry_id, sub_id)


def close(tablet: Tablet) -> None:
    """No sheet is open on the tablet any more."""
    if db.session.get(OpenedSheet, tablet.id) is None:
        return
    with writing() as session:
        session.execute(delete(OpenedSheet).where(OpenedSheet.device_id == tablet.id))


def _write(tablet: Tablet, entry_id: int, sub_id: int, way: str) -> None:
    with writing() as session:
        at = now()
        row = session.get(OpenedSheet, tablet.id, populate_existing=True)
        if row is None or (row.entry_id, row.sub_criterion_id) != (entry_id, sub_id):
            row = session.merge(
                OpenedSheet(
                    device_id=tablet.id,
                    entry_id=entry_id,
                    sub_criterion_id=sub_id,
                    watching=False,
                    taken_by=None,
                    since=at,
                    seen_at=at,
                )
            )
        row.seen_at = at
        if way:
            row.watching, row.taken_by = way == "watch", None
        if way == "take":
            others = update(OpenedSheet).where(
                OpenedSheet.entry_id == entry_id,
                OpenedSheet.sub_criterion_id == sub_id,
                OpenedSheet.device_id != tablet.id,
            )
            session.execute(others.values(watching=True, taken_by=tablet.account_id))


def _present(session: Session, tablet: Tablet, entry_id: int, sub_id: int) -> Present:
    rows = session.execute(
        select(OpenedSheet, Account.label, HallTablet.number)
        .join(Device, Device.id == OpenedSheet.device_id)
        .join(Account, Account.id == Device.account_id)
        .outerjoin(HallTablet, HallTablet.id == Device.tablet_id)
        .where(
            OpenedSheet.entry_id == entry_id,
            OpenedSheet.sub_criterion_id == sub_id,
            OpenedSheet.seen_at > now() - THERE_FOR,
            Device.revoked_at.is_(None),
        )
        .order_by(OpenedSheet.since)
    ).all()
    mine = next((row for row, _label, _number in rows if row.device_id == tablet.id), None)
    taker = session.get(Account, mine.taken_by) if mine and mine.taken_by else None
    others = tuple(
        Other(label, number)
        for row, label, number in rows
        if row.device_id != tablet.id and not row.watching
    )
    return Present(mine is not None and mine.watching, taker.label if taker else None, others)
