"""The import of a batch: all rows that are ready in one transaction, or none.

What takes time, opening and sealing, is done before the transaction opens; in it the rows are set
against the database once more, for it may have moved since the dry run. What each row changed is
kept sealed with it, so that `roster_undo` can put it back:

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

from competition import answers, entry_locks, ledger, roster_claims, roster_reading
from competition.database import db, writing
from competition.models import BatchState, Delegation, RosterBatch, RosterRow, RowState
from competition.moment import now
from competition.prepared import Prepared
from competition.privacy import Vault, vault
from competition.roster_claims import Claim
from competition.roster_sealed import open_row, seal_row
from competition.roster_standing import registered
from competition.roster_writing import Seals, Written, write
from competition.rules.roster_against import Against, Outcome, against
from competition.rules.roster_headings import Header
from competition.rules.roster_known import Known
from competition.rules.roster_lexicon import Field
from competition.rules.roster_rows import Row

_DONE = Prepared(
    update(RosterRow)
    .where(RosterRow.id == bindparam("its_id"))
    .values(dict.fromkeys(("state", "person_id", "entry_id", "before_sealed")))
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
class _Ready:
    """The rows that are not wrong, opened, with everything that is slow done."""

    rows: list[Row]
    ids: dict[int, int]  # row number → its id
    header: Header
    known: Known
    own: str | None
    seals: Seals
    outcomes: dict[int, str] = field(default_factory=dict)


def run(held: Claim) -> None:
    """The import of a claimed batch, to its end."""
    roster_claims.tell(held, "prepare", 0, 0)
    safe = vault()
    ready = _prepared(db.session(), safe, held.batch_id)
    db.session.remove()
    roster_claims.tell(held, "import", 0, len(ready.rows))
    with writing() as session:
        batch = roster_claims.ours(session, held)
        alone(session)
        found = registered(session, safe, ready.rows, batch.stage_id)
        would = against(ready.rows, found, ready.known, ready.header, ready.own)
        written = write(session, safe, batch, ready.rows, would, seals=ready.seals)
        _keep_rows(session, safe, ready, would, written)
        answers.recount_touched(session, set(written.entries.values()))
        _end(session, batch, ready, would, written)


def alone(session: Session) -> None:
    """Until the transaction ends nobody else brings people in; on SQLite nobody writes anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    entry_locks.hold(session)


def _prepared(session: Session, safe: Vault, batch_id: int) -> _Ready:
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
    return _Ready(
        rows,
        ids,
        Header(mapping["header_row"] or 0, tuple(mapping["headings"]), columns, (), ()),
        roster_reading.known_by(session),
        None if batch.by_office or delegation is None else delegation.code,
        Seals.of(safe, rows),
        outcomes,
    )


def _keep_rows(
    session: Session,
    safe: Vault,
    ready: _Ready,
    would: dict[int, Against],
    written: Written,
) -> None:
    """Each imported row with what it changed; a row that turned out otherwise says so."""
    done: list[dict[str, Any]] = []
    otherwise: list[dict[str, Any]] = []
    for row in ready.rows:
        one = would[row.number]
        before = written.before.get(row.number)
        if before is not None:
            done.append(
                {
                    "its_id": ready.ids[row.number],
                    "state": one.outcome.value,
                    "person_id": written.people[row.number],
                    "entry_id": written.entries[row.number],
                    "before_sealed": before,
                }
            )
        elif str(one.outcome) != ready.outcomes[row.number]:
            otherwise.append(
                {
                    "id": ready.ids[row.number],
                    "state": str(one.outcome),
                    "sealed": seal_row(safe, row, one),
                }
            )
    if session.get_bind().dialect.name == "postgresql":
        if done:
            columns = {f"{name}s": [row[name] for row in done] for name in done[0]}
            session.execute(_DONE_AT_ONCE, columns)
    else:
        _DONE.many(session, done)
    if otherwise:
        session.execute(update(RosterRow), otherwise)


def _end(
    session: Session,
    batch: RosterBatch,
    ready: _Ready,
    would: dict[int, Against],
    written: Written,
) -> None:
    found = Counter(one.outcome for one in would.values())
    late = found[Outcome.WRONG]
    counts = roster_claims.lasting(batch.counts) | {
        **{str(outcome): found[outcome] for outcome in Outcome},
        "wrong": int(batch.counts.get("wrong", 0)) + late,
        "imported": found[Outcome.NEW] + found[Outcome.CHANGED],
        "people": written.new_people,
        "entries": written.new_entries,
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
