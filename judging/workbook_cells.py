"""One row of a sheet as the row reader sees it: named cells instead of columns."""

import re
from datetime import date, time

from judging.rules.scheme import JUDGEMENT, MEASUREMENT, NotAMark, Problem, hundredths
from judging.workbook_file import Cell, column_letter
from judging.workbook_layout import Columns, Row, latin, text

# O and S are the types of the layout before 2016: objective and subjective.
TYPES = {"M": MEASUREMENT, "O": MEASUREMENT, "J": JUDGEMENT, "S": JUDGEMENT}
TYPES |= {"测量": MEASUREMENT, "评判": JUDGEMENT}
_TOTAL = re.compile(r"(sub|grand )?total|итог|всего|(合|总|小)计|总分")


class Line:
    """A row under the columns of its header; `has` names the columns that hold something."""

    def __init__(self, columns: Columns, cells: Row, row: int) -> None:
        self.row = row
        self._columns = columns
        self._cells = {name: cells[i] for name, i in columns.at.items() if i < len(cells)}
        self.has = {name for name in self._cells if self.text(name)}
        self.marks: list[Cell] = [
            cells[i] for i in columns.marks if i < len(cells) and text(cells[i])
        ]

    def text(self, name: str) -> str:
        """The cell as a person reads it, "" where the layout has no such column."""
        return text(self._cells.get(name, ""))

    def kind(self) -> str:
        """M or J; "" when the type is missing or unknown."""
        return TYPES.get(latin(self.text("kind")), "")

    def is_total(self) -> bool:
        """Whether this is a line of sums that somebody typed below a block."""
        words = (self.text(name).casefold() for name in self.has)
        return "kind" not in self.has and any(_TOTAL.match(w) and len(w) < 30 for w in words)

    def label(self, name: str) -> str:
        """A section or a day: whatever label the author uses, "4.0" as "4"."""
        return re.sub(r"^([0-9]+)\.0+$", r"\1", self.text(name))

    def mark(self) -> int:
        """The one maximum in the mark columns, in hundredths; 0 when there is none."""
        values: set[int] = set()
        for cell in self.marks:
            if isinstance(cell, date | time):
                raise NotAMark(
                    "被 Excel 变成了日期，请把单元格格式改为数字再填写",
                    "was turned into a date by Excel; format the cell as a number and write it"
                    " again",
                )
            values.add(hundredths(cell if isinstance(cell, float) else text(cell)))
        values.discard(0)  # the older layout leaves a 0 in the column of the other type
        if len(values) > 1:
            raise NotAMark(
                "在这一行有两个不同的值，请只留一个",
                "has two different values in this row; keep one of them",
            )
        return values.pop() if values else 0

    def problem(self, zh: str, en: str, name: str | None = None) -> Problem:
        """A sentence about this row and, where it is one cell, its column."""
        return Problem(zh, en, self.row, self._letter(name) if name else None)

    def letters(self, names: set[str]) -> list[str]:
        """The letters of these columns, in order."""
        return sorted(filter(None, map(self._letter, names)))

    def _letter(self, name: str) -> str | None:
        at = self._columns.marks[0] if name == "max" else self._columns.at.get(name)
        return None if at is None else column_letter(at)
