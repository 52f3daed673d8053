"""Finds the CIS layout in a sheet by content: header rows, columns, the two tables above them.

Sheets and labels get translated, columns move and headers repeat, so neither a sheet's name nor a
row number nor a column letter is ever trusted. A header row is known by its labels, in English,
Chinese or Russian; in any other language by the cell that still lists the types (M … J), and the
columns around it are then taken from the published order.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time

from judging.rules.scheme import NotAMark, Text, nearest_hundredth
from judging.workbook_file import Cell

Row = list[Cell]

# Tried in this order: some labels hold the words of others ("Extra Aspect Description (Meas or
# Judg) OR Judgement Score Description"), so the particular ones come first.
LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("requirement", r"requirement|nominal|требован|номинал|要求"),
        ("calculation", r"calculation|расч[её]т|计算"),
        ("extra", r"extra|методика|дополнит|补充|附加|额外"),
        ("score", r"judge?(ment|ement)? score|судейск|评判分|打分|档次"),
        ("kind", r"\btype\b|\bтип\b|类型|类别"),
        ("sub_name", r"criteri\w* name|name or desc|(под|суб)критери|子项.*名称|名称"),
        ("sub_id", r"\bid\b|\bкод\b|编号|代码"),
        ("day", r"\bday\b|\bдень\b|日|天"),
        ("section", r"section|wsos|wsss|wses|раздел|部分|章节|标准"),
        ("total", r"total|итог|всего|合计|总"),
        ("max", r"max|\bmarks?\b|макс|балл|满分|分值"),
        ("description", r"aspect|аспект|评分点|描述|说明"),
    )
)
NEEDED = ("sub_id", "kind", "description")
# Offsets from the type column in the published layout, for a header in another language.
PUBLISHED = {
    "sub_id": -3,
    "sub_name": -2,
    "day": -1,
    "description": 1,
    "score": 2,
    "extra": 3,
    "requirement": 4,
    "section": 5,
    "calculation": 6,
    "max": 7,
}
_TYPES = re.compile(r"(?<![A-Z])[MO](?![A-Z]).*(?<![A-Z])J(?![A-Z])")
_LAST_LETTER = re.compile(r"(?:^|[\s:：\u4e00-\u9fff])([A-Z])$")
# Cyrillic and Greek capitals that look like Latin ones; real files mix them into ids and types.
_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЈЅабвекмнорстухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "ABEKMHOPCTYXIJSABBEKMHOPCTYXIJSABEZHIKMNOPTYX",
)
_EDGES = "".join(map(chr, (0x20, 0x09, 0x0A, 0x0D, 0xA0, 0x3000, 0x200B, 0xFEFF)))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each kind of cell stands under one header row, counted from 0."""

    at: dict[str, int]
    marks: tuple[int, ...]  # the older layout has two


@dataclass(frozen=True, slots=True)
class Header:
    """One header row: its columns, and the criterion and total that stand to the right of them."""

    columns: Columns
    letter: str
    total: Cell


@dataclass(frozen=True, slots=True)
class DeclaredSection:
    """A row of the standards table, its cells as they stand."""

    row: int
    number: str
    name: str
    declared: Cell
    of_aspects: Cell


@dataclass(frozen=True, slots=True)
class DeclaredCriterion:
    """A row of the criteria table, its cells as they stand."""

    row: int
    letter: str
    name: str
    mark: Cell


def text(cell: Cell) -> str:
    """A cell as a person reads it; whole numbers without ".0", edges without any kind of space."""
    if isinstance(cell, str):
        return cell.strip(_EDGES)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


def number(cell: Cell) -> int | None:
    """A typed figure in hundredths, to the nearest; None when the cell holds no number.

    For what is only compared (totals, declared marks), never for an aspect's mark.
    """
    try:
        return nearest_hundredth(cell if isinstance(cell, float) else text(cell))
    except NotAMark:
        return None


def latin(written: str) -> str:
    """Upper case, full-width folded, look-alike letters of other alphabets as Latin ones."""
    return unicodedata.normalize("NFKC", written).translate(_LOOK_ALIKES).upper()


def find_header(row: Row) -> Header | None:
    """The header that `row` is, or None."""
    labels = {i: _folded(cell) for i, cell in enumerate(row) if isinstance(cell, str)}
    labels = {i: label for i, label in labels.items() if label}
    if len(labels) < len(NEEDED) + 1:
        return None
    columns = _columns(labels)
    if columns is None:
        return None
    last = max(*columns.at.values(), *columns.marks)
    letter_at, letter = _criterion_letter(row, last)
    totals = [cell for cell in row[letter_at + 1 :] if number(cell) is not None]
    return Header(columns, letter, totals[-1] if totals else "")


def _folded(cell: str) -> str:
    return " ".join(cell.casefold().split())


def _columns(labels: dict[int, str]) -> Columns | None:
    at: dict[str, int] = {}
    marks: list[int] = []
    for i, label in labels.items():
        name = next((name for name, pattern in LABELS if pattern.search(label)), "")
        if name == "max":
            marks.append(i)
        elif name and name != "total" and name not in at:
            at[name] = i
    kind = next((i for i, label in labels.items() if _TYPES.search(latin(label))), None)
    if kind is not None and len(labels) >= 6:
        at = {name: i for name, i in at.items() if i != kind} | {"kind": kind}
        _take_published_order(at, marks, labels)
    if not marks or any(name not in at for name in NEEDED):
        return None
    return Columns(at, tuple(marks))


def _take_published_order(at: dict[str, int], marks: list[int], labels: dict[int, str]) -> None:
    """Gives the labels that no word explained the meaning their place has in the published form."""
    for name, offset in PUBLISHED.items():
        i = at["kind"] + offset
        if i not in labels or i in at.values() or i in marks:
            continue
        if name == "max":
            marks += [] if marks else [i]
        else:
            at.setdefault(name, i)


def _criterion_letter(row: Row, last: int) -> tuple[int, str]:
    """The column and letter of "Criterion A" to the right of the header's own columns."""
    for i in range(last + 1, len(row)):
        found = _LAST_LETTER.search(latin(text(row[i])))
        if found:
            return i, found[1]
    return last, ""


def title(rows: list[Row]) -> tuple[int, str, Text]:
    """The index of the title row, the skill's number and its name ("17 Web Technologies")."""
    for i, row in enumerate(rows):
        words = [text(cell) for cell in row if text(cell)]
        if words:
            whole = " ".join(words[:2])
            found = re.match(r"(\S*\d\S*)\s+(\S.*)$", whole, re.DOTALL)
            return (i, found[1], Text.of(found[2])) if found else (i, "", Text.of(words[0]))
    return 0, "", Text()


def sections(rows: list[Row], start: int, end: int) -> list[DeclaredSection]:
    """The standards table: a whole number, a name, then declared marks and marks of the aspects."""
    found = []
    for i in range(start, end):
        used = [(j, cell) for j, cell in enumerate(rows[i]) if text(cell)]
        if len(used) < 2 or not re.fullmatch(r"[0-9]{1,2}", text(used[0][1])):
            continue
        name = text(used[1][1])
        if number(used[1][1]) is not None:
            continue
        at = next((j for j, cell in used[2:] if number(cell) is not None), None)
        declared = "" if at is None else rows[i][at]
        beside = "" if at is None or at + 1 >= len(rows[i]) else rows[i][at + 1]
        found.append(DeclaredSection(i + 1, text(used[0][1]), name, declared, beside))
    return found


def criteria(rows: list[Row], start: int, end: int) -> list[DeclaredCriterion]:
    """The criteria table: a single letter, a name, a mark; unused letters have neither."""
    found = []
    for i in range(start, end):
        used = [cell for cell in rows[i] if text(cell)]
        if not used or not re.fullmatch(r"[A-Z]", latin(text(used[0]))):
            continue
        named = [text(cell) for cell in used[1:] if number(cell) is None]
        marks = [cell for cell in used[1:] if number(cell) is not None]
        name = named[0] if named else ""
        found.append(
            DeclaredCriterion(i + 1, latin(text(used[0])), name, marks[-1] if marks else "")
        )
    return found
