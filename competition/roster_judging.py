"""After an import: the entries of the skills that it touched are judged at once, skill by skill.

An entry's eligibility is a later state and never an error of the import (decisions 24), so a batch
counts as imported whatever comes of this. What takes time, judging, is done outside of the
transaction; each skill is written for itself, so that a run that was broken off begins anew and
finds what is done already the same. Skills without rules, or with locked entries, are passed over.
"""

from collections.abc import Iterator

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competition import eligibility, entry_locks, ledger, roster_claims
from competition.database import db, writing
from competition.models import BatchState, Entry, EntryState, RosterBatch, RosterRow
from competition.moment import now
from competition.roster_claims import Claim
from competition.roster_standing import among, chunks
from competition.rules import eligibility as rules


def run(held: Claim) -> None:
    """The judging of a claimed batch, to its end."""
    actor_id = db.session.get_one(RosterBatch, held.batch_id).imported_by
    skills = _skills(db.session(), held.batch_id)
    db.session.remove()
    for number, skill_id in enumerate(skills):
        roster_claims.tell(held, "judge", number, len(skills))
        _skill(held, skill_id, actor_id)
    with writing() as session:
        batch = roster_claims.ours(session, held)
        roster_claims.settle(batch, BatchState.IMPORTED, roster_claims.lasting(batch.counts))


def _skills(session: Session, batch_id: int) -> list[int]:
    """The skills in which the batch made or changed an entry."""
    written = select(RosterRow.entry_id).where(
        RosterRow.batch_id == batch_id, RosterRow.before_sealed.is_not(None)
    )
    found = select(Entry.skill_id).where(Entry.id.in_(written)).distinct()
    return sorted(session.scalars(found))


def _skill(held: Claim, skill_id: int, actor_id: int | None) -> None:
    with Session(db.engine) as session:
        moves = list(_moves(session, skill_id))
    if not moves:
        return
    with writing() as session:
        entry_locks.hold(session)
        roster_claims.ours(session, held)
        if entry_locks.standings(session, now(), [skill_id])[skill_id].is_locked:
            return
        states = {
            str(entry_id): after
            for before, after in sorted({move[1:] for move in moves})
            for entry_id in _moved(session, moves, before, after)
        }
        if states:
            ledger.append(
                session,
                act="eligibility.judge",
                subject=f"skill:{skill_id}",
                body={"states": states, "roster": held.batch_id},
                actor_id=actor_id,
            )


def _moves(session: Session, skill_id: int) -> Iterator[tuple[int, str, str]]:
    """Entries whose state would be another one: before and after. Who was approved stays so."""
    for one in eligibility.judged(session, skill_id):
        if one.reasons and one.entry.state in eligibility.OPEN:
            fits = rules.eligible(one.reasons)
            after = EntryState.ELIGIBLE if fits else EntryState.NOT_ELIGIBLE
            if one.entry.state != after:
                yield one.entry.id, one.entry.state, after.value


def _moved(
    session: Session, moves: list[tuple[int, str, str]], before: str, after: str
) -> list[int]:
    """Those that still were what they were looked at as; whoever changed one since judges it."""
    found: list[int] = []
    for some in chunks(entry_id for entry_id, *way in moves if way == [before, after]):
        moved = (
            update(Entry)
            .where(among(Entry.id, some), Entry.state == before)
            .values(state=after)
            .returning(Entry.id)
            .execution_options(synchronize_session=False)
        )
        found += session.scalars(moved)
    return sorted(found)
