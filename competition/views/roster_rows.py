"""The rows of a roster as a page shows them: whole numbers masked, wrong cells ready to be typed
over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from competition.models import Delegation, RosterBatch, RosterRow, Skill
from competition.privacy import mask, vault
from competition.roster_sealed import KeptRow, open_row
from competition.rules.roster_lexicon import WORDS, Field
from competition.rules.roster_words import Finding
from competition.views.language import chosen, name

_SEXES = {"male": ("男", "male"), "female": ("女", "female")}
_STATUSES = {"employee": ("职工", "employee"), "student": ("学生", "student")}
# What typing over a cell does not mend: the sentence stands alone.
_NOT_BY_TYPING = {"has_started", "team_held", "team_complete", "teams_apart"}
_YES = {True: ("是", "yes"), False: ("否", "no")}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that can be typed over: its column in the file, what stands there, what is wrong.
    `hint` stands in its place where it is not shown."""

    column: int
    heading: str
    text: str
    hint: str
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row: who it is, in which words, what would change, what is wrong and what was mended."""

    number: int
    state: str
    name: str
    lines: list[str]
    changes: list[tuple[str, str, str]]
    cells: list[Cell]
    errors: list[str]  # of no cell of the file
    notes: list[str]


class Rows:
    """Makes rows of one batch fit to be seen."""

    def __init__(self, session: Session, batch: RosterBatch) -> None:
        self.columns: dict[str, int] = {
            what: int(column) for column, what in batch.mapping.get("columns", {}).items()
        }
        self.english = chosen() == "en"
        self.skills = {one.code: name(one) for one in session.scalars(select(Skill))}
        self.homes = {one.code: name(one) for one in session.scalars(select(Delegation))}

    def shown(self, rows: Iterable[RosterRow]) -> list[Shown]:
        """The rows for the page."""
        safe = vault()
        return [
            self._shown(row.state, open_row(safe, row.number, row.sealed))
            for row in rows
            if row.sealed is not None
        ]

    def sentence(self, finding: Finding) -> str:
        """A finding in the page's language."""
        return finding.en if self.english else finding.zh

    def _shown(self, state: str, row: KeptRow) -> Shown:
        values = row.values
        errors = [one for one in row.findings if one.is_error]
        mended = [
            one for one in errors if one.field in self.columns and one.kind not in _NOT_BY_TYPING
        ]
        cells = [
            self._cell(row, what, column, [one for one in mended if one.field == what])
            for what, column in self.columns.items()
            if any(one.field == what for one in mended)
        ]
        skill = values.get(Field.SKILL)
        lines = [
            f"{skill} {self.skills.get(skill, '')}" if skill else "",
            self.homes.get(values.get(Field.DELEGATION, ""), ""),
            values.get(Field.AFFILIATION, ""),
            mask(values[Field.ID_NUMBER]) if Field.ID_NUMBER in values else "",
        ]
        notes = [one for one in row.findings if not one.is_error]
        return Shown(
            row.number,
            state,
            row.name or self._raw(row, Field.NAME) or "—",
            [line for line in lines if line],
            [self._change(*one) for one in ((it.field, it.before, it.after) for it in row.changes)],
            cells,
            [self.sentence(one) for one in errors if one not in mended],
            [f"{one.column}: {self.sentence(one)}" for one in notes],
        )

    def _raw(self, row: KeptRow, what: Field) -> str:
        column = self.columns.get(what)
        return str(row.cells[column]) if column is not None and column < len(row.cells) else ""

    def _cell(self, row: KeptRow, what: str, column: int, found: list[Finding]) -> Cell:
        text = str(row.cells[column]) if column < len(row.cells) else ""
        hint = ""
        if what == Field.ID_NUMBER and Field.ID_NUMBER in row.values:  # right as such: not shown
            text, hint = "", mask(row.values[Field.ID_NUMBER])
        return Cell(
            column, found[0].column, text[:200], hint, [self.sentence(one) for one in found]
        )

    def _change(self, what: str, before: Any, after: Any) -> tuple[str, str, str]:  # noqa: ANN401
        word = WORDS[Field(what)][self.english]
        return word, self._word(what, before), self._word(what, after)

    def _word(self, what: str, value: Any) -> str:  # noqa: ANN401 - as the field has it
        tables: Mapping[str, Mapping[Any, tuple[str, str]]] = {
            Field.SEX: _SEXES,
            Field.STATUS: _STATUSES,
            Field.RESERVE: _YES,
        }
        if value is None or value == []:
            return "—"
        if what == Field.PHONE:
            return mask(value)
        if what == Field.COACH:
            return "、".join(one[0] for one in value)
        found = tables.get(what, {}).get(value)
        return found[self.english] if found else str(value)


def typed(rows: Iterable[KeptRow], given: Mapping[str, str]) -> dict[int, dict[int, str]]:
    """What a form of corrections really changes: `cell-<row>-<column>` → text."""
    by_number = {row.number: row for row in rows}
    out: dict[int, dict[int, str]] = {}
    for key, text in given.items():
        parts = key.split("-")
        if len(parts) != 3 or parts[0] != "cell" or not (parts[1] + parts[2]).isdecimal():
            continue
        number, column = int(parts[1]), int(parts[2])
        row = by_number.get(number)
        if row is None or not text.strip():
            continue
        before = str(row.cells[column]) if column < len(row.cells) else ""
        if text != before[:200]:
            out.setdefault(number, {})[column] = text.strip()
    return out
