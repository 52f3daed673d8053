"""Writes a marking scheme as a CIS workbook, from our own model: the reader's other half.

`write(scheme)` gives the bytes of a workbook in the published layout (marking-rules.md, "The CIS
workbook"): the two tables, one header row a criterion, one row a sub-criterion, aspect and rung,
and the sheet of calculations. What `workbook.read` finds in them is what was written; totals are
formulas with their values beside them, so that a person who edits a mark sees them move.
Texts are written as texts: nothing in a description can become a formula.
"""

import io
from collections.abc import Callable
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from competition.rules.refusal import Refusal
from competition.tables import lines_of, printed
from judging.rules.scheme import Aspect, Calculation, Criterion, Scheme, SubCriterion, Text
from judging.workbook_calculations import joined

SHEET, CALCULATIONS = "CIS Marking Scheme Import", "Calculations"
LABELS = (
    "Sub\nCriterion\nID",
    "Sub Criterion\nName or Description",
    "Day of Marking",
    "Aspect\nType\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)",
    "WSOS Section",
    "Calculation Row\n(Export only)",
    "Max\nMark",
)
WIDTHS = (10, 28, 10, 10, 48, 8, 48, 24, 10, 13, 9, 14, 9)
# Columns of the blocks, in the published order.
ID, NAME, DAY, KIND, DESCRIPTION, SCORE, EXTRA, REQUIREMENT, SECTION, ROW, MARK = range(11)
TOTAL = 12  # the total of a criterion, beside its letter
FIRST, SECOND, THIRD, FOURTH, FIFTH = range(5)  # columns of the two tables
LINE, TALLEST = 15, 409  # points: of a line, and of the tallest row that there can be
LONGEST_TEXT = 32_767  # characters of a cell; a longer text would be cut without a word

Say = Callable[[Text], str]


def write(scheme: Scheme, language: str = "zh") -> bytes:
    """The workbook as bytes, its texts in `language` ("zh" or "en"), in the other where it is all
    there is. Refuses a text that no cell can hold."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(SHEET)
        _Writer(scheme, language, sheet, book.add_format).write()
        calculations = _calculations(scheme)
        if calculations:
            _write_calculations(book.add_worksheet(CALCULATIONS), calculations)
    return file.getvalue()


def _calculations(scheme: Scheme) -> list[Calculation]:
    """Every calculation once, in the order of first use."""
    return list(dict.fromkeys(a.calculation for a in scheme.aspects if a.calculation))


def _write_calculations(sheet: Worksheet, calculations: list[Calculation]) -> None:
    for at, one in enumerate(calculations):
        sheet.write_string(at, 0, one.label)
        sheet.write_string(at, 1, one.kind)
        if one.flag in ("TRUE", "FALSE"):
            sheet.write_boolean(at, 2, one.flag == "TRUE")
        else:
            sheet.write_string(at, 2, one.flag)
        sheet.write_string(at, 3, joined(one.parameters))


class _Writer:
    """One sheet while it is being written; `at` is the next free row, counted from 0."""

    def __init__(
        self, scheme: Scheme, language: str, sheet: Worksheet, style: Callable[..., Format]
    ) -> None:
        self.scheme = scheme
        self.sheet = sheet
        self.language = language
        self.heights: dict[int, int] = {}
        self.numbers = {one: at for at, one in enumerate(_calculations(scheme), 1)}
        self.at = 0
        self.wrapped = style({"text_wrap": True, "valign": "top"})
        self.figure = style({"num_format": "0.00", "valign": "top"})
        self.head = style({"text_wrap": True, "valign": "vcenter", "bold": True, "border": 1})
        self.title = style({"bold": True, "font_size": 14})

    def write(self) -> None:
        for column, width in enumerate(WIDTHS):
            self.sheet.set_column(column, column, width)
        self.text(FIRST, self.scheme.skill, self.title)
        self.text(SECOND, self.said(self.scheme.name), self.title)
        self.at = 2
        blocks = self.scheme.criteria or (Criterion("A", Text(), ()),)  # a template has one to fill
        self.standards()
        self.criteria(blocks)
        for criterion in blocks:
            self.block(criterion)
        for row, lines in self.heights.items():
            self.sheet.set_row(row, min(LINE * lines, TALLEST))
        printed(self.sheet, head=False)

    def standards(self) -> None:
        """The standards table; a section that only aspects name has no row in it."""
        self.heads("Standards", "Section", "Marks", "Marks of aspects", "Variation")
        for section in self.scheme.sections:
            if not section.name:
                continue
            self.plain(FIRST, section.number)
            self.text(SECOND, self.said(section.name))
            if section.declared is not None:
                self.mark(THIRD, section.declared)
            row = self.at + 1
            self.formula(FOURTH, f'SUMIF($I:$I,"{section.number}",$K:$K)', section.marks)
            self.formula(FIFTH, f"D{row}-C{row}", section.marks - (section.declared or 0))
            self.at += 1
        self.at += 1

    def criteria(self, blocks: tuple[Criterion, ...]) -> None:
        """The criteria table; each mark points at the total of its block below."""
        self.heads("Criteria", "Name", "Mark")
        starts = self.at + len(blocks) + 1
        for criterion in blocks:
            self.text(FIRST, criterion.letter)
            self.text(SECOND, self.said(criterion.name))
            if criterion.sub_criteria:
                self.formula(THIRD, f"M{starts + 1}", criterion.total)
            starts += self.rows_of(criterion)
            self.at += 1
        self.at += 1

    def rows_of(self, criterion: Criterion) -> int:
        """Rows of a criterion's block: header, sub-criteria, aspects, rungs, and a blank one."""
        subs = criterion.sub_criteria
        return 2 + sum(1 + sum(1 + len(a.rungs) for a in sub.aspects) for sub in subs)

    def block(self, criterion: Criterion) -> None:
        for column, label in enumerate((*LABELS, f"Criterion\n{criterion.letter}")):
            self.text(column, label, self.head)
        first, last = self.at + 2, self.at + self.rows_of(criterion)
        self.formula(TOTAL, f"SUM(K{first}:K{last})", criterion.total)
        self.at += 1
        for sub in criterion.sub_criteria:
            self.sub_criterion(sub)
        self.at += 1

    def sub_criterion(self, sub: SubCriterion) -> None:
        self.text(ID, sub.written or sub.code)
        self.text(NAME, self.said(sub.name))
        self.plain(DAY, sub.day)
        self.at += 1
        for aspect in sub.aspects:
            self.aspect(aspect)

    def aspect(self, aspect: Aspect) -> None:
        self.text(KIND, aspect.kind)
        self.text(DESCRIPTION, self.said(aspect.description))
        self.text(EXTRA, self.said(aspect.extra))
        self.text(REQUIREMENT, self.said(aspect.requirement))
        self.plain(SECTION, aspect.section)
        if aspect.calculation:
            self.plain(ROW, str(self.numbers[aspect.calculation]))
        self.mark(MARK, aspect.max)
        self.at += 1
        for rung in aspect.rungs:
            self.sheet.write_number(self.at, SCORE, rung.score, self.wrapped)
            self.text(EXTRA, self.said(rung.text))
            self.at += 1

    def said(self, text: Text) -> str:
        return (text.en or text.zh) if self.language == "en" else (text.zh or text.en)

    def heads(self, *labels: str) -> None:
        for column, label in enumerate(labels):
            self.text(column, label, self.head)
        self.at += 1

    def text(self, column: int, words: str, style: Format | None = None) -> None:
        if len(words) > LONGEST_TEXT:
            raise Refusal(
                f"第 {self.at + 1} 行的文字超过 {LONGEST_TEXT} 个字符，Excel 放不下，没有写出文件。"
                "请缩短这段文字。",
                f"The text of row {self.at + 1} has more than {LONGEST_TEXT} characters, which no"
                " Excel cell holds; no file was written. Shorten it.",
            )
        if words:
            self.sheet.write_string(self.at, column, words, style or self.wrapped)
            if style is not self.title:
                lines = lines_of(words, WIDTHS[column] - 1)
                self.heights[self.at] = max(lines, self.heights.get(self.at, 1))

    def plain(self, column: int, label: str) -> None:
        """A number where the label is one, so that Excel sorts and sums it; else the label."""
        if label.isdecimal() and label.isascii() and label == str(int(label)):
            self.sheet.write_number(self.at, column, int(label), self.wrapped)
        else:
            self.text(column, label)

    def mark(self, column: int, marks: int) -> None:
        self.sheet.write_number(self.at, column, Decimal(marks).scaleb(-2), self.figure)

    def formula(self, column: int, formula: str, marks: int) -> None:
        value = Decimal(marks).scaleb(-2)
        self.sheet.write_formula(self.at, column, f"={formula}", self.figure, value)
