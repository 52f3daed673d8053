"""The process that reads a workbook: bytes on stdin, one JSON document on stdout.

`python -m competition.spreadsheet_child` limits its own memory and time before it looks at a byte.
Answers {"sheets": [{"name", "rows", "formulas"}]} or {"why": …}. Times are {"at": ISO}; merged
cells all carry the value of the first; hidden sheets are left out.
"""

import io
import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

from competition.spreadsheet import MAX_CELL, MAX_COLUMNS, MAX_ROWS, SECONDS
from competition.spreadsheet_formulas import Place, in_ods, in_xls, in_xlsx

MEMORY = 2 << 30
MAX_UNPACKED = 300 << 20
MAX_MERGED = 2_000_000  # cells that merging may fill in one file
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Unreadable(Exception):
    """Why, in a word that `spreadsheet` has a sentence for."""


def main() -> None:
    """Limits first; then everything that can go wrong with a file is one word."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from python_calamine import CalamineError, PasswordError

    try:
        answer: dict[str, object] = {"sheets": read(sys.stdin.buffer.read())}
    except PasswordError:
        answer = {"why": "password"}
    except Unreadable as error:
        answer = {"why": str(error)}
    except MemoryError:
        answer = {"why": "large"}
    except (
        CalamineError,
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        RuntimeError,  # zipfile's word for an encrypted member
        EOFError,
        NotImplementedError,
        KeyError,
        ValueError,
        IndexError,
        OSError,
    ):
        answer = {"why": "damaged"}
    json.dump(answer, sys.stdout, ensure_ascii=True, separators=(",", ":"))


def read(data: bytes) -> list[dict[str, Any]]:
    """The visible sheets of a workbook."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    formulas = _formulas(data)
    sheets: list[dict[str, Any]] = []
    left = MAX_MERGED
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for about in book.sheets_metadata:
            if about.visible != SheetVisibleEnum.Visible or about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
                raise Unreadable("large")
            rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
            left -= _fill(rows, sheet.merged_cell_ranges or [])
            if left < 0:
                raise Unreadable("large")
            sheets.append(
                {
                    "name": about.name,
                    "rows": [[_plain(cell) for cell in row] for row in rows],
                    "formulas": sorted(formulas.get(about.name, ())),
                }
            )
    return sheets


def _formulas(data: bytes) -> dict[str, set[Place]]:
    """Where each sheet holds formulas. The kind of file is told by its bytes."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise Unreadable("password")
        return in_xls(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise Unreadable("large")
        if "xl/workbook.xml" in names:
            return in_xlsx(archive)
        if "mimetype" in names and archive.read("mimetype").startswith(_ODS):
            return in_ods(archive)
        if "EncryptedPackage" in names:
            raise Unreadable("password")
        if any(name.startswith("xl/") for name in names):
            return {}  # .xlsb, and workbooks with parts under other names
    raise Unreadable("not_a_table")


def _fill(rows: list[list[Any]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> int:
    """Every cell of a merged range gets the value of its first; how many were filled."""
    filled = 0
    for (top, left), (bottom, right) in merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        wide = min(right + 1, len(rows[top])) - left
        filled += (min(bottom + 1, len(rows)) - top) * wide
        if filled > MAX_MERGED:
            break
        for row in rows[top : bottom + 1]:
            row[left : left + wide] = [value] * wide
    return filled


def _plain(cell: object) -> object:
    """A cell as JSON can carry it."""
    if isinstance(cell, str):
        return _CONTROL.sub("", cell[:MAX_CELL])
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, datetime):
        return {"at": cell.isoformat()}
    if isinstance(cell, date):
        return {"at": datetime(cell.year, cell.month, cell.day).isoformat()}  # noqa: DTZ001 - a day
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell


if __name__ == "__main__":
    main()
