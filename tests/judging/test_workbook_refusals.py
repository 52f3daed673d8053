"""The CIS workbook import: what is refused, with its row, and files that are no workbook."""

import datetime
import random
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from judging import workbook_file
from judging.workbook import read, read_bytes, report
from tests.judging import workbooks
from tests.judging.workbooks import judged, ladder, measured, plain, replaced, row, save, sub

REFUSED = {
    "mark without type": (
        replaced(15, row(E="The grid", I=1, K=40)),
        (15, "D"),
        "没有类型",
    ),
    "unknown type": (replaced(15, row(D="X", E="The grid", I=1, K=40)), (15, "D"), "类型“X”"),
    "aspect without mark": (replaced(15, measured("The grid", None)), (15, None), "没有分值"),
    "mark by a formula that nobody worked out": (
        replaced(15, measured("The grid", "=20+20")),
        (15, "K"),
        "没有保存它的值",
    ),
    "type by a formula that nobody worked out": (
        replaced(15, row(D='="M"')),
        (15, "D"),
        "没有保存它的值",
    ),
    "mark of zero": (replaced(15, measured("The grid", 0)), (15, None), "大于 0"),
    "negative mark": (replaced(15, measured("The grid", -1)), (15, None), "大于 0"),
    "aspect without description": (replaced(15, measured(None, 40)), (15, None), "没有描述"),
    "mark in words": (replaced(15, measured("The grid", "forty")), (15, "K"), "不是数字"),
    "three decimals": (replaced(15, measured("The grid", 0.125)), (15, "K"), "两位小数"),
    "mark as a date": (
        replaced(15, measured("The grid", datetime.date(2025, 5, 1))),
        (15, "K"),
        "日期",
    ),
    "judgement without rung 3": (
        replaced(16, judged("Looks", 10), *ladder()[:3], judged("More", 10)),
        (16, None),
        "缺少 3 分档",
    ),
    "rung without text": (replaced(18, row(F=1)), (16, None), "1 分档没有文字"),
    "rung twice": (replaced(18, row(F=1, G="a"), row(F=1, G="b")), (16, None), "写了两次"),
    "rung out of range": (replaced(20, row(F=4, G="perfect")), (20, "F"), "应为 0、1、2 或 3"),
    "rung in words": (replaced(20, row(F="high", G="perfect")), (20, "F"), "应为 0、1、2 或 3"),
    "rung with a mark": (
        replaced(20, row(F=3, G="perfect", K=1)),
        (20, None),
        "分档只有分数和文字",
    ),
    "rungs under a measurement": (replaced(21, measured("M", 5), *ladder()), (21, None), "改为 J"),
    "rung before an aspect": (replaced(15, row(F=0, G="nothing")), (15, "F"), "没有评判评分点"),
    "description alone": (replaced(21, row(E="and so on")), (21, "D"), "没有类型和分值"),
    "mark alone": (replaced(21, row(K=5)), (21, None), "没有类型和描述"),
    "section alone": (replaced(21, row(I=5)), (21, None), "只有 I 列"),
    "aspect above the criteria": (replaced(2, measured("Lost", 5)), (2, "D"), "所有评分项之前"),
    "aspect above its sub-criterion": (replaced(14, measured("Lost", 5)), (14, "D"), "评分子项"),
    "id that is none": (replaced(22, sub("Menu", "Menu")), (22, "A"), "“Menu”无法识别"),
    "calculation that is not there": (
        replaced(15, measured("The grid", 40, J=9)),
        (15, "J"),
        "没有第 9 行",
    ),
    "section that is a text": (
        replaced(15, measured("The grid", 40, section="the one about the front end")),
        (15, "I"),
        "过长",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_names_its_row(tmp_path: Path, case: str) -> None:
    rows, place, words = REFUSED[case]
    found = read(save(tmp_path / "scheme.xlsx", rows))
    assert found.scheme is None
    fitting = [e for e in found.errors if (e.row, e.column) == place and words in e.zh]
    assert fitting, [(e.row, e.column, e.zh) for e in found.errors]
    spoken: Any = report(found)["errors"]
    mine = next(e for e in spoken if e["row"] == place[0])
    assert mine["message"].startswith(f"第 {place[0]} 行：")
    assert mine["message_en"].startswith(f"Row {place[0]}: ")


def test_two_different_marks_in_one_row(tmp_path: Path) -> None:
    rows = workbooks.old_layout()
    rows[7][7] = 30
    found = read(save(tmp_path / "scheme.xlsx", rows))
    assert [(e.row, e.column) for e in found.errors] == [(8, "H")]
    assert "两个不同的值" in found.errors[0].zh


def test_every_fault_is_reported_at_once_and_nothing_imported(tmp_path: Path) -> None:
    rows = plain()
    rows[14][10], rows[22][3], rows[26][4] = "forty", None, None
    found = read(save(tmp_path / "scheme.xlsx", rows))
    assert found.scheme is None
    assert [e.row for e in found.errors] == [15, 23, 27]


def test_two_sheets_that_both_hold_a_scheme(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    workbooks.write(book.active, plain())
    workbooks.write(book.create_sheet("Draft"), plain())
    book.save(tmp_path / "scheme.xlsx")
    found = read(tmp_path / "scheme.xlsx")
    assert found.scheme is None
    assert "Sheet / Draft" in found.errors[0].en


def test_no_header_row(tmp_path: Path) -> None:
    found = read(save(tmp_path / "scheme.xlsx", [row(A="Shopping"), row(A="eggs", K=12)]))
    assert [e.row for e in found.errors] == [None]
    assert "表头" in found.errors[0].zh


def ole(inside: bytes) -> bytes:
    """The container of old and of encrypted Excel files."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + inside + bytes(500)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "不是 Excel 工作簿"),
        ("编号,名称\nA1,布局\n".encode(), "不是 Excel 工作簿"),
        (b"PK\x03\x04 and then nothing", "已损坏"),
        (ole(b"Workbook"), "不是 Excel 工作簿"),
        (ole("EncryptedPackage".encode("utf-16-le")), "密码"),
    ],
)
def test_files_that_are_no_workbook(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "scheme.xlsx"
    path.write_bytes(data)
    found = read(path)
    assert found.scheme is None
    assert [words in e.zh for e in found.errors] == [True]
    assert report(found)["aspects"] == 0


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    assert "missing.xlsx" in read(tmp_path / "missing.xlsx").errors[0].zh
    assert "无法读取" in read(tmp_path).errors[0].zh


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "scheme.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.html", "<p>hello</p>")
    assert "不是 Excel 工作簿" in read(path).errors[0].zh


def test_a_cell_in_the_far_corner_is_refused_before_it_costs_memory(tmp_path: Path) -> None:
    path = save(tmp_path / "scheme.xlsx", plain())
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["XFD1048576"] = "x"
    book.save(path)
    assert "XFD1048576" in read(path).errors[0].zh


def test_formatted_empty_cells_far_away_are_harmless(tmp_path: Path) -> None:
    path = save(tmp_path / "scheme.xlsx", plain())
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["XFD60000"].number_format = "0.00"
    book.save(path)
    assert report(read(path))["total"] == "100.00"


def test_huge_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "scheme.xlsx", plain())
    monkeypatch.setattr(workbook_file, "MAX_UNPACKED", 1000)
    assert "文件过大" in read(path).errors[0].zh
    monkeypatch.setattr(workbook_file, "MAX_FILE", 1000)
    assert "文件过大" in read(path).errors[0].zh
    assert "文件过大" in read_bytes(path.read_bytes()).errors[0].zh


def test_damaged_files_never_raise(tmp_path: Path) -> None:
    """Two hundred seeded injuries: cut short, bytes changed, members damaged."""
    whole = save(tmp_path / "scheme.xlsx", plain()).read_bytes()
    dice = random.Random(17)
    outcomes = Counter[bool]()
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(dice.randint(1, 30)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        found = read_bytes(bytes(data[: dice.choice([len(data), dice.randrange(len(data))])]))
        assert found.scheme is None or found.found.total > 0
        outcomes[found.scheme is None] += 1
    assert outcomes[True] > 150
