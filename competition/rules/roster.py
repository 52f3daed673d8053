"""The check of a roster: form, identity and known names; eligibility comes later (decisions 24).

Pure: rows in, rows with values and findings out. `podium roster check` shows just this; a dry run
adds what the database knows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from competition.rules import roster_headings, roster_teams
from competition.rules.roster_cells import Cell
from competition.rules.roster_headings import Header
from competition.rules.roster_known import Known
from competition.rules.roster_lexicon import REQUIRED, WORDS, Field
from competition.rules.roster_rows import Row, RowReader
from competition.rules.roster_words import Finding


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a file. `formulas` are (row, column), everything from 0."""

    name: str
    rows: Sequence[Sequence[Cell]]
    formulas: frozenset[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class Checked:
    """What a file holds. `rows` are its people; `findings` concern headings and passed-over rows.
    `sheet` is the index of the table that was read."""

    header: Header | None = None
    rows: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sheet: int = 0

    @property
    def is_wrong(self) -> bool:
        """The file as a whole cannot be taken: a column is missing, say."""
        return any(finding.is_error for finding in self.findings)

    @property
    def ready(self) -> int:
        """Rows that can be imported as they are."""
        return 0 if self.is_wrong else sum(not row.is_wrong for row in self.rows)

    def all_findings(self) -> Iterable[Finding]:
        """In the order of the file."""
        found = [*self.findings, *(one for row in self.rows for one in row.findings)]
        return sorted(found, key=lambda one: one.row)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known before the file is opened: who asks, for which delegation, and the mapping.

    `chosen`: what a person said each column of the heading row `header_row` of `sheet` is, or None
    to find it out; `corrections`: row number → column → what was typed over the cell.
    """

    known: Known
    as_of: date
    own: str | None = None
    only_own: bool = False
    remembered: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[int, str] | None = None
    header_row: int | None = None
    sheet: int | None = None
    corrections: Mapping[int, Mapping[int, str]] = field(default_factory=dict)


def check(tables: Sequence[Table], asked: Asked) -> Checked:
    """Find the table and its headings, read every row, and set the rows against each other."""
    at, header = _header(tables, asked)
    if header is None:
        finding = Finding(1, "", "", "no_header")
        return Checked(findings=[finding], sheet=at)
    out = Checked(header, sheet=at)
    table = tables[at]
    _columns(out, header, asked)
    for other, found in enumerate(tables):
        if other != at and roster_headings.find(found.rows) is not None:
            said = {"sheet": found.name}
            out.findings.append(Finding(header.row + 1, "", "", "other_sheet", said))
    _rows(out, table, asked)
    _against_each_other(out)
    roster_teams.group(out.rows, asked.known.sizes, header.heading(Field.TEAM))
    if not out.rows and not out.is_wrong:
        out.findings.append(Finding(header.row + 1, "", "", "no_rows"))
    return out


def _header(tables: Sequence[Table], asked: Asked) -> tuple[int, Header | None]:
    if asked.chosen is not None and asked.header_row is not None:
        at = min(asked.sheet or 0, len(tables) - 1)
        row = tables[at].rows[asked.header_row] if asked.header_row < len(tables[at].rows) else ()
        return at, roster_headings.mapped(asked.header_row, row, asked.chosen)
    best, at = None, 0
    for number, table in enumerate(tables):
        found = roster_headings.find(table.rows, asked.remembered)
        if found is not None and (best is None or len(found.columns) > len(best.columns)):
            best, at = found, number
    return at, best


def _columns(out: Checked, header: Header, asked: Asked) -> None:
    row = header.row + 1
    for what in REQUIRED:
        if what in header.columns or (what is Field.DELEGATION and asked.own is not None):
            continue
        zh, en = WORDS[what]
        out.findings.append(Finding(row, what, zh, "no_column", {"zh": zh, "en": en}))
    for kind, columns in (("unknown_column", header.unknown), ("doubled_column", header.doubled)):
        for column in columns:
            out.findings.append(Finding(row, "", header.headings[column], kind))


def _rows(out: Checked, table: Table, asked: Asked) -> None:
    assert out.header is not None
    reader = RowReader(out.header, asked.known, asked.as_of, asked.own, asked.only_own)
    formulas: dict[int, set[int]] = {}
    for row, column in table.formulas:
        formulas.setdefault(row, set()).add(column)
    for at in range(out.header.row + 1, len(table.rows)):
        cells, number = table.rows[at], at + 1
        typed = asked.corrections.get(number)
        if typed:
            cells = [typed.get(column, cell) for column, cell in enumerate(_wide(cells, typed))]
        kind = reader.kind(cells)
        if kind == "person":
            own = frozenset(formulas.get(at, ())) - frozenset(typed or ())
            out.rows.append(reader.read(number, cells, own))
        elif kind == "note":
            out.findings.append(Finding(number, "", "", "note_row"))


def _wide(cells: Sequence[Cell], typed: Mapping[int, str]) -> Sequence[Cell]:
    """A short row made long enough for what was typed beside it."""
    return [*cells, *([""] * (max(typed) + 1 - len(cells)))]


def _against_each_other(out: Checked) -> None:
    """One person twice in the file: under one number, or under one name and birth date."""
    assert out.header is not None
    by_number: dict[str, list[Row]] = {}
    by_birth: dict[tuple[str, str], Row] = {}
    for row in out.rows:
        number = row.values.get(Field.ID_NUMBER)
        if number is None:
            continue
        earlier = by_number.setdefault(number, [])
        if earlier:
            _twice(out.header, earlier, row)
        else:
            born = (row.values.get(Field.NAME, ""), row.values.get(Field.BORN_ON, ""))
            first = by_birth.setdefault(born, row)
            if first is not row and born[0]:
                _say(out.header, row, Field.ID_NUMBER, "two_numbers", first)
        earlier.append(row)


def _twice(header: Header, earlier: list[Row], row: Row) -> None:
    first = earlier[0]
    names = [one.values.get(Field.NAME) for one in (first, row)]
    if None not in names and names[0] != names[1]:
        _say(header, row, Field.NAME, "two_names", first)
        if not any(finding.kind == "two_names" for finding in first.findings):
            _say(header, first, Field.NAME, "two_names", row)
        return
    homes = [one.values.get(Field.DELEGATION) for one in (first, row)]
    if None not in homes and homes[0] != homes[1]:
        _say(header, row, Field.DELEGATION, "two_delegations", first)
        return
    skill = row.values.get(Field.SKILL)
    same = next((one for one in earlier if one.values.get(Field.SKILL) == skill), None)
    if same is not None:
        _say(header, row, Field.ID_NUMBER, "same_row", same)
    else:
        _say(header, row, Field.SKILL, "two_skills", first)


def _say(header: Header, row: Row, what: Field, kind: str, other: Row) -> None:
    said = {"row": str(other.number)}
    row.findings.append(Finding(row.number, what, header.heading(what), kind, said))
