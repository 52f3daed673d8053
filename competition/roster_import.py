"""The import of a batch: all rows that are ready in one transaction, or none.

What takes time is done before the transaction opens: opening and sealing, setting the rows against
the database once more, for it may have moved since the dry run, and laying out what is written. In
the transaction only what was read is read again; where it moved meanwhile, the rest is done again
there. What each row changed is kept sealed with it, so that `roster_undo` can put it back:

    person    "new", or field → [before, after]
    entry     "new", or field → [before, after]
    member    "new", or field → [before, after]
    coaches   [before, after], lists of [name, affiliation, person]
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from competition import (
    answers,
    entries_moved,
    entry_locks,
    ledger,
    roster_claims,
    roster_reading,
)
from competition.among import among
from competition.database import db, writing
from competition.loading import Laid
from competition.models import BatchState, Delegation, Entry, RosterBatch, RosterRow, RowState
from competition.moment import now
from competition.prepared import Prepared
from competition.privacy import Vault, vault
from competition.roster_claims import Claim
from competition.roster_sealed import open_row, seal_row
from competition.roster_standing import registered
from competition.roster_writing import Into, Plan, Seals, plan, write
from competition.rules.roster_against import Outcome, against
from competition.rules.roster_headings import Header
from competition.rules.roster_known import Known
from competition.rules.roster_lexicon import Field
from competition.rules.roster_rows import Row
from competition.seen import Seen

_DONE_COLUMNS = ("its_id", "state", "person_id", "entry_id", "before_sealed")
_DONE = Prepared(
    update(RosterRow)
    .where(RosterRow.id == bindparam("its_id"))
    .values(dict.fromkeys(_DONE_COLUMNS[1:]))
)
# PostgreSQL takes 30,000 updates as one, from columns.
_DONE_AT_ONCE = text(
    "UPDATE roster_row SET state = given.state, person_id = given.person_id,"
    " entry_id = given.entry_id, before_sealed = given.before_sealed FROM unnest("
    " CAST(:its_ids AS integer[]), CAST(:states AS varchar[]), CAST(:person_ids AS integer[]),"
    " CAST(:entry_ids AS integer[]), CAST(:before_sealeds AS bytea[]))"
    " AS given(id, state, person_id, entry_id, before_sealed) WHERE roster_row.id = given.id"
)
_LOCK = 0x706F6469  # PostgreSQL: one import after the other


@dataclass(slots=True)
class _Opened:
    """The rows that are not wrong, opened and sealed anew: what depends on nothing else."""

    rows: list[Row]
    ids: dict[int, int]  # row number → its id
    header: Header
    known: Known
    own: str | None
    into: Into
    seals: Seals
    outcomes: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Work:
    """The rows set against the database, and all that is to be written of them, laid out."""

    plan: Plan
    outcomes: Counter[Outcome]
    done: Laid  # imported rows with what they changed
    otherwise: list[dict[str, Any]]  # rows that turned out otherwise than in the dry run


def run(held: Claim) -> None:
    """The import of a claimed batch, to its end."""
    roster_claims.tell(held, "prepare", 0, 0)
    safe = vault()
    opened = _opened(db.session(), safe, held.batch_id)
    roster_claims.tell(held, "prepare", 0, len(opened.rows))  # the lease goes on
    work = _work(db.session(), safe, opened)
    db.session.remove()
    roster_claims.tell(held, "import", 0, len(opened.rows))
    with writing() as session:
        batch = roster_claims.ours(session, held)
        alone(session)
        if not work.plan.seen.still_so(session):  # somebody was faster: once more, and for good
            work = _work(session, safe, opened)
        write(session, work.plan)
        _keep_rows(session, work)
        answers.recount_touched(session, work.plan.touched)
        _end(session, batch, work)


def alone(session: Session) -> None:
    """Until the transaction ends nobody else brings people in; on SQLite nobody writes anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    entry_locks.hold(session)


def _opened(session: Session, safe: Vault, batch_id: int) -> _Opened:
    batch = session.get_one(RosterBatch, batch_id, populate_existing=True)
    rows, ids, outcomes = [], {}, {}
    asked = select(RosterRow.id, RosterRow.number, RosterRow.state, RosterRow.sealed).where(
        RosterRow.batch_id == batch_id,
        RosterRow.state != RowState.WRONG,
        RosterRow.sealed.is_not(None),
    )
    for row_id, number, state, sealed in session.execute(asked.order_by(RosterRow.number)):
        rows.append(open_row(safe, number, sealed or b"").as_row())
        ids[number], outcomes[number] = row_id, state
    mapping = batch.mapping
    columns = {Field(what): int(column) for column, what in mapping["columns"].items()}
    delegation = (
        session.get(Delegation, batch.delegation_id) if batch.delegation_id is not None else None
    )
    return _Opened(
        rows,
        ids,
        Header(mapping["header_row"] or 0, tuple(mapping["headings"]), columns, (), ()),
        roster_reading.known_by(session),
        None if batch.by_office or delegation is None else delegation.code,
        Into(batch.stage_id, batch_id),
        Seals.of(safe, rows),
        outcomes,
    )


def _work(session: Session, safe: Vault, opened: _Opened) -> _Work:
    """Reads only. What an earlier look found about the rows is forgotten."""
    for row in opened.rows:
        row.findings.clear()
    seen = Seen(session)
    found = registered(seen, safe, opened.rows, opened.into.stage_id)
    would = against(opened.rows, found, opened.known, opened.header, opened.own)
    planned = plan(seen, safe, opened.into, opened.rows, would, seals=opened.seals)
    done: list[dict[str, Any]] = []
    otherwise: list[dict[str, Any]] = []
    for row in opened.rows:
        one, its_id = would[row.number], opened.ids[row.number]
        before = planned.before.pop(row.number, None)
        if before is not None:
            written = planned.people[row.number], planned.entries[row.number], before
            done.append(
                dict(zip(_DONE_COLUMNS, (its_id, one.outcome.value, *written), strict=True))
            )
        elif str(one.outcome) != opened.outcomes[row.number]:
            sealed = seal_row(safe, row, one)
            otherwise.append({"id": its_id, "state": str(one.outcome), "sealed": sealed})
    outcomes = Counter(one.outcome for one in would.values())
    return _Work(planned, outcomes, _DONE.laid_out(session.get_bind().dialect, done), otherwise)


def _keep_rows(session: Session, work: _Work) -> None:
    """Each imported row with what it changed; a row that turned out otherwise says so."""
    if session.get_bind().dialect.name == "postgresql":
        if work.done:
            columns = {f"{name}s": [row[name] for row in work.done] for name in _DONE_COLUMNS}
            session.execute(_DONE_AT_ONCE, columns)
    else:
        _DONE.send(session, work.done)
    if work.otherwise:
        session.execute(update(RosterRow), work.otherwise)


def _end(session: Session, batch: RosterBatch, work: _Work) -> None:
    found = work.outcomes
    late = found[Outcome.WRONG]
    counts = roster_claims.lasting(batch.counts) | {
        **{str(outcome): found[outcome] for outcome in Outcome},
        "wrong": int(batch.counts.get("wrong", 0)) + late,
        "imported": found[Outcome.NEW] + found[Outcome.CHANGED],
        "people": work.plan.new_people,
        "entries": work.plan.new_entries,
    }
    roster_claims.settle(batch, BatchState.JUDGING, counts)
    batch.imported_at = now()
    batch.file_sealed = batch.corrections_sealed = None
    if late:
        batch.sentence_zh = f"有 {late} 行在试导入之后变得不能导入，见各行的说明；其余已导入。"
        batch.sentence_en = (
            f"{late} rows could no longer be imported after the dry run; each says why. The others"
            " were imported."
        )
    body = {"delegation": batch.delegation_id, "office": batch.by_office, "counts": counts}
    ledger.append(
        session,
        act="roster.import",
        subject=f"roster:{batch.id}",
        body=body,
        actor_id=batch.imported_by,
    )
    skills = entries_moved.skills_of(session, among(Entry.id, set(work.plan.entries.values())))
    entries_moved.note(session, skills, subject=f"roster:{batch.id}", actor_id=batch.imported_by)
