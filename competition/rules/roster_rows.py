"""The rows of a roster, one by one: which rows are people, and what each of their cells says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from competition.rules import roster_cells as cells
from competition.rules.identity import Identity, Sex
from competition.rules.roster_cells import Cell, Read
from competition.rules.roster_headings import Header, normal
from competition.rules.roster_known import Known
from competition.rules.roster_lexicon import REQUIRED, Field
from competition.rules.roster_words import Finding

_NOTE = re.compile(
    r"^(合计|总计|小计|共计|注|备注|说明|填表|制表|审核|联系人|负责人|盖章|单位盖章)|[:：]"
)
_EXAMPLE = re.compile(r"^[（(]?(例|示例|样例|范例|举例|example)", re.IGNORECASE)
_SEX_WORDS = {Sex.MALE: ("男", "male"), Sex.FEMALE: ("女", "female")}
MOST = {Field.AFFILIATION: 100, Field.TEAM: 30, Field.COACH_AFFILIATION: 100}


@dataclass(slots=True)
class Row:
    """A person of the roster. `number` as in the file; `values` are plain JSON values by field,
    `born_on` as an ISO date; `team` is the number of the first row of the same entry."""

    number: int
    raw: Sequence[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    team: int = 0

    @property
    def is_wrong(self) -> bool:
        return any(finding.is_error for finding in self.findings)


@dataclass(slots=True)
class RowReader:
    """Reads rows below a header. `own`: the delegation for which people are entered, where a file
    does not say it; `only_own`: it may say no other."""

    header: Header
    known: Known
    as_of: date
    own: str | None = None
    only_own: bool = False

    def kind(self, row: Sequence[Cell]) -> str:
        """ "person", "note" (a sum, an example, a remark), or "" for nothing at all."""
        filled = [text for cell in row if (text := str(cell).strip())]
        if not filled:
            return ""
        name = self._text(row, Field.NAME)
        number = self._text(row, Field.ID_NUMBER)
        if len(set(filled)) == 1 and len(row) > 1:
            return "note"
        if normal(name) == normal(self.header.heading(Field.NAME)) and name:
            return "note"  # the headings once more, on the next page
        if _EXAMPLE.match(filled[0]) or _EXAMPLE.match(name):
            return "note"
        if not number and (not name or _NOTE.search(name)):
            return "note"
        return "person"

    def _text(self, row: Sequence[Cell], what: Field) -> str:
        column = self.header.columns.get(what)
        return str(row[column]).strip() if column is not None and column < len(row) else ""

    def read(self, number: int, row: Sequence[Cell], formulas: frozenset[int]) -> Row:
        """All cells of one person; `formulas` are the columns of this row that hold one."""
        out = Row(number, row)
        told: Identity | None = None
        for what, column in self.header.columns.items():
            cell = row[column] if column < len(row) else ""
            if column in formulas:
                self._say(out, what, "formula")
                continue
            read = cells.clean(cell)
            if read.text == "":
                continue
            if "formula" in read.kinds or "broken" in read.kinds:
                self._say_all(out, what, read.kinds, {})
                continue
            if what is Field.ID_NUMBER:
                value, told, said = cells.id_number(read, self.as_of)
                self._keep(out, what, value, read, said)
            else:
                self._cell(out, what, read)
        self._complete(out, told)
        return out

    def _cell(self, out: Row, what: Field, read: Read) -> None:
        said: Mapping[str, str] = {}
        value: Any
        match what:
            case Field.NAME:
                value = cells.name(read)
            case Field.SEX:
                value = cells.sex(read)
            case Field.BORN_ON:
                found, said = cells.day(read)
                value = found.isoformat() if found else None
            case Field.STATUS:
                value = cells.status(read)
            case Field.RESERVE:
                value = cells.reserve(read)
            case Field.PHONE:
                value = cells.phone(read)
            case Field.COACH:
                value = cells.names(read)
            case Field.SKILL | Field.DELEGATION:
                value, said = self._named(what, read)
            case _:
                value = cells.words(read, MOST[what])
                said = {"most": str(MOST[what])}
        if what is Field.NAME:
            said = {"most": "50"}
        self._keep(out, what, value, read, said)

    def _named(self, what: Field, read: Read) -> tuple[str | None, Mapping[str, str]]:
        names = self.known.skills if what is Field.SKILL else self.known.delegations
        code = names.code(read.text)
        if code is None:
            read.kinds.append(f"{what}_unknown")
            zh, en = names.near(read.text)
            return None, {"text": read.text[:30], "near_zh": zh, "near_en": en}
        if what is Field.DELEGATION and self.only_own and code != self.own:
            read.kinds.append("delegation_other")
            own = names.shown[self.own or ""]
            return None, {"own_zh": own.name_zh, "own_en": own.name_en}
        return code, {}

    def _keep(
        self, out: Row, what: Field, value: object, read: Read, said: Mapping[str, str]
    ) -> None:
        if value is not None:
            out.values[what] = value
        if read.kinds:
            self._say_all(out, what, read.kinds, said)

    def _complete(self, out: Row, told: Identity | None) -> None:
        """What the number says fills what is empty and contradicts what is wrong; what must be
        there is missed."""
        wrong = {finding.field for finding in out.findings if finding.is_error}
        if self.own is not None and Field.DELEGATION not in wrong:
            out.values.setdefault(Field.DELEGATION, self.own)
        for what in REQUIRED:
            if what not in out.values and what not in wrong and what in self.header.columns:
                self._say(out, what, "missing")
        if told is None:
            return
        zh, en = _SEX_WORDS[told.sex]
        if out.values.setdefault(Field.SEX, told.sex) != told.sex:
            self._say(out, Field.SEX, "sex_differs", told_zh=zh, told_en=en)
        if out.values.setdefault(Field.BORN_ON, told.born_on.isoformat()) != (
            told.born_on.isoformat()
        ):
            self._say(out, Field.BORN_ON, "date_differs")

    def _say_all(
        self, out: Row, what: Field, kinds: Sequence[str], said: Mapping[str, str]
    ) -> None:
        for kind in dict.fromkeys(kinds):
            self._say(out, what, kind, **said)

    def _say(self, out: Row, what: Field, kind: str, **said: str) -> None:
        out.findings.append(Finding(out.number, what, self.header.heading(what), kind, said))
