"""Which column of a roster is which field: headings in Chinese and English, in any order.

`find` looks for the row that holds most headings we know; title rows above it do not matter, and of
two heading rows (a group over its columns) the lower one counts, because merged cells repeat.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from competition.rules.roster_lexicon import HEADINGS, IGNORED, WORDS, Field

_SPACE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]+")
_HINTS = re.compile(r"[(（【\[].{1,20}?[)）】\]]$")  # 身份证号（18位）
_LOOK_AT = 40  # rows in which the headings must stand


def normal(heading: object) -> str:
    """A heading without what people vary: spaces, width, capitals, stars and colons."""
    text = _SPACE.sub("", unicodedata.normalize("NFKC", str(heading))).casefold()
    return text.strip("*:;.、'\"_-")


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for field, words in HEADINGS.items():
        for word in words.split():
            assert normal(word) not in table, word
            table[normal(word)] = field
    return table


_TABLE = _table()


def meaning(heading: object, remembered: Mapping[str, str] | None = None) -> str | None:
    """The field of a heading, IGNORED, or None when nobody knows it. What a person once said of a
    heading comes before what we think."""
    text = normal(heading)
    if not text:
        return None
    for word in (text, normal(_HINTS.sub("", text))):
        if remembered and word in remembered:
            return remembered[word]
        if word in _TABLE:
            return _TABLE[word]
    return None


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings stand, and what each column is. Rows and columns count from 0.

    `columns`: field → column; `unknown`: columns whose heading nobody knows; `doubled`: columns
    that mean a field which an earlier one means already.
    """

    row: int
    headings: tuple[str, ...]
    columns: dict[Field, int]
    unknown: tuple[int, ...]
    doubled: tuple[int, ...]

    def heading(self, field: Field) -> str:
        """A field's heading as it stands in the file, or our own word."""
        column = self.columns.get(field)
        return self.headings[column] if column is not None else WORDS[field][0]


def find(
    rows: Sequence[Sequence[object]], remembered: Mapping[str, str] | None = None
) -> Header | None:
    """The heading row with most fields; None where no row has a name and two fields."""
    best: Header | None = None
    for number, row in enumerate(rows[:_LOOK_AT]):
        found = read(number, row, remembered)
        if Field.NAME not in found.columns or len(found.columns) < 2:
            continue
        if best is None or _weight(found) > _weight(best):
            best = found
        elif _weight(found) == _weight(best) and number == best.row + 1:
            best = found  # the lower of two rows whose merged cells repeat
    return best


def _weight(header: Header) -> tuple[int, int]:
    return len(header.columns), -len(header.unknown)


def read(number: int, row: Sequence[object], remembered: Mapping[str, str] | None = None) -> Header:
    """A row taken as headings."""
    columns: dict[Field, int] = {}
    unknown, doubled = [], []
    for column, cell in enumerate(row):
        what = meaning(cell, remembered)
        if what is None:
            if normal(cell):
                unknown.append(column)
        elif what != IGNORED:
            if Field(what) in columns:
                doubled.append(column)
            else:
                columns[Field(what)] = column
    headings = tuple(_SPACE.sub(" ", str(cell)).strip()[:60] for cell in row)
    return Header(number, headings, columns, tuple(unknown), tuple(doubled))


def mapped(number: int, row: Sequence[object], chosen: Mapping[int, str]) -> Header:
    """A row taken as headings whose meaning a person has chosen, column by column."""
    columns: dict[Field, int] = {}
    doubled = []
    for column, what in sorted(chosen.items()):
        if what == IGNORED or column >= len(row):
            continue
        if Field(what) in columns:
            doubled.append(column)
        else:
            columns[Field(what)] = column
    headings = tuple(_SPACE.sub(" ", str(cell)).strip()[:60] for cell in row)
    return Header(number, headings, columns, (), tuple(doubled))
