"""Opening what strangers send: every kind of table, and what only calls itself one."""

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from competition import spreadsheet
from competition.rules.refusal import Refusal
from competition.spreadsheet import open_bytes, open_path

HERE = Path(__file__).parent / "rosters"
ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"


def xlsx(cells: dict[str, Any], *merged: str, hidden: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for address, value in cells.items():
        sheet[address] = value
    for one in merged:
        sheet.merge_cells(one)
    if hidden:
        book.create_sheet(hidden).sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(**parts: str | bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), body)
    return file.getvalue()


def test_excel_with_dates_numbers_merged_cells_and_a_hidden_sheet() -> None:
    cells = {
        "A1": "名册",
        "A3": "张三",
        "B3": datetime(2001, 3, 14),
        "C3": 230125200103000000,
        "D3": 7,
        "B4": 1,
    }
    (sheet,) = open_bytes(xlsx(cells, "A1:D1", "A3:A4", hidden="旧名册"))
    assert sheet.rows[0] == ["名册"] * 4
    assert sheet.rows[2] == ["张三", datetime(2001, 3, 14), 2.30125200103e17, 7]
    assert sheet.rows[3][0] == "张三"


def test_formulas_are_found_in_excel_old_excel_and_opendocument() -> None:
    (sheet,) = open_bytes(xlsx({"A1": "姓名", "C2": "=1+1", "A2": "张三"}))
    assert sheet.formulas == {(1, 2)}
    first, second = open_path(HERE / "formulas.xls")
    assert (first.name, first.formulas, second.formulas) == ("名册", {(1, 4)}, {(0, 0)})
    assert first.rows[1][:2] == ["张三", "230125200103149994"]
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        '<office:spreadsheet><table:table table:name="甲"><table:table-row'
        ' table:number-rows-repeated="3"><table:table-cell office:value-type="string">'
        "<text:p>姓名</text:p></table:table-cell></table:table-row><table:table-row>"
        '<table:table-cell table:number-columns-repeated="2"/><table:table-cell'
        ' table:formula="of:=1+1" office:value-type="float" office:value="2"/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    data = zipped(mimetype=ODS_MIME, content_xml=content, **{"META-INF__manifest_xml": manifest})
    (sheet,) = open_bytes(data)
    assert (sheet.name, sheet.formulas) == ("甲", {(3, 2)})
    assert sheet.rows[3] == ["", "", 2]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_in_every_code_and_with_every_mark(code: str, mark: str) -> None:
    text = f'姓名{mark}单位\r\n张三{mark}"甲\n乙{mark}"\r\n\r\n李四𠮷{mark}丙\r\n\r\n'
    (sheet,) = open_bytes(text.encode(code))
    assert sheet.rows == [["姓名", "单位"], ["张三", f"甲\n乙{mark}"], [], ["李四𠮷", "丙"]]


WHY = {
    "nothing": (b" \r\n", "empty"),
    "pdf": (b"%PDF-1.7 x", "not a table"),
    "zeros in text": (b"a,b\0c\n" * 3, "not a table"),
    "web page": ("﻿ <html><table><tr>".encode(), "web page"),
    "word": (zipped(word__document_xml="<a/>"), "not a table"),
    "cut": (xlsx({"A1": "x" * 900})[:3000], "damaged"),
    "rubbish": (b"PK\x03\x04" + b"x" * 99, "damaged"),
    "old rubbish": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000), "damaged"),
    "far cell": (xlsx({"A1": 1, "XFD1048576": 1}), "too large"),
    "bomb": (zipped(xl__workbook_xml="<a/>", xl__b_xml=b"0" * 350_000_000), "too large"),
    "wide csv": (b"a," * 300, "too large"),
    "long csv": (b"a\n" * 60_001, "too large"),
    "locked": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
}


@pytest.mark.parametrize("case", WHY)
def test_what_is_no_roster_is_one_sentence(case: str) -> None:
    data, word = WHY[case]
    with pytest.raises(Refusal, match=word):
        open_bytes(data)


def test_a_small_file_that_asks_for_gigabytes_is_refused_and_nobody_else_pays() -> None:
    """Twelve sheets of old Excel with a cell in the far corner: 200 million cells laid out."""
    with pytest.raises(Refusal, match="too large"):
        open_path(HERE / "far.xls")


def test_a_path_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        open_path(tmp_path / "none.csv")
    large = tmp_path / "large.csv"
    large.write_bytes(b"x" * (spreadsheet.MAX_FILE + 1))
    with pytest.raises(Refusal, match="too large"):
        open_path(large)


def test_letters_of_columns() -> None:
    assert [spreadsheet.column_letter(n) for n in (0, 25, 26, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
    ]
