"""Read: which sheets of a skill are closed to marks, and which were opened again after signing.

`Cells` holds both, so that the tablet's posts and every report go by the same answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from competition.models import Account
from judging.models import Reopening, SheetLock, Signature
from judging.rules.marks import Seen

Sheet = tuple[int, int]  # entry id, sub-criterion id


@dataclass(frozen=True, slots=True)
class Closed:
    """`signed`: sheets with a signature in force; `locked`: sub-criteria locked for all works;
    `reopened`: sheet → the last observation before it was opened again for the first time."""

    signed: frozenset[Sheet] = frozenset()
    locked: frozenset[int] = frozenset()
    reopened: Mapping[Sheet, int] = field(default_factory=dict)

    def is_closed(self, entry_id: int, sub_criterion_id: int) -> bool:
        """Whether a sheet takes no marks."""
        return self.why(entry_id, sub_criterion_id) is not None

    def why(self, entry_id: int, sub_criterion_id: int) -> str | None:
        """What closes it: the lock of its sub-criterion, which two people open, or a signature."""
        if sub_criterion_id in self.locked:
            return "locked"
        return "signed" if (entry_id, sub_criterion_id) in self.signed else None

    def has_star(self, entry_id: int, sub_criterion_id: int, seen: Iterable[Seen]) -> bool:
        """Whether a mark was given anew after its sheet had been signed off (features.md, L)."""
        after = self.reopened.get((entry_id, sub_criterion_id))
        return after is not None and any(one.id > after and one.source == "judge" for one in seen)


@dataclass(frozen=True, slots=True)
class Reopened:
    """That a sheet was opened again: `by`, the label of who asked for it, when, and why."""

    by: str
    at: datetime
    reason: str


def reopened(session: Session, skill_id: int, entry_id: int) -> dict[int, Reopened]:
    """Sub-criterion → how the sheet of a work was opened again for the last time."""
    rows = session.execute(
        select(Reopening.subs, Account.label, Reopening.agreed_at, Reopening.reason)
        .join(Account, Account.id == Reopening.asked_by)
        .where(
            Reopening.skill_id == skill_id,
            or_(Reopening.entry_id == entry_id, Reopening.entry_id.is_(None)),
            Reopening.agreed_at.is_not(None),
        )
        .order_by(Reopening.agreed_at, Reopening.id)
    )
    return {sub: Reopened(by, at, reason) for subs, by, at, reason in rows for sub in subs}


def read(session: Session, skill_id: int, entries: Iterable[int]) -> Closed:
    """As this transaction sees it; `entries`: the works that are asked about."""
    return read_all(session, {skill_id: entries})[skill_id]


def read_all(session: Session, entries: Mapping[int, Iterable[int]]) -> dict[int, Closed]:
    """Skill → the same; `entries`: skill → its works. In as many queries as for one."""
    signed = session.execute(
        select(Signature.skill_id, Signature.entry_id, Signature.sub_criterion_id).where(
            Signature.skill_id.in_(entries), Signature.reopening_id.is_(None)
        )
    )
    locked = session.execute(
        select(SheetLock.skill_id, SheetLock.sub_criterion_id).where(
            SheetLock.skill_id.in_(entries), SheetLock.reopening_id.is_(None)
        )
    )
    opened = session.execute(
        select(Reopening.skill_id, Reopening.entry_id, Reopening.subs, Reopening.after)
        .where(Reopening.skill_id.in_(entries), Reopening.agreed_at.is_not(None))
        .order_by(Reopening.id)
    )
    sheets: dict[int, set[Sheet]] = {one: set() for one in entries}
    subs: dict[int, set[int]] = {one: set() for one in entries}
    reopened: dict[int, dict[Sheet, int]] = {one: {} for one in entries}
    for skill, entry, sub in signed:
        sheets[skill].add((entry, sub))
    for skill, sub in locked:
        subs[skill].add(sub)
    for skill, entry, opened_subs, after in opened:
        for one in entries[skill] if entry is None else (entry,):
            for sub in opened_subs:
                reopened[skill].setdefault((one, sub), after or 0)
    return {
        one: Closed(frozenset(sheets[one]), frozenset(subs[one]), reopened[one]) for one in entries
    }
