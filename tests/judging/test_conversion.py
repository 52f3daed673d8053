"""`podium scheme convert`: a workbook written from our own model reads like the original."""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import yaml
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import main
from competition.database import db
from competition.models import Skill
from competition.rules.refusal import Refusal
from judging import workbook, workbook_writing
from judging.conversion import bare, convert, export, of_skill, written
from judging.rules import scheme_draft
from judging.rules.scheme import Text
from judging.rules.scheme_mapping import from_mapping
from judging.scheme import adopt
from tests.judging import workbooks
from tests.judging.seed import RUNGS, Seeded
from tests.judging.workbooks import ids_twice, plain, save

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures" / "cis"
REAL = sorted(FIXTURES.glob("*.xlsx"))
OURS = Path(__file__).parents[2] / "tasks" / "sky-battle" / "scheme.xlsx"


def without_rows(reading: workbook.Reading) -> dict[str, object]:
    """The report of a reading but for row numbers: what has to be the same in both files. The
    order of problems follows the rows, so it is left out as well."""
    report = workbook.report(reading)
    problems = {
        word: sorted((one.en, one.column or "") for one in found)
        for word, found in (("errors", reading.errors), ("warnings", reading.warnings))
    }
    return {**report, **problems}


@pytest.mark.parametrize("file", [OURS, *REAL], ids=lambda file: file.stem)
def test_a_workbook_survives_the_way_through_our_model(file: Path, tmp_path: Path) -> None:
    convert(file, tmp_path / "out.xlsx")
    before, after = workbook.read(file), workbook.read(tmp_path / "out.xlsx")
    assert without_rows(after) == without_rows(before)
    assert bare(after.found) == bare(before.found)
    convert(tmp_path / "out.xlsx", tmp_path / "again.xlsx")
    assert bare(workbook.read(tmp_path / "again.xlsx").found) == bare(before.found)


ODDITIES = (
    workbooks.sub_and_aspect_in_one_row, workbooks.id_on_every_aspect,
    workbooks.rung_0_on_the_aspect, workbooks.cyrillic_ids, workbooks.spaces_everywhere,
    workbooks.ids_twice, workbooks.numbers_in_every_dress, workbooks.wrong_totals,
    workbooks.headers_twice, workbooks.unused_blocks, workbooks.old_layout,
    workbooks.empty_template, workbooks.out_of_50, workbooks.continued_texts,
    workbooks.one_block_for_all, workbooks.every_calculation,
)  # fmt: skip


@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda one: one.__name__)
def test_every_oddity_is_written_anew_in_the_published_layout(
    oddity: Callable[[], workbooks.Rows], tmp_path: Path
) -> None:
    """What was read is written, however oddly it stood; and goes through a draft unchanged."""
    save(tmp_path / "in.xlsx", oddity(), workbooks.CALCULATIONS)
    convert(tmp_path / "in.xlsx", tmp_path / "out.xlsx")
    before, after = workbook.read(tmp_path / "in.xlsx"), workbook.read(tmp_path / "out.xlsx")
    assert bare(after.found) == bare(before.found)
    drafted = scheme_draft.read(scheme_draft.body(before.found)).scheme
    assert [replace(one, row=None) for one in drafted.aspects] == [
        replace(one, row=None) for one in before.found.aspects
    ]


def test_calculations_keep_their_parameters(tmp_path: Path) -> None:
    rows = plain()
    measured = [row for row in rows if len(row) > 10 and row[3] == "M"]
    for number, row in zip((2, 1, 2, 3), measured, strict=False):
        row[9] = number
    calculations = [
        ["Yes or no", "PASS_FAIL", True],
        ["Columns", "NUMBER_COMPLETED", False, "NUM_POSSIBLE:::8.00000000#x~x#"],
        ["Finish", "CHOICE", False, "CHOICE_1:::0E-8#x~x#even#-#CHOICE_2:::0.25000000#x~x#rough"],
    ]
    before = workbook.read(save(tmp_path / "in.xlsx", rows, calculations)).found
    convert(tmp_path / "in.xlsx", tmp_path / "out.xlsx")
    after = workbook.read(tmp_path / "out.xlsx").found
    kinds = [one.calculation.kind for one in before.aspects if one.calculation]
    assert {"NUMBER_COMPLETED", "PASS_FAIL"} <= set(kinds)
    assert [one.calculation for one in after.aspects] == [one.calculation for one in before.aspects]


def test_a_workbook_is_never_written_over_itself(tmp_path: Path) -> None:
    file = save(tmp_path / "in.xlsx", plain())
    before = file.read_bytes()
    for again in (file, tmp_path / "." / "in.xlsx"):
        with pytest.raises(Refusal, match="the source itself"):
            convert(file, again)
    assert file.read_bytes() == before


def test_totals_are_formulas_with_their_values(tmp_path: Path) -> None:
    save(tmp_path / "in.xlsx", plain())
    convert(tmp_path / "in.xlsx", tmp_path / "out.xlsx")
    scheme = workbook.read(tmp_path / "in.xlsx").found
    formulas = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    values = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True).worksheets[0]
    for criterion in scheme.criteria:
        row = next(
            row
            for row in range(1, formulas.max_row + 1)
            if str(formulas.cell(row, 12).value).endswith(f"\n{criterion.letter}")
        )
        assert str(formulas.cell(row, 13).value).startswith("=SUM(K")
        assert round(values.cell(row, 13).value * 100) == criterion.total


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    save(tmp_path / "in.xlsx", plain())
    scheme = workbook.read(tmp_path / "in.xlsx").found
    evil = dataclasses.replace(scheme, name=Text.of("=1+1"))
    (tmp_path / "out.xlsx").write_bytes(workbook_writing.write(evil))
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]["B1"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_english_where_it_is_known(tmp_path: Path) -> None:
    save(tmp_path / "in.xlsx", plain())
    scheme = workbook.read(tmp_path / "in.xlsx").found
    both = dataclasses.replace(scheme, name=Text("网站设计", "Web Technologies"))
    for language, said in (("zh", "网站设计"), ("en", "Web Technologies")):
        name = workbook.read_bytes(workbook_writing.write(both, language)).found.name
        assert name.zh == said


def test_what_no_cell_can_hold_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "in.xlsx", plain())
    scheme = workbook.read(tmp_path / "in.xlsx").found
    with pytest.raises(Refusal, match="32767"):
        workbook_writing.write(dataclasses.replace(scheme, name=Text.of("字" * 40_000)))


def run(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(main, ["scheme", "convert", *arguments])
    return found.exit_code, found.output


def test_a_file_with_errors_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    rows = plain()
    for row in rows:
        if len(row) > 10 and row[3] == "M":
            row[10] = "abc"
            break
    save(tmp_path / "in.xlsx", rows)
    code, said = run(str(tmp_path / "in.xlsx"), str(tmp_path / "out.xlsx"))
    assert code == 1 and "没有写出文件" in said and "no file was written" in said
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize("target", ["out.xls", "nowhere/out.xlsx"])
def test_a_target_that_cannot_be(target: str, tmp_path: Path) -> None:
    save(tmp_path / "in.xlsx", plain())
    code, said = run(str(tmp_path / "in.xlsx"), str(tmp_path / target), "--json")
    assert code == 1 and json.loads(said)["ok"] is False
    assert [file.name for file in tmp_path.iterdir()] == ["in.xlsx"]


def test_the_report_is_one_document(tmp_path: Path) -> None:
    save(tmp_path / "in.xlsx", plain())
    code, said = run(str(tmp_path / "in.xlsx"), str(tmp_path / "out.xlsx"), "--json")
    assert code == 0 and json.loads(said)["total"] == "100.00"


def test_a_text_file_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "in.xlsx").write_text("hello")
    code, said = run(str(tmp_path / "in.xlsx"), str(tmp_path / "out.xlsx"))
    assert code == 1 and "Error" in said and "Traceback" not in said


DEMO = Path(__file__).parents[2] / "judging" / "demo_schemes"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_demo_scheme_survives_the_export(language: str) -> None:
    found = sorted(DEMO.glob("*.yaml"))
    assert len(found) > 60
    for file in found:
        scheme = from_mapping(yaml.safe_load(file.read_text("utf-8")))
        scheme = dataclasses.replace(scheme, name=scheme.name or Text("赛项", "Skill"))
        reading = workbook.read_bytes(written(scheme, language))
        assert reading.scheme is not None and reading.scheme.total == scheme.total
        told = [getattr(one.description, language) for one in scheme.aspects]
        assert [one.description.zh for one in reading.scheme.aspects] == told


def test_the_scheme_of_a_skill_is_exported_and_imports_as_the_same(
    sqlite_app: Flask, day: Seeded, chief: FlaskClient
) -> None:
    answer = chief.get("/desk/T17/scheme.xlsx")
    assert answer.status_code == 200 and "T17-zh.xlsx" in answer.headers["Content-Disposition"]
    found = workbook.read_bytes(answer.data).scheme
    assert found is not None and (found.skill, found.name.zh) == ("T17", "网站设计与开发")
    counted = next(one for one in found.aspects if one.code == "A1.04").calculation
    assert counted is not None and counted.kind == "NUMBER_COMPLETED"
    assert [one.text.zh for one in found.aspects[-1].rungs] == [one["zh"] for one in RUNGS]
    with sqlite_app.app_context():
        skill = db.session.scalars(select(Skill)).one()
        english = workbook.read_bytes(written(of_skill(skill), "en")).found
    assert english.name.zh == "Web Technologies"


def test_a_skill_without_a_scheme_exports_nothing(bare: None, chief: FlaskClient) -> None:
    answer = chief.get("/desk/T17/scheme.xlsx")
    assert answer.status_code == 409 and "没有导出" in answer.text


def test_an_id_that_was_used_twice_is_written_twice_again(
    sqlite_app: Flask, day: Seeded, tmp_path: Path
) -> None:
    before = workbook.read(save(tmp_path / "in.xlsx", ids_twice()))
    with sqlite_app.app_context():
        skill = db.session.scalars(select(Skill)).one()
        adopt(skill.id, before.found, actor_id=None)
        export(skill, "zh", tmp_path / "out.xlsx")
    after = workbook.read(tmp_path / "out.xlsx")
    codes = [(one.code, one.written) for one in after.found.sub_criteria]
    assert codes == [(one.code, one.written) for one in before.found.sub_criteria]
    assert ("A1-2", "A1") in codes
