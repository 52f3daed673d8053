"""Reads the sheet of calculations that a CIS export carries beside the scheme.

It has no header. A row holds a label, a kind, a boolean, and the parameters in one cell:
`KEY:::VALUE#x~x#TEXT` joined by `#-#`, where a number looks like `0.25000000` (zero like `0E-8`)
and a parameter that is a text leaves VALUE empty. Aspects point at a row by its number, from 1.
"""

from judging.rules.scheme import Calculation, Parameter
from judging.workbook_file import Sheet
from judging.workbook_layout import text

KINDS = (
    "PASS_FAIL",
    "NUMBER_COMPLETED",
    "CHOICE",
    "RANGED_SCORE",
    "REGULAR_DIFFERENCE_DEDUCTION",
)
_BETWEEN, _AFTER_KEY, _AFTER_VALUE = "#-#", ":::", "#x~x#"


def find(sheets: list[Sheet]) -> dict[int, Calculation]:
    """Row number → calculation, from the first sheet that holds calculations."""
    for sheet in sheets:
        found = _read(sheet)
        if found:
            return found
    return {}


def _read(sheet: Sheet) -> dict[int, Calculation]:
    found = {}
    for number, row in enumerate(sheet.rows, start=1):
        label, kind, flag, *rest = [text(cell) for cell in row] + [""] * 4
        written = _BETWEEN.join(cell for cell in rest if cell)
        if kind in KINDS or _AFTER_KEY in written:
            found[number] = Calculation(kind, parameters(written), label, flag)
    return found


def parameters(written: str) -> tuple[Parameter, ...]:
    """The parameters of one calculation, their values exactly as written."""
    found = []
    for part in written.split(_BETWEEN):
        key, _, rest = part.partition(_AFTER_KEY)
        value, _, words = rest.partition(_AFTER_VALUE)
        if key.strip():
            found.append(Parameter(key.strip(), value.strip(), words))
    return tuple(found)


def joined(parameters: tuple[Parameter, ...]) -> str:
    """The parameters of one calculation as one cell holds them: `parameters` read backwards."""
    return _BETWEEN.join(
        f"{one.key}{_AFTER_KEY}{one.value}{_AFTER_VALUE}{one.text}" for one in parameters
    )
