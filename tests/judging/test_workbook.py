"""The CIS workbook import: what is read, what is refused, and with which row."""

import datetime
import json
import random
import shutil
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from judging import workbook_file
from judging.rules.scheme import Parameter, Text
from judging.workbook import Reading, read, read_bytes, report
from tests.judging import workbooks
from tests.judging.workbooks import (
    CHINESE,
    GERMAN,
    RUSSIAN,
    judged,
    ladder,
    measured,
    plain,
    replaced,
    row,
    save,
    sub,
)

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures" / "cis"
FACTS = FIXTURES / "facts.json"


def reading(tmp_path: Path, rows: workbooks.Rows, **more: Any) -> Reading:
    """The reading of a workbook that holds these rows."""
    return read(save(tmp_path / "scheme.xlsx", rows, **more))


def said(problems: tuple[Any, ...]) -> list[tuple[int | None, str | None]]:
    """Row and column of each problem."""
    return [(problem.row, problem.column) for problem in problems]


def figures(found: Reading) -> dict[str, Any]:
    """The report without its sentences."""
    whole = report(found)
    return {key: whole[key] for key in whole if key not in ("errors", "warnings")}


PLAIN = {
    "criteria": 2,
    "sub_criteria": 3,
    "aspects": 5,
    "measurement": 3,
    "judgement": 2,
    "total": "100.00",
    "sections": {"1": "40.00", "2": "60.00"},
}


def test_a_plain_workbook_is_read_whole(tmp_path: Path) -> None:
    found = reading(tmp_path, plain())
    assert report(found) == PLAIN | {"errors": [], "warnings": []}
    scheme = found.scheme
    assert scheme is not None
    assert (scheme.skill, scheme.name) == ("17", Text.of("Web Technologies"))
    assert [criterion.name.en for criterion in scheme.criteria] == ["Layout", "Code"]
    assert [(s.code, s.day) for s in scheme.sub_criteria] == [("A1", "1"), ("A2", "2"), ("B1", "2")]
    codes = [aspect.code for aspect in scheme.aspects]
    assert codes == ["A1.01", "A1.02", "A2.01", "B1.01", "B1.02"]
    grid, looks = scheme.aspects[:2]
    assert (grid.kind, grid.max, grid.section, grid.row) == ("M", 4000, "1", 15)
    assert (grid.extra.zh, grid.requirement.en) == ("Count them", "8")
    assert [(rung.score, rung.text.en) for rung in looks.rungs] == [
        (0, "nothing"),
        (1, "acceptable"),
        (2, "good"),
        (3, "excellent"),
    ]


@pytest.mark.parametrize(
    "oddity",
    [
        workbooks.sub_and_aspect_in_one_row,
        workbooks.rung_0_on_the_aspect,
        workbooks.spaces_everywhere,
        workbooks.numbers_in_every_dress,
        workbooks.headers_twice,
        workbooks.unused_blocks,
        workbooks.one_block_for_all,
    ],
)
def test_oddities_that_change_nothing(tmp_path: Path, oddity: Any) -> None:
    found = reading(tmp_path, oddity())
    assert (found.errors, found.warnings) == ((), ())
    assert figures(found) == PLAIN
    assert [len(aspect.rungs) for aspect in found.found.aspects] == [0, 4, 0, 0, 4]


@pytest.mark.parametrize("labels", [CHINESE, RUSSIAN, GERMAN], ids=["zh", "ru", "de"])
def test_translated_labels_and_moved_tables(tmp_path: Path, labels: tuple[str, ...]) -> None:
    rows = plain()
    for at in (12, 24):
        rows[at][:11] = labels
    found = reading(tmp_path, rows, name="评分方案", down=4, right=2)
    assert (found.errors, found.warnings) == ((), ())
    assert figures(found) == PLAIN
    looks = found.found.aspects[1]
    assert (looks.row, looks.rungs[3].text.en) == (20, "excellent")
    assert found.found.aspects[0].requirement.en == "8"


def test_the_order_of_sheets_does_not_matter(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    workbooks.write(book.active, [row(A="Read me first"), row(A="ID", B="Name")])
    workbooks.write(book.create_sheet("Лист 3"), plain())
    book.save(tmp_path / "scheme.xlsx")
    assert figures(read(tmp_path / "scheme.xlsx")) == PLAIN


def test_an_id_on_every_aspect_opens_one_form(tmp_path: Path) -> None:
    found = reading(tmp_path, workbooks.id_on_every_aspect())
    assert (found.errors, found.warnings) == ((), ())
    assert [aspect.max for aspect in found.found.sub_criteria[1].aspects] == [1500, 500]


def test_cyrillic_look_alikes_are_read_and_named(tmp_path: Path) -> None:
    found = reading(tmp_path, workbooks.cyrillic_ids())
    assert figures(found) == PLAIN
    assert found.errors == ()
    assert said(found.warnings) == [(14, "A"), (26, "A")]
    assert "已按 A1 读入" in found.warnings[0].zh
    assert [s.code for s in found.found.sub_criteria] == ["A1", "A2", "B1"]


def test_ids_used_twice_stay_apart(tmp_path: Path) -> None:
    found = reading(tmp_path, workbooks.ids_twice())
    assert found.errors == ()
    assert [(s.code, s.written, len(s.aspects)) for s in found.found.sub_criteria] == [
        ("A1", "A1", 0),
        ("A1-2", "A1", 2),
        ("A2", "A2", 1),
        ("B1", "B1", 2),
        ("B1-2", "B1", 1),
    ]
    assert found.found.aspects[0].code == "A1-2.01"
    assert said(found.warnings) == [(14, None), (15, None), (34, None)]
    assert figures(found) == PLAIN | {"sub_criteria": 5, "aspects": 6, "measurement": 4}


def test_typed_totals_are_compared_never_believed(tmp_path: Path) -> None:
    found = reading(tmp_path, workbooks.wrong_totals())
    assert figures(found) == PLAIN
    assert found.errors == ()
    assert [(w.row, w.en) for w in found.warnings] == [
        (5, "The file's total says 39.00; its aspects give 40.00, which counts."),
        (11, "The file's total says 71.00; its aspects give 70.00, which counts."),
        (25, "The file's total says 29.50; its aspects give 30.00, which counts."),
    ]


def test_a_total_that_is_only_binary_noise_away_is_right(tmp_path: Path) -> None:
    rows = plain()
    rows[12][13] = 70.00000000000006
    rows[10][10] = 69.99999999999993
    assert reading(tmp_path, rows).warnings == ()


def test_section_variation_is_a_warning(tmp_path: Path) -> None:
    rows = plain()
    rows[4][8], rows[5][8] = 35, "65"
    found = reading(tmp_path, rows)
    assert found.scheme is not None
    assert [(w.row, w.en) for w in found.warnings] == [
        (5, "Section 1 declares 35.00 marks; its aspects give 40.00 (+5.00)."),
        (6, "Section 2 declares 65.00 marks; its aspects give 60.00 (-5.00)."),
    ]


def test_a_scheme_out_of_50_is_a_warning(tmp_path: Path) -> None:
    found = reading(tmp_path, workbooks.out_of_50())
    assert found.scheme is not None
    assert figures(found)["total"] == "50.00"
    assert found.warnings[0].zh == "总分是 50.00，不是 100.00。"


def test_the_older_layout(tmp_path: Path) -> None:
    found = reading(tmp_path, workbooks.old_layout())
    assert found.errors == ()
    assert [(a.kind, a.max, a.section) for a in found.found.aspects] == [
        ("M", 6000, ""),
        ("J", 4000, ""),
    ]
    assert found.found.sub_criteria[0].day == ""
    assert [w.row for w in found.warnings] == [None]  # one sentence on sections, not one per aspect


def test_subjective_aspects_of_the_older_layout(tmp_path: Path) -> None:
    with_rungs = reading(tmp_path, workbooks.old_layout("S"))
    assert with_rungs.errors == ()
    assert with_rungs.found.count("J") == 1
    without = reading(tmp_path, workbooks.old_layout("S", rungs=False))
    assert without.scheme is None
    assert said(without.errors) == [(8, "C")]
    assert "改为 J" in without.errors[0].zh


def test_an_empty_template_has_no_aspects(tmp_path: Path) -> None:
    found = reading(tmp_path, workbooks.empty_template())
    assert found.scheme is None
    assert [e.en.split(".")[0] for e in found.errors] == ["The scheme has no aspects"]
    assert found.warnings == ()
    assert figures(found)["total"] == "0.00"


def test_texts_over_several_rows(tmp_path: Path) -> None:
    grid, looks = reading(tmp_path, workbooks.continued_texts()).found.aspects[:2]
    assert grid.extra.en == "Count them\nand look for gaps"
    assert grid.requirement.en == "8\n± 0"
    assert looks.extra.en == "from two metres away"
    assert looks.rungs[0].text.en == "nothing\nor almost nothing"


def test_a_remark_without_an_aspect_is_named_but_harmless(tmp_path: Path) -> None:
    found = reading(tmp_path, replaced(14, [*sub("A1", "Grid")[:6], "bring a ruler"]))
    assert figures(found) == PLAIN
    assert said(found.warnings) == [(14, "G")]


def test_a_sub_criterion_of_another_letter_counts_where_it_stands(tmp_path: Path) -> None:
    found = reading(tmp_path, replaced(22, sub("F1", "Menu")))
    assert found.errors == ()
    assert [(w.row, w.en) for w in found.warnings] == [
        (22, "Sub-criterion F1 stands in criterion A and counts there.")
    ]
    assert [criterion.total for criterion in found.found.criteria] == [7000, 3000]


def test_calculations_are_carried(tmp_path: Path) -> None:
    rows = plain()
    rows[14][9], rows[22][9] = 2, "3"
    calculations = [
        ["Yes or no", "PASS_FAIL", True],
        ["Columns", "NUMBER_COMPLETED", False, "NUM_POSSIBLE:::8.00000000#x~x#"],
        [
            "How it opens",
            "CHOICE",
            False,
            "CHOICE_1:::0E-8#x~x#at once#-#CHOICE_2:::0.25000000#x~x#late#-#UNIT:::#x~x#ms",
        ],
    ]
    grid, _, menu, *_ = reading(tmp_path, rows, calculations=calculations).found.aspects
    assert grid.calculation is not None and menu.calculation is not None
    assert grid.calculation.kind == "NUMBER_COMPLETED"
    assert (grid.calculation.label, grid.calculation.flag) == ("Columns", "FALSE")
    assert grid.calculation.parameters[0].number == 8
    assert menu.calculation.parameters == (
        Parameter("CHOICE_1", "0E-8", "at once"),
        Parameter("CHOICE_2", "0.25000000", "late"),
        Parameter("UNIT", "", "ms"),
    )
    assert [p.number for p in menu.calculation.parameters] == [0, Decimal("0.25"), None]


REFUSED = {
    "mark without type": (
        replaced(15, row(E="The grid", I=1, K=40)),
        (15, "D"),
        "没有类型",
    ),
    "unknown type": (replaced(15, row(D="X", E="The grid", I=1, K=40)), (15, "D"), "类型“X”"),
    "aspect without mark": (replaced(15, measured("The grid", None)), (15, None), "没有分值"),
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
    found = reading(tmp_path, rows)
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
    found = reading(tmp_path, rows)
    assert said(found.errors) == [(8, "H")]
    assert "两个不同的值" in found.errors[0].zh


def test_every_fault_is_reported_at_once_and_nothing_imported(tmp_path: Path) -> None:
    rows = plain()
    rows[14][10], rows[22][3], rows[26][4] = "forty", None, None
    found = reading(tmp_path, rows)
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
    found = reading(tmp_path, [row(A="Shopping"), row(A="eggs", K=12)])
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
    assert figures(read(path)) == PLAIN


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


@pytest.mark.skipif(not FACTS.is_file(), reason=f"the real workbooks are not at {FIXTURES}")
class TestRealWorkbooks:
    """Every file of shared/fixtures/cis against what facts.json says it truly holds."""

    facts = json.loads(FACTS.read_text("utf-8")) if FACTS.is_file() else {}

    @pytest.mark.parametrize("name", facts)
    def test_agrees_with_the_facts(self, name: str) -> None:
        facts = self.facts[name]
        found = read(FIXTURES / name)
        figures: Any = report(found)
        assert figures["criteria"] == len(facts["block_sums"])
        assert figures["sub_criteria"] == facts["subs"]
        assert figures["aspects"] == facts["aspects"]
        assert figures["measurement"] == facts["types"].get("M", 0)
        assert figures["judgement"] == facts["types"].get("J", 0)
        assert Decimal(figures["total"]) == Decimal(facts["sum"])
        sums = {number: Decimal(marks) for number, marks in facts["section_sums"].items()}
        assert {n: Decimal(marks) for n, marks in figures["sections"].items()} == sums
        assert bool(figures["errors"]) == (facts["aspects"] == 0)

    @pytest.mark.parametrize("name", facts)
    def test_the_scheme_behind_the_figures(self, name: str) -> None:
        facts = self.facts[name]
        scheme = read(FIXTURES / name).found
        assert Counter(sub.day for sub in scheme.sub_criteria) == facts["days"]
        assert [Decimal(c.total) / 100 for c in scheme.criteria] == [
            Decimal(marks) for marks in facts["block_sums"]
        ]
        ids = Counter(sub.written for sub in scheme.sub_criteria)
        assert [code for code, times in ids.items() if times > 1] == facts["sub_ids_dup"]
        ladders = Counter(
            ",".join(str(rung.score) for rung in aspect.rungs)
            for aspect in scheme.aspects
            if aspect.rungs
        )
        assert ladders == facts["J_ladders"]
        marks = [Decimal(aspect.max) / 100 for aspect in scheme.aspects]
        spread = facts["mark_range"]
        assert [min(marks), max(marks)] == [Decimal(m) for m in spread] if spread else not marks
        named = [(c.letter, c.name.en) for c in scheme.criteria if c.name]
        assert named == [(letter, title) for letter, title, _ in facts["criteria_table"]]
        said = [(s.number, s.name.en) for s in scheme.sections]
        assert said == [(number, title) for number, title, _ in facts["sections"]]

    def test_a_real_file_without_its_name(self, tmp_path: Path) -> None:
        """Only the content counts: another name changes nothing."""
        name = "ES_prev_marking-complete.xlsx"
        shutil.copyfile(FIXTURES / name, tmp_path / "评分表 (2).bin")
        assert report(read(tmp_path / "评分表 (2).bin")) == report(read(FIXTURES / name))
