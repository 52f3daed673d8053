"""What we write as Excel files, opened and saved again by LibreOffice, which computes every formula
anew: marking schemes, the wrong rows of a roster, a list. Skipped where it is not installed:
`sudo apt-get install --no-install-recommends libreoffice-calc`."""

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from flask import Flask

from competition import tables
from judging import workbook
from judging.conversion import bare, convert
from tests.competition import rostering
from tests.competition.views import test_roster_pages as rosters
from tests.entering import entered
from tests.judging.test_conversion import OURS, REAL, without_rows

site = rosters.site
Saved = Callable[[Path], Path]
ALWAYS = """<?xml version="1.0"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode"
 oor:op="fuse"><value>0</value></prop></item></oor:items>"""
pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None,
    reason="no LibreOffice: sudo apt-get install --no-install-recommends libreoffice-calc",
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Have LibreOffice open a file, compute it and save it as xlsx somewhere else."""
    profile, out = tmp_path_factory.mktemp("profile"), tmp_path_factory.mktemp("saved")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)

    def save(file: Path) -> Path:
        subprocess.run(
            [
                "soffice", "--headless", f"-env:UserInstallation=file://{profile}",
                "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(file),
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return out / file.name

    return save


@pytest.mark.parametrize("file", [OURS, *REAL], ids=lambda file: file.stem)
def test_a_scheme_reads_the_same_after_it(file: Path, tmp_path: Path, saved: Saved) -> None:
    """All but row numbers; totals are computed by LibreOffice and differ from none of ours."""
    convert(file, tmp_path / f"{file.stem}.xlsx")
    before, after = workbook.read(file), workbook.read(saved(tmp_path / f"{file.stem}.xlsx"))
    assert without_rows(after) == without_rows(before)
    assert bare(after.found) == bare(before.found)


def test_the_wrong_rows_of_a_roster_come_back_from_it(
    site: Flask, tmp_path: Path, saved: Saved
) -> None:
    leader = entered(site, "harbin")
    rows = [rostering.person("=1+1", 1), rostering.person("李四", 2, "没有的")]
    page = rosters.send(leader, "/delegation/roster", rostering.a_csv(rows))
    rosters.work(site)
    (tmp_path / "errors.xlsx").write_bytes(leader.get(f"{page}/errors.xlsx").data)
    book = openpyxl.load_workbook(saved(tmp_path / "errors.xlsx"))
    sheet = book.worksheets[0]
    assert (sheet.cell(2, 1).value, sheet.cell(2, 1).data_type) == ("'=1+1", "s")
    assert sheet.cell(3, 2).value == rostering.number(2)  # all its figures, as a text
    assert "没有赛项" in sheet.cell(3, 3).comment.text
    sheet.cell(2, 1).value, sheet.cell(3, 3).value = "张三", "W19"
    out = io.BytesIO()
    book.save(out)
    again = rosters.send(leader, "/delegation/roster", out.getvalue())
    rosters.work(site)
    assert "导入 2 人" in rosters.text(leader, again)


def test_a_list_stays_texts_and_numbers(tmp_path: Path, saved: Saved) -> None:
    rows = [["=HYPERLINK(1)", 7], ["230102200503040012", None], ["张三", 12]]
    (tmp_path / "list.xlsx").write_bytes(tables.workbook("名单", ["姓名", "n"], rows))
    sheet = openpyxl.load_workbook(saved(tmp_path / "list.xlsx")).worksheets[0]
    found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert found == [["'=HYPERLINK(1)", 7], ["230102200503040012", None], ["张三", 12]]
    assert sheet.auto_filter.ref == "A1:B4"
