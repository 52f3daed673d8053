"""A book of results as a workbook: state, standings, medals, delegations. Texts stay texts.

Printed, every page bears the state in its head and its number in its foot.
"""

import io
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from competition.tables import columns_of, harmless, printed

Plain = dict[str, Any]
WIDEST = 60
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
EPOCH = datetime(2026, 1, 1)  # noqa: DTZ001 - the same book gives the same bytes, whenever made


class Sheets:
    """A workbook while it is written; each sheet says `state` when printed."""

    def __init__(self, state: str) -> None:
        self.file = io.BytesIO()
        self.state = state
        self.book = xlsxwriter.Workbook(self.file, SAFE)
        self.book.set_properties({"created": EPOCH})
        self.bold = self.book.add_format({"bold": True, "valign": "top", "text_wrap": True})
        self.plain = self.book.add_format({"valign": "top", "text_wrap": True})
        self.mark = self.book.add_format({"num_format": "0.00", "valign": "top"})

    def add(
        self,
        title: str,
        headings: Sequence[str],
        rows: Iterable[Sequence[str]],
        marks: Collection[int] = (),
    ) -> None:
        """One sheet. In the columns `marks` texts that are numbers become numbers; elsewhere not,
        for a code may look like one."""
        sheet = self.book.add_worksheet(title[:31])
        widths = [_width(one) for one in headings]
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, harmless(heading), self.bold)
        for at, row in enumerate(rows, 1):
            for column, text in enumerate(row):
                widths[column] = max(widths[column], _width(text))
                number = _number(text) if column in marks else None
                if number is None:
                    sheet.write_string(at, column, harmless(text), self.plain)
                else:
                    sheet.write_number(at, column, number, self._format(text))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width, WIDEST))
        sheet.freeze_panes(1, 0)
        printed(sheet)
        sheet.set_header("&C" + self.state.replace("&", "&&")[:200])

    def _format(self, text: str) -> Format:
        return self.mark if "." in text else self.plain

    def bytes(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self.file.getvalue()


def _width(text: str) -> int:
    return 2 + columns_of(text[:WIDEST])


def _number(text: str) -> Decimal | None:
    """The number that a text is, if it is a plain one."""
    plain = text.replace(".", "", 1)
    return Decimal(text) if plain.isascii() and plain.isdigit() and text[0] != "." else None


def write(told: Plain) -> bytes:
    """The book of results as bytes; `told` is as judging/views/book_told.py makes it."""
    sheets, words = Sheets(f"{told['state']} · {told['part']} · {told['at']}"), told["words"]
    chapters = told["chapters"]
    about = [
        *([told["competition"], told["demo"]], [told["title"], told["part"]]),
        *([words["state"], told["state"]], ["", told["hint"]], [words["as_of"], told["at"]]),
        *([["", told["lacks"]]] if told["lacks"] else []),
    ]
    sheets.add(words["about"], [words["about"], ""], about)
    heads = [words[key] for key in ("skill", "name", "zone", "state", "version", "as_of")]
    rows = [
        [one[key] for key in ("code", "name", "zone", "state", "version", "at", "number", "head")]
        for one in chapters
    ]
    sheets.add(words["skills"], [*heads, words["number"], "SHA-256"], rows)
    _standings(sheets, told)
    medals = [[one[key] for key in ("code", "name", "gold", "silver", "bronze", "more")]
              for one in told["medals"]]  # fmt: skip
    won = [words[key] for key in ("gold", "silver", "bronze", "merit")]
    sheets.add(words["medals"], [words["skill"], words["name"], *won], medals, marks={5})
    keys = ("place", "name", "gold", "silver", "bronze", "more", "entries", "points",
            "average_points", "average_score", "total_score")  # fmt: skip
    table = [[one[key] for key in keys] for one in told["delegations"]]
    figures = [words[key] for key in ("entries", "points", "average", "average_score", "score")]
    heads = [words["place"], words["delegation"], *won, *figures]
    notes = [["", told["counted"]], *([["", words["scale"]]] if table else [])]
    sheets.add(words["delegations"], heads, [*table, *notes], marks=range(11))
    return sheets.bytes()


def _standings(sheets: Sheets, told: Plain) -> None:
    """Every line of every skill; with scale scores where a skill has them, with sums by criterion
    where it is one skill that shows them."""
    words, chapters = told["words"], told["chapters"]
    criteria = chapters[0]["criteria"] if told["single"] and chapters else []
    scaled = any(one["scaled"] for one in chapters)
    heads = [words[key] for key in ("skill", "place", "state", "who", "delegation", "award", "why")]
    rows = [
        [one["code"], line["place"], " · ".join(filter(None, (one["state"], line["beside"]))),
         line["who"] + (" ★" if line["star"] else ""), line["delegation"], line["award"],
         line["why"], line["total"], *((line["score"],) if scaled else ()),
         *(line["parts"] if criteria else ())]
        for one in chapters
        for line in one["lines"]
    ]  # fmt: skip
    heads += [words["total"], *((words["scale_score"],) if scaled else ()), *criteria]
    sheets.add(words["standings"], heads, rows, marks={1, *range(7, 99)})
