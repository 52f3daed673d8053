"""After an import: the entries of the skills that it touched are judged at once, skill by skill.

An entry's eligibility is a later state and never an error of the import (decisions 24), so a batch
counts as imported whatever comes of this. What takes time, judging, is done outside of the
transaction; each skill is written for itself, so that a run that was broken off begins anew and
finds what is done already the same. Skills without rules, or with locked entries, are passed over.
"""

from time import monotonic

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from competition import eligibility, entries_moved, entry_locks, ledger, roster_claims, skill_rules
from competition.among import among
from competition.database import db, writing
from competition.models import BatchState, Entry, EntryState, RosterBatch, RosterRow
from competition.moment import now
from competition.roster_claims import Claim

TELL_EVERY = 1.0  # seconds between two words of how far it is


def run(held: Claim) -> None:
    """The judging of a claimed batch, to its end."""
    actor_id = db.session.get_one(RosterBatch, held.batch_id).imported_by
    skills = _skills(db.session(), held.batch_id)
    db.session.remove()
    told = -TELL_EVERY
    for number, skill_id in enumerate(skills):
        if monotonic() - told >= TELL_EVERY:
            roster_claims.tell(held, "judge", number, len(skills))
            told = monotonic()
        _skill(held, skill_id, actor_id)
    with writing() as session:
        batch = roster_claims.ours(session, held)
        roster_claims.settle(batch, BatchState.IMPORTED, roster_claims.lasting(batch.counts))


def _skills(session: Session, batch_id: int) -> list[int]:
    """The skills with rules in which the batch made or changed an entry."""
    written = select(RosterRow.entry_id).where(
        RosterRow.batch_id == batch_id, RosterRow.before_sealed.is_not(None)
    )
    found = select(Entry.skill_id).where(Entry.id.in_(written)).distinct()
    return sorted(skill_rules.newest(session, session.scalars(found).all()))


def _skill(held: Claim, skill_id: int, actor_id: int | None) -> None:
    """Judge a skill. Who was approved stays so."""
    with Session(db.engine) as session:
        counts = skill_rules.current(session, skill_id)
        assert counts is not None  # rules are never taken back
        found = eligibility.verdicts(session, skill_id, counts)
        moves = [(its_id, before, after) for its_id, before, after in found if before != after]
    if not moves:
        return
    with writing() as session:
        entry_locks.hold(session)
        roster_claims.ours(session, held)
        if entry_locks.standings(session, now(), [skill_id])[skill_id].is_locked:
            return
        states = {
            str(entry_id): after.value
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
            subject = f"skill:{skill_id}"
            entries_moved.note(session, [skill_id], subject=subject, actor_id=actor_id)


def _moved(
    session: Session,
    moves: list[tuple[int, EntryState, EntryState]],
    before: EntryState,
    after: EntryState,
) -> list[int]:
    """Those that still were what they were looked at as; whoever changed one since judges it."""
    some = [its_id for its_id, *way in moves if way == [before, after]]
    moved = (
        update(Entry)
        .where(among(Entry.id, some), Entry.state == before)
        .values(state=after)
        .returning(Entry.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(session.scalars(moved))
