"""Opens an Excel file that a stranger sent: its sheets as plain cells, or one sentence why not.

The reader (calamine) is fast but trusting: it lays a sheet out from its first to its last used
cell, so two cells in opposite corners would ask for more memory than any machine has. Everything
that could hurt is therefore looked at before it is called.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from competition import spreadsheet_formulas
from competition.rules.refusal import Refusal
from competition.spreadsheet_formulas import Place

Cell = str | int | float | bool | date | datetime | time | timedelta

MAX_FILE = 20 * 1024 * 1024  # a real scheme with 192 aspects is 0.3 MB
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of old .xls files and of encrypted ones
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CONTENT = {"v", "is", "f"}  # what a used cell holds; formatted empty cells have no children


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `rows[0]` is row 1 of the file, and every row is as long as the widest.
    `unstored`: the formulas whose value is not in the file; they read as ""."""

    name: str
    rows: list[list[Cell]]
    unstored: frozenset[Place] = frozenset()


def open_path(path: Path) -> list[Sheet]:
    """The sheets of the file at `path`."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise _too_large()
        return open_bytes(path.read_bytes())
    except OSError as error:
        raise Refusal(
            zh=f"无法读取文件 {path.name}（{error.strerror}）。请检查路径和权限。",
            en=f"{path.name} cannot be read ({error.strerror}). Check the path and permissions.",
        ) from None


def open_bytes(data: bytes) -> list[Sheet]:
    """The sheets of an uploaded file."""
    if len(data) > MAX_FILE:
        raise _too_large()
    if data.startswith(_OLE):
        raise _password() if _ENCRYPTED in data else _not_excel()
    _inspect(data)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            bare = _unstored(data)
            return [
                Sheet(name, _rows(book, name), frozenset(bare.get(name, ())))
                for name in book.sheet_names
            ]
    except PasswordError:
        raise _password() from None
    except (CalamineError, ValueError, OSError):
        raise _damaged() from None


def _rows(book: CalamineWorkbook, name: str) -> list[list[Cell]]:
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def _unstored(data: bytes) -> dict[str, set[Place]]:
    """By sheet, the formulas without a value; none where the file's parts are laid out oddly."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return spreadsheet_formulas.in_xlsx(archive, unstored=True)
    except (KeyError, expat.ExpatError):
        return {}


def _inspect(data: bytes) -> None:
    """Refuses what is not an Excel workbook, what is broken, and what would not fit in memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
                raise _not_excel()
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise _too_large()
            for name in names:
                if name.startswith("xl/") and name.endswith(".xml"):
                    with archive.open(name) as part:
                        _measure(part)
    except zipfile.BadZipFile:
        raise (_damaged() if data.startswith(b"PK") else _not_excel()) from None
    except RuntimeError:  # zipfile's word for an encrypted member
        raise _password() from None
    except (expat.ExpatError, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        raise _damaged() from None


def _measure(part: IO[bytes]) -> None:
    """Looks at the address of every used cell of one XML part, whatever way it is written."""
    row = cell = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, cell
        tag = name.rpartition(":")[2]
        if tag == "row":
            row, cell = attributes.get("r", ""), ""
        elif tag == "c":
            cell = attributes.get("r", "")
        elif tag in _CONTENT and _is_far(cell, row):
            raise Refusal(
                zh=f"单元格 {(cell or row)[:12]} 有内容，超出 {MAX_ROWS} 行 {MAX_COLUMNS}"
                " 列的范围。请清除该单元格后再试。",
                en=f"Cell {(cell or row)[:12]} is used, beyond {MAX_ROWS} rows and {MAX_COLUMNS}"
                " columns. Clear that cell and try again.",
            )

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.ParseFile(part)


def _is_far(cell: str, row: str) -> bool:
    letters = cell.rstrip("0123456789")
    digits = cell[len(letters) :] or row or "0"
    column = 0
    for letter in letters.upper()[:4]:
        column = column * 26 + ord(letter) - 64
    return column > MAX_COLUMNS or len(digits) > 7 or int(digits) > MAX_ROWS


def column_letter(index: int) -> str:
    """The letter of a column counted from 0: 10 → "K"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _too_large() -> Refusal:
    return Refusal(
        zh="文件过大。评分方案应小于 20 MB，请删去图片和多余的工作表后再试。",
        en="The file is too large. A marking scheme is under 20 MB: remove pictures and spare"
        " sheets and try again.",
        status=413,
    )


def _password() -> Refusal:
    return Refusal(
        zh="文件设有打开密码，无法读取。请在 Excel 中取消密码后再试。",
        en="The file is protected by a password and cannot be read. Remove the password in Excel"
        " and try again.",
    )


def _not_excel() -> Refusal:
    return Refusal(
        zh="这不是 Excel 工作簿（.xlsx）。请在 Excel 中另存为 .xlsx 后再试。",
        en="This is not an Excel workbook (.xlsx). Save it as .xlsx in Excel and try again.",
    )


def _damaged() -> Refusal:
    return Refusal(
        zh="文件已损坏或不完整，无法读取。请用 Excel 打开并重新保存后再试。",
        en="The file is damaged or incomplete and cannot be read. Open it in Excel, save it again"
        " and retry.",
    )
