"""What a batch keeps of a file, sealed: the file, what was typed over its cells, its rows.

A sealed row is a JSON document: the cells as the file has them, the values that were read from
them, what was found, and what importing would change.
"""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from competition.privacy import Vault
from competition.rules.roster_against import Against, Change
from competition.rules.roster_cells import Cell
from competition.rules.roster_rows import Row
from competition.rules.roster_words import Finding

FILE, TYPED, ROW, BEFORE = "roster_file", "roster_typed", "roster_row", "roster_before"

Typed = dict[int, dict[int, str]]  # row number → column → what was typed over the cell


@dataclass(slots=True)
class KeptRow:
    """A row as a batch keeps it."""

    number: int
    team: int
    cells: list[Any]
    values: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))

    def as_row(self) -> Row:
        """The row for the rules to look at again, without what was found against the database."""
        values = dict(self.values)
        if "coach" in values:
            values["coach"] = tuple(values["coach"])
        return Row(self.number, self.cells, values, [], self.team)


def seal_file(safe: Vault, data: bytes) -> bytes:
    """A whole file; packed first, for CSV is mostly repetition."""
    return safe.seal_bytes(FILE, zlib.compress(data, 1))


def open_file(safe: Vault, sealed: bytes) -> bytes:
    """The file again."""
    return zlib.decompress(safe.open_bytes(FILE, sealed))


def seal_typed(safe: Vault, typed: Typed) -> bytes | None:
    """What was typed over cells; None where nothing was."""
    return safe.seal(TYPED, _json(typed)) if typed else None


def open_typed(safe: Vault, sealed: bytes | None) -> Typed:
    """What was typed over cells."""
    if sealed is None:
        return {}
    kept = json.loads(safe.open(TYPED, sealed))
    return {
        int(row): {int(column): text for column, text in cells.items()}
        for row, cells in kept.items()
    }


def seal_row(safe: Vault, row: Row, would: Against | None) -> bytes:
    """A checked row with what importing it would do."""
    document = {
        "team": row.team,
        "cells": [_plain(cell) for cell in row.raw],
        "values": row.values,
        "findings": [as_list(one) for one in row.findings],
        "changes": [[one.field, one.before, one.after] for one in would.changes] if would else [],
    }
    return safe.seal(ROW, _json(document))


def open_row(safe: Vault, number: int, sealed: bytes) -> KeptRow:
    """The row again."""
    kept = json.loads(safe.open(ROW, sealed))
    return KeptRow(
        number,
        kept["team"],
        kept["cells"],
        kept["values"],
        [from_list(number, one) for one in kept["findings"]],
        [Change(*one) for one in kept["changes"]],
    )


def seal_before(safe: Vault, before: dict[str, Any]) -> bytes:
    """What an import changed: see `roster_import`."""
    return safe.seal(BEFORE, _ALL_NEW if before == _NEW else _json(before))


def open_before(safe: Vault, sealed: bytes) -> dict[str, Any]:
    """The same again."""
    found: dict[str, Any] = json.loads(safe.open(BEFORE, sealed))
    return found


def as_list(finding: Finding) -> list[Any]:
    """A finding as JSON; its row is kept beside it."""
    return [str(finding.field), finding.column, finding.kind, finding.values]


def from_list(number: int, kept: Sequence[Any]) -> Finding:
    """A finding from JSON."""
    return Finding(number, *kept)


def _plain(cell: Cell) -> Any:  # noqa: ANN401 - what JSON can carry
    return cell.date().isoformat() if isinstance(cell, datetime) else cell


def _json(document: object) -> str:
    return _ENCODER.encode(document)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_NEW = {"entry": "new", "person": "new", "member": "new"}  # most rows of most rosters
_ALL_NEW = _json(_NEW)
