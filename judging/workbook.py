"""Reads a CIS marking scheme workbook: all or nothing, with the reasons.

`read(path)` never raises for a fault of the file; it gives a `Reading`. `report(reading)` is the
JSON document of `podium scheme check`:

- "criteria", "sub_criteria", "aspects", "measurement", "judgement": how many, as integers. Unused
  criterion blocks do not count; a sub-criterion whose id is used twice counts twice.
- "total": the sum of the aspects as a string with two decimals.
- "sections": section number → sum of its aspects' marks, two decimals; unused sections are absent.
- "errors", "warnings": lists of {"row", "column", "message", "message_en"}, in the order of rows.
  "row" is 1-based as in the file, or null; "column" is a letter, or null; "message" is the Chinese
  sentence, which names the row itself.

With errors the counts say what could be read, so that a person can compare; nothing of it is
imported. Totals are always recomputed from the aspects; figures typed into the file are compared.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from competition.rules.refusal import Refusal
from judging import workbook_calculations, workbook_file, workbook_layout
from judging.rules import scheme_faults
from judging.rules.scheme import (
    JUDGEMENT,
    MEASUREMENT,
    Calculation,
    Problem,
    Scheme,
    Section,
    Text,
    assemble,
    two_decimals,
)
from judging.workbook_cells import Line
from judging.workbook_file import Cell, Sheet
from judging.workbook_layout import DeclaredCriterion, DeclaredSection, Header
from judging.workbook_rows import RowReader

NOTHING = Scheme("", Text(), (), ())


@dataclass(frozen=True, slots=True)
class Reading:
    """What a workbook held. `found` is all that could be read; only `scheme` may be imported."""

    found: Scheme
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]

    @property
    def scheme(self) -> Scheme | None:
        """The scheme, or None when there is any error."""
        return None if self.errors else self.found


def read(path: str | Path) -> Reading:
    """The scheme in the workbook at `path`, or why there is none."""
    try:
        return _choose(workbook_file.open_path(Path(path)))
    except Refusal as refusal:
        return _refused(refusal.zh, refusal.en)


def read_bytes(data: bytes) -> Reading:
    """The scheme in an uploaded workbook, or why there is none."""
    try:
        return _choose(workbook_file.open_bytes(data))
    except Refusal as refusal:
        return _refused(refusal.zh, refusal.en)


def report(reading: Reading) -> dict[str, object]:
    """The reading as the JSON document described above."""
    found = reading.found
    return {
        "criteria": len(found.criteria),
        "sub_criteria": len(found.sub_criteria),
        "aspects": len(found.aspects),
        "measurement": found.count(MEASUREMENT),
        "judgement": found.count(JUDGEMENT),
        "total": two_decimals(found.total),
        "sections": {
            section.number: two_decimals(section.marks)
            for section in found.sections
            if section.marks
        },
        "errors": [_as_dict(problem) for problem in reading.errors],
        "warnings": [_as_dict(problem) for problem in reading.warnings],
    }


def _as_dict(problem: Problem) -> dict[str, object]:
    zh, en = problem.zh, problem.en
    if problem.row is not None:
        zh, en = f"第 {problem.row} 行：{zh}", f"Row {problem.row}: {en}"
    return {"row": problem.row, "column": problem.column, "message": zh, "message_en": en}


def _refused(zh: str, en: str) -> Reading:
    return Reading(NOTHING, (Problem(zh, en),), ())


def _choose(sheets: list[Sheet]) -> Reading:
    """Reads the one sheet that holds a scheme, whatever its name."""
    headers = {sheet.name: _headers(sheet) for sheet in sheets}
    calculations = workbook_calculations.find([s for s in sheets if not headers[s.name]])
    readings = {
        sheet.name: _read_sheet(sheet, headers[sheet.name], calculations)
        for sheet in sheets
        if headers[sheet.name]
    }
    if not readings:
        return _refused(
            "没有找到 CIS 评分方案的表头行（评分子项编号、类型、评分点描述、满分）。请使用 CIS 导入"
            "模板。",
            "No header row of a CIS marking scheme was found (sub-criterion id, aspect type,"
            " description, max mark). Use the CIS import template.",
        )
    filled = {name: reading for name, reading in readings.items() if reading.found.aspects}
    if len(filled) > 1:
        names = " / ".join(filled)
        return _refused(
            f"有不止一张工作表像评分方案（{names}）。请只留下要导入的那一张。",
            f"More than one sheet looks like a marking scheme ({names}). Keep the one to import.",
        )
    return next(iter((filled or readings).values()))


def _headers(sheet: Sheet) -> dict[int, Header]:
    """Index of the row → the header that stands there."""
    found = ((i, workbook_layout.find_header(row)) for i, row in enumerate(sheet.rows))
    return {i: header for i, header in found if header is not None}


def _read_sheet(
    sheet: Sheet, headers: dict[int, Header], calculations: dict[int, Calculation]
) -> Reading:
    first = min(headers)
    at, skill, name = workbook_layout.title(sheet.rows[:first])
    sections = workbook_layout.sections(sheet.rows, at + 1, first)
    declared = workbook_layout.criteria(sheet.rows, at + 1, first)
    reader = RowReader(headers[first].columns, calculations)
    for i, row in enumerate(sheet.rows):
        if i in headers:
            reader.header(headers[i], i + 1)
        elif i < first:
            reader.above_first_header(row, i + 1)
        else:
            reader.row(row, i + 1)
    criteria = reader.criteria({one.letter: one.name for one in reversed(declared)})
    scheme = assemble(skill, name, _sections(sections), criteria)
    refused = [*_unstored(sheet, headers), *reader.errors]
    explained = {problem.row for problem in refused}
    faults = [p for p in scheme_faults.errors(scheme) if p.row not in explained or p.row is None]
    oddities = [
        *reader.warnings,
        *scheme_faults.warnings(scheme),
        *_typed_totals(scheme, sections, declared, reader.typed_totals),
    ]
    if not scheme.aspects:
        oddities = []
    return Reading(scheme, _in_order([*refused, *faults]), _in_order(oddities))


def _unstored(sheet: Sheet, headers: dict[int, Header]) -> Iterator[Problem]:
    """Formulas without a value in what is imported; sums may lack theirs, they are worked out anew.
    A file made by a program is like that until a spreadsheet has opened and saved it."""
    for row, column in sorted(sheet.unstored):
        above = [i for i in headers if i < row]
        if not above or row in headers:
            continue
        columns = headers[max(above)].columns
        line = Line(columns, sheet.rows[row] if row < len(sheet.rows) else [], row + 1)
        is_mark = column in columns.marks and bool(line.has & {"kind", "description"})
        if line.is_total() or not (is_mark or column in columns.at.values()):
            continue
        at = workbook_file.column_letter(column)
        yield Problem(
            f"{at} 列是公式，文件里没有保存它的值。请用 Excel 或 LibreOffice 打开文件，"
            "保存后再导入。",
            f"Column {at} holds a formula whose value is not stored in the file. Open the file in"
            " Excel or LibreOffice, save it and import it again.",
            row + 1,
            at,
        )


def _sections(declared: list[DeclaredSection]) -> list[Section]:
    once = {one.number: one for one in reversed(declared)}
    return [
        Section(one.number, Text.of(one.name), workbook_layout.number(one.declared), 0, one.row)
        for one in declared
        if once[one.number] is one
    ]


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: problem.row or 0))


def _typed_totals(
    scheme: Scheme,
    sections: list[DeclaredSection],
    criteria: list[DeclaredCriterion],
    headers: dict[str, tuple[int, Cell]],
) -> list[Problem]:
    """Totals typed into the file, or left there by formulas, that differ from the aspects' sum."""
    of_section = {section.number: section.marks for section in scheme.sections}
    of_criterion = {criterion.letter: criterion.total for criterion in scheme.criteria}
    figures = [
        *((one.row, one.of_aspects, of_section.get(one.number, 0)) for one in sections),
        *((one.row, one.mark, of_criterion.get(one.letter, 0)) for one in criteria),
        *((row, cell, of_criterion.get(letter, 0)) for letter, (row, cell) in headers.items()),
    ]
    found = []
    for row, cell, marks in figures:
        typed = workbook_layout.number(cell)
        if typed is not None and typed != marks:
            found.append(_wrong_total(row, typed, marks))
    return found


def _wrong_total(row: int, typed: int, marks: int) -> Problem:
    shown, counted = two_decimals(typed), two_decimals(marks)
    return Problem(
        f"文件里的合计是 {shown}，评分点实际合计 {counted}，以后者为准。",
        f"The file's total says {shown}; its aspects give {counted}, which counts.",
        row,
    )
