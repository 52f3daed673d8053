"""The dry run: a batch's file is opened, checked and set against what is registered.

Nothing of it is written but the batch's own rows. Everything that takes time happens outside of a
transaction; the rows go in by pieces, and a run that was broken off begins anew.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from competition import roster_batches, roster_claims, roster_reading, spreadsheet
from competition.database import db, writing
from competition.loading import Load
from competition.models import BatchState, Delegation, RosterBatch, RosterRow
from competition.moment import now
from competition.privacy import Vault, vault
from competition.roster_claims import Claim
from competition.roster_sealed import as_list, open_file, open_typed, seal_row
from competition.roster_standing import registered
from competition.rules.roster import Asked, Checked
from competition.rules.roster_against import Against, Outcome, against
from competition.rules.roster_rows import Row
from competition.seen import Seen

AT_ONCE = 5000  # rows in one transaction
_ROWS = Load(RosterRow, ("batch_id", "number", "state", "warnings", "sealed"))


@dataclass(slots=True)
class Looked:
    """What a dry run found."""

    checked: Checked
    would: dict[int, Against]

    def counts(self) -> dict[str, int]:
        """How many rows are what; a file that cannot be taken has no rows that are anything."""
        found = Counter(str(one.outcome) for one in self.would.values())
        warned = sum(not one.is_error for row in self.checked.rows for one in row.findings)
        return {
            "rows": len(self.checked.rows),
            **{outcome.value: found[outcome.value] for outcome in Outcome},
            "warnings": warned,
        }


def run(held: Claim) -> None:
    """The dry run of a claimed batch, to its end."""
    roster_claims.tell(held, "open", 0, 0)
    session = db.session()
    batch = session.get_one(RosterBatch, held.batch_id, populate_existing=True)
    safe = vault()
    looked = look(session, safe, batch)
    chosen = batch.mapping
    db.session.remove()  # sealing takes its time, and no transaction is open meanwhile
    rows = [] if looked.checked.is_wrong else looked.checked.rows
    roster_claims.tell(held, "write", 0, len(rows))
    with writing() as verb:
        roster_claims.ours(verb, held)
        verb.execute(delete(RosterRow).where(RosterRow.batch_id == held.batch_id))
    for start in range(0, len(rows), AT_ONCE):
        piece = rows[start : start + AT_ONCE]
        sealed = [_sealed(safe, held.batch_id, row, looked.would[row.number]) for row in piece]
        with writing() as verb:
            roster_claims.ours(verb, held)
            _ROWS.rows(verb, sealed)
        roster_claims.tell(held, "write", start + len(piece), len(rows))
    with writing() as verb:
        batch = roster_claims.ours(verb, held)
        batch.mapping = chosen | _mapping(looked.checked)
        batch.sentence_zh = batch.sentence_en = ""
        roster_claims.settle(batch, BatchState.READY, looked.counts())


def look(session: Session, safe: Vault, batch: RosterBatch) -> Looked:
    """Open, check and compare, reading only."""
    assert batch.file_sealed is not None
    sheets = spreadsheet.open_bytes(open_file(safe, batch.file_sealed))
    asked = _asked(session, safe, batch)
    checked = roster_reading.check(sheets, asked)
    if checked.header is None or checked.is_wrong:
        return Looked(checked, {})
    found = registered(Seen(session), safe, checked.rows, batch.stage_id)
    own = None if batch.by_office else asked.own
    would = against(checked.rows, found, asked.known, checked.header, own)
    return Looked(checked, would)


def _asked(session: Session, safe: Vault, batch: RosterBatch) -> Asked:
    delegation = (
        session.get(Delegation, batch.delegation_id) if batch.delegation_id is not None else None
    )
    chosen = batch.mapping.get("chosen")
    return Asked(
        known=roster_reading.known_by(session),
        as_of=now().date(),
        own=delegation.code if delegation is not None else None,
        only_own=not batch.by_office,
        remembered=roster_batches.remembered(session, batch.delegation_id),
        chosen={int(column): what for column, what in chosen.items()} if chosen else None,
        header_row=batch.mapping.get("header_row") if chosen else None,
        sheet=batch.mapping.get("sheet") if chosen else None,
        corrections=open_typed(safe, batch.corrections_sealed),
    )


def _sealed(safe: Vault, batch_id: int, row: Row, would: Against) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "number": row.number,
        "state": str(would.outcome),
        "warnings": sum(not one.is_error for one in row.findings),
        "sealed": seal_row(safe, row, would),
    }


def _mapping(checked: Checked) -> dict[str, Any]:
    """How the file was understood: its headings, and what was found about them and the file."""
    header = checked.header
    return {
        "sheet": checked.sheet,
        "header_row": header.row if header else None,
        "headings": list(header.headings) if header else [],
        "columns": {str(column): str(what) for what, column in header.columns.items()}
        if header
        else {},
        "is_wrong": checked.is_wrong,
        "findings": [[one.row, *as_list(one)] for one in _limited(checked)],
    }


def _limited(checked: Checked, most: int = 50) -> Iterator[Any]:
    """The first findings about the file; a thousand rows of remarks say nothing more."""
    yield from sorted(checked.findings, key=lambda one: (not one.is_error, one.row))[:most]
