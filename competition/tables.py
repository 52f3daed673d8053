"""Lists as Excel files that are safe to open: every text stays a text.

A text that a spreadsheet would take for a formula (=, +, -, @, tab, return) is written as a text
and gets an apostrophe in front, which keeps it harmless when the file is saved as CSV and opened
again; our own import takes the apostrophe off.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LONGEST = 32_767  # characters of a cell
WIDEST = 40

Cell = str | int | date | None


def harmless(text: str) -> str:
    """The text as it goes into a cell."""
    return (f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) else text)[:LONGEST]


def printed(sheet: Worksheet, *, head: bool = True) -> None:
    """Have a sheet printed as wide as its columns are, with its first row on every page."""
    if head:
        sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def columns_of(text: str) -> int:
    """How wide a text is, in columns of a spreadsheet: Chinese takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def lines_of(text: str, width: int) -> int:
    """How many lines a text takes in a cell that wraps. Not every program that opens a file finds
    that out by itself; LibreOffice shows one line of such a row."""
    return sum(max(1, -(-columns_of(line) // width)) for line in text.split("\n"))


def workbook(name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook with one sheet; the first row stays in sight and filters the others."""
    file = io.BytesIO()
    safe = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, safe) as book:
        sheet = book.add_worksheet(name[:31])
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(headings):
            sheet.set_column(column, column, min(WIDEST, 2 * len(heading) + 8))
            sheet.write_string(0, column, harmless(heading), bold)
        last = 0
        for last, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, bool) or cell is None or cell == "":
                    continue
                if isinstance(cell, int):
                    sheet.write_number(last, column, cell)
                else:
                    sheet.write_string(last, column, harmless(_text(cell)))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(headings) - 1)
        printed(sheet)
    return file.getvalue()


def _text(cell: str | date) -> str:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else cell
