"""Writes scheme.xlsx, in the CIS layout, from scheme.yaml; run it after a change of the YAML.

The workbook holds both languages in one cell, "中文 / English". Every formula carries its value, so
that programs which do not calculate read the same figures.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter
import yaml
from xlsxwriter.format import Format

HERE: Final = Path(__file__).parent
HEADER: Final = (
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
WIDTHS: Final = (10, 30, 9, 9, 52, 7, 60, 22, 9, 11, 8, 12, 8, 8)
LAST_ROW: Final = 400
MADE: Final = datetime.datetime(2026, 1, 1)  # noqa: DTZ001  the same bytes at every run


def both(text: dict[str, str] | None) -> str:
    return f"{text['zh']} / {text['en']}" if text else ""


def hundredths(mark: str) -> int:
    whole, part = mark.split(".")
    return int(whole) * 100 + int(part)


def shown(marks: int) -> float:
    """Only for the cell: Excel knows no hundredths."""
    return round(marks / 100, 2)


class Sheet:
    """The sheet `CIS Marking Scheme Import`, written from the top down."""

    def __init__(self, book: xlsxwriter.Workbook, scheme: dict[str, Any]) -> None:
        self.scheme = scheme
        self.sheet = book.add_worksheet("CIS Marking Scheme Import")
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        self.mark = book.add_format({"num_format": "0.00", "valign": "top"})
        for column, width in enumerate(WIDTHS):
            self.sheet.set_column(column, column, width)
        self.row = 0

    def line(self, cells: dict[int, Any], style: Format | None = None) -> None:
        for column, value in cells.items():
            is_mark = isinstance(value, float)
            self.sheet.write(self.row, column, value, self.mark if is_mark else style or self.plain)
        self.row += 1

    def write(self) -> None:
        first = f"{self.scheme['skill'][1:]} {both(self.scheme['name'])}"
        self.line({0: first}, self.bold)
        self.row += 1
        self.sections()
        self.row += 2
        self.line({0: "Criteria"}, self.bold)
        self.line({0: "ID", 1: "Name", 10: "Mark"}, self.bold)
        for criterion in self.scheme["criteria"]:
            total = sum(hundredths(a["max"]) for a in aspects(criterion))
            self.line({0: criterion["id"], 1: both(criterion["name"]), 10: shown(total)})
        for criterion in self.scheme["criteria"]:
            self.row += 2
            self.criterion(criterion)

    def sections(self) -> None:
        self.line({0: "WorldSkills Occupational Standards"}, self.bold)
        heads = {0: "Section", 1: "WSOS Marks", 8: "WSOS Marks", 9: "Aspect Marks", 10: "Variation"}
        self.line(heads, self.bold)
        first, variation = self.row + 1, 0
        every = [a for criterion in self.scheme["criteria"] for a in aspects(criterion)]
        for section in self.scheme["sections"]:
            declared = hundredths(section["marks"])
            found = sum(hundredths(a["max"]) for a in every if a["section"] == section["number"])
            at = self.row + 1
            variation += abs(declared - found)
            self.formula(9, f"=SUMIF(I24:I{LAST_ROW},A{at},K24:K{LAST_ROW})", found)
            self.formula(10, f"=ABS(I{at}-J{at})", abs(declared - found))
            self.line({0: section["number"], 1: both(section["name"]), 8: shown(declared)})
        self.formula(10, f"=SUM(K{first}:K{self.row})", variation)
        self.line({8: "Total Variation"}, self.bold)

    def formula(self, column: int, formula: str, value: int) -> None:
        self.sheet.write_formula(self.row, column, formula, self.mark, shown(value))

    def criterion(self, criterion: dict[str, Any]) -> None:
        header = dict(enumerate((*HEADER, f"Criterion {criterion['id']}", "Total\nMark")))
        at = self.row
        self.line(header, self.bold)
        for sub in criterion["sub_criteria"]:
            self.line({0: sub["id"], 1: both(sub["name"]), 2: sub["day"]}, self.bold)
            for aspect in sub["aspects"]:
                self.aspect(aspect)
        last, self.row = self.row, at
        total = sum(hundredths(a["max"]) for a in aspects(criterion))
        self.formula(13, f"=SUM(K{at + 2}:K{last})", total)
        self.row = last

    def aspect(self, aspect: dict[str, Any]) -> None:
        mark = shown(hundredths(aspect["max"]))
        cells = {3: aspect["type"], 4: both(aspect), 8: aspect["section"], 10: mark}
        if extra := both(aspect.get("extra")):
            cells[6] = extra
        if requirement := both(aspect.get("requirement")):
            cells[7] = requirement
        self.line(cells)
        for score, text in enumerate(aspect.get("rungs", ())):
            self.line({5: score, 6: both(text)})
        self.row += 1


def aspects(criterion: dict[str, Any]) -> list[dict[str, Any]]:
    return [aspect for sub in criterion["sub_criteria"] for aspect in sub["aspects"]]


def make(target: Path) -> None:
    scheme = yaml.safe_load((HERE / "scheme.yaml").read_text("utf-8"))
    with xlsxwriter.Workbook(str(target)) as book:
        book.set_properties({"title": both(scheme["name"]), "created": MADE})
        Sheet(book, scheme).write()
        book.add_worksheet("Calculations")


if __name__ == "__main__":
    make(HERE / "scheme.xlsx")
