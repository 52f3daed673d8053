"""The CIS workbook import: every layout and oddity that is read."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from judging.rules.scheme import Parameter, Text
from judging.workbook import Reading, read, report
from tests.judging import workbooks
from tests.judging.workbooks import (
    CHINESE,
    GERMAN,
    RUSSIAN,
    plain,
    replaced,
    row,
    save,
    sub,
)


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


def test_a_calculation_of_every_kind_is_read_without_a_word(tmp_path: Path) -> None:
    path = workbooks.save(
        tmp_path / "all.xlsx", workbooks.every_calculation(), workbooks.CALCULATIONS
    )
    found = read(path)
    assert (found.errors, found.warnings) == ((), ())
    kinds = [one.calculation.kind for one in found.found.aspects if one.calculation]
    assert kinds == [row[1] for row in workbooks.CALCULATIONS]


def test_a_calculation_that_says_nothing_is_carried_and_named_with_its_row(tmp_path: Path) -> None:
    rows = workbooks.unreadable_calculation()
    path = workbooks.save(tmp_path / "odd.xlsx", rows, [["Length", "RANGED_SCORE", False]])
    found = read(path)
    assert found.errors == () and [one.row for one in found.warnings] == [15]
    assert "裁判须直接给分" in found.warnings[0].zh
    assert found.found.aspects[0].calculation is not None
