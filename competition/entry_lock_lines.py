"""Every skill with how its entries stand and what is still open in it, for the page of locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Executable, func, select
from sqlalchemy.orm import Session

from competition import entry_locks
from competition.models import (
    ChangeRequest,
    ChangeState,
    EligibilityException,
    Entry,
    EntryState,
    Skill,
)
from competition.rules.entry_lock import LockState, Standing


@dataclass(frozen=True, slots=True)
class LockLine:
    """One skill. `unjudged`, `requests` and `exceptions` would have to wait for an unlocking."""

    skill: Skill
    standing: Standing
    entries: int
    unjudged: int
    requests: int
    exceptions: int

    @property
    def is_settled(self) -> bool:
        """Nothing waits that a lock would hold up."""
        return not (self.unjudged or self.requests or self.exceptions)

    def fits(self, zone: str = "", state: str = "") -> bool:
        """Whether it is of a zone and stands so; words that mean nothing narrow nothing."""
        own = self.skill.zone.code if self.skill.zone else ""
        known = state in set(LockState)
        return (not zone or own == zone) and (not known or self.standing.state == state)


def lines(session: Session, skills: Sequence[Skill], at: datetime) -> list[LockLine]:
    """A line for each of the skills, in a handful of queries."""
    found = entry_locks.standings(session, at)
    stands = Entry.state != EntryState.WITHDRAWN
    counted = select(Entry.skill_id, func.count()).group_by(Entry.skill_id)
    entries = _counts(session, counted.where(stands))
    unjudged = _counts(session, counted.where(Entry.state == EntryState.ENTERED))
    asked = ChangeRequest.state == ChangeState.ASKED
    requests = _counts(
        session, counted.join(ChangeRequest, ChangeRequest.entry_id == Entry.id).where(asked)
    )
    open_ = EligibilityException.is_granted.is_(None)
    exceptions = _counts(
        session,
        counted.join(EligibilityException, EligibilityException.entry_id == Entry.id).where(open_),
    )
    return [
        LockLine(
            one,
            found[one.id],
            *(counts.get(one.id, 0) for counts in (entries, unjudged, requests, exceptions)),
        )
        for one in skills
    ]


def _counts(session: Session, query: Executable) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(query)}
