"""Opens a table that a stranger sent, Excel, OpenDocument or CSV, as plain cells; or says why not.

What is not text is read in a process of its own (`spreadsheet_child`) with limits of memory and
time: the reader is fast but trusting, and lays a sheet out from its first to its last used cell, so
that a file of a few kilobytes can ask for more memory than any machine has. Whatever happens there
ends as one sentence here.

Nothing here may be called inside `offload`: gevent watches child processes from the main thread
alone, where waiting for one holds up nobody. What computes is offloaded here instead.
"""

import codecs
import csv
import io
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from competition.offload import offload
from competition.rules.refusal import Refusal

Cell = str | int | float | bool | datetime

MAX_FILE = 20 * 1024 * 1024
MAX_ROWS = 60_000
MAX_COLUMNS = 200
MAX_CELL = 2000  # characters
SECONDS = 60
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_BINARY = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_PAGE = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<head")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: `rows[0]` is row 1 of the file. `formulas` are (row, column), both from 0."""

    name: str
    rows: list[list[Cell]]
    formulas: frozenset[tuple[int, int]] = field(default_factory=frozenset)


def open_path(path: Path) -> list[Sheet]:
    """The sheets of the file at `path`."""
    return open_bytes(bytes_of(path))


def bytes_of(path: Path) -> bytes:
    """The bytes of a file at a terminal, or the refusal that says why not."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise too_large()
        return path.read_bytes()
    except OSError as error:
        raise Refusal(
            f"无法读取文件 {path.name}（{error.strerror}）。请检查路径和权限。",
            f"{path.name} cannot be read ({error.strerror}). Check the path and permissions.",
        ) from None


def open_bytes(data: bytes) -> list[Sheet]:
    """The sheets of an uploaded file; which kind it is, its bytes say and not its name."""
    if len(data) > MAX_FILE:
        raise too_large()
    if not data.strip(b"\0 \r\n\t"):
        raise Refusal(
            "文件是空的，没有读到任何内容。请选择正确的文件。",
            "The file is empty; nothing was read. Choose the right file.",
        )
    if data.startswith((_OLE, _ZIP)):
        return _from_child(data)
    if data.startswith(_BINARY):
        raise _not_a_table()
    return offload(_from_text, data)


def _from_child(data: bytes) -> list[Sheet]:
    """Read by `spreadsheet_child`, which answers one JSON document or dies by its limits."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "competition.spreadsheet_child"],
            input=data,
            capture_output=True,
            timeout=SECONDS + 10,
            check=False,
            cwd=Path(__file__).resolve().parent.parent,
        )
    except subprocess.TimeoutExpired:
        raise too_large() from None
    if done.returncode != 0:
        raise too_large() if done.returncode < 0 else _damaged()
    return offload(_answered, done.stdout)


def _answered(told: bytes) -> list[Sheet]:
    answer = json.loads(told)
    if "why" in answer:
        raise {
            "password": _password,
            "not_a_table": _not_a_table,
            "large": too_large,
        }.get(answer["why"], _damaged)()
    return [
        Sheet(
            name=one["name"],
            rows=[[_cell(cell) for cell in row] for row in one["rows"]],
            formulas=frozenset((row, column) for row, column in one["formulas"]),
        )
        for one in answer["sheets"]
    ]


def _cell(value: object) -> Cell:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"])
    assert isinstance(value, str | int | float | bool)
    return value


def _from_text(data: bytes) -> list[Sheet]:
    return [Sheet("", _csv(_text(data)))]


def _text(data: bytes) -> str:
    """UTF-8, what Excel calls Unicode (UTF-16), or GB18030, which holds GBK and GB2312."""
    if data[:200].lstrip(codecs.BOM_UTF8).lstrip().lower().startswith(_PAGE):
        raise Refusal(
            "这是网页或 XML 文件，只是名字像表格（有的系统这样导出 .xls）。没有读取。"
            "请用 Excel 打开，另存为 .xlsx 后再试。",
            "This is a web page or XML under a table's name (some systems export .xls that way); it"
            " was not read. Open it in Excel, save it as .xlsx and try again.",
        )
    codes = ["utf-8-sig", "gb18030"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        codes = ["utf-16"]
    for code in codes:
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _not_a_table()


def _csv(text: str) -> list[list[Cell]]:
    """The records; a quoted cell may hold line breaks and is still one row, as Excel shows it."""
    head = [line for line in text[:20_000].splitlines() if line.strip()][:20]
    seen: Counter[str] = Counter(mark for line in head for mark in line if mark in ",\t;，")
    mark = max(",\t;", key=lambda one: seen[one])
    try:
        rows: list[list[Cell]] = [
            [str(cell) for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        ]
    except csv.Error as error:
        raise _damaged() from error
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in rows):
        raise too_large()
    return rows


def column_letter(index: int) -> str:
    """The letter of a column counted from 0: 10 → "K"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def too_large() -> Refusal:
    """The refusal of what is too large to read."""
    return Refusal(
        f"文件过大，没有读取：最多 20 MB、{MAX_ROWS} 行、{MAX_COLUMNS} 列。请删去图片、多余的"
        "工作表和远处的单元格后再试。",
        f"The file is too large and was not read: at most 20 MB, {MAX_ROWS} rows and {MAX_COLUMNS}"
        " columns. Remove pictures, spare sheets and cells far away, and try again.",
        status=413,
    )


def _password() -> Refusal:
    return Refusal(
        "文件设有打开密码，无法读取。请在 Excel 中取消密码后再试。",
        "The file is protected by a password and cannot be read. Remove the password in Excel and"
        " try again.",
    )


def _not_a_table() -> Refusal:
    return Refusal(
        "这不是 Excel（.xlsx、.xls）、OpenDocument（.ods）或 CSV 表格，没有读取。请在 Excel 中"
        "另存为 .xlsx 后再试。",
        "This is not a table in Excel (.xlsx, .xls), OpenDocument (.ods) or CSV; it was not read."
        " Save it as .xlsx in Excel and try again.",
    )


def _damaged() -> Refusal:
    return Refusal(
        "文件已损坏或不完整，无法读取。请用 Excel 打开并重新保存后再试。",
        "The file is damaged or incomplete and cannot be read. Open it in Excel, save it again and"
        " retry.",
    )
