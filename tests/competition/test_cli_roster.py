"""`podium roster`: the documents it prints, without settings or database where none is needed."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.competition.rostering import a_csv, founded, person
from tests.conftest import PODIUM, opened, settings_for

ROSTERS = Path(__file__).parents[3] / "shared/fixtures/rosters"


def podium(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in an empty folder, with no PODIUM_ setting at all."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PODIUM_")}
    return subprocess.run(
        [PODIUM, *arguments], cwd=folder, env=clean, capture_output=True, text=True, check=False
    )


def test_check_needs_nothing_and_prints_one_document(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text(
        "报名表,,,\n姓名,身份证号,赛项,代表队\n张三,23012520010314999,W17,哈尔滨\n"
        "李四,23038120010610999x,工业控制,大庆\n",
        "gb18030",
    )
    done = podium(tmp_path, "roster", "check", str(file), "--json")
    document = json.loads(done.stdout)
    assert done.returncode == 1
    assert list(document) == ["rows", "ready", "errors", "warnings"]
    assert (document["rows"], document["ready"]) == (2, 1)
    (error,), (warning,) = document["errors"], document["warnings"]
    assert list(error) == ["row", "column", "message"]
    assert (error["row"], error["column"]) == (3, "身份证号")
    assert "应为 18 位" in error["message"] and "Should have 18" in error["message"]
    assert (warning["row"], warning["column"]) == (4, "身份证号")
    assert "2303" not in done.stdout
    for_people = podium(tmp_path, "roster", "check", str(file))
    assert for_people.returncode == 1
    assert "第 3 行 row 3 [身份证号]" in for_people.stderr
    assert "Traceback" not in for_people.stderr


def test_check_of_a_file_that_is_no_roster(tmp_path: Path) -> None:
    done = podium(tmp_path, "roster", "check", "none.xlsx", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["rows"], len(document["errors"])) == (1, 0, 1)
    plain = podium(tmp_path, "roster", "check", "none.xlsx")
    assert plain.returncode == 1 and "cannot be read" in plain.stderr


def test_check_with_a_delegation_that_the_file_does_not_name(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("姓名,身份证号,赛项\n李四,23038120010610999X,工业控制\n")
    assert podium(tmp_path, "roster", "check", str(file)).returncode == 1
    done = podium(tmp_path, "roster", "check", str(file), "--delegation", "大庆", "--json")
    assert (done.returncode, json.loads(done.stdout)["ready"]) == (0, 1)
    assert podium(tmp_path, "roster", "check", str(file), "--delegation", "月球").returncode == 1


@pytest.mark.skipif(not ROSTERS.exists(), reason="the shared fixtures are not beside the project")
@pytest.mark.parametrize(
    "name", ["roster_1000.xlsx", "roster_1000.utf8.csv", "roster_1000.gb18030.csv"]
)
def test_the_shared_rosters_check_without_an_error(name: str, tmp_path: Path) -> None:
    done = podium(tmp_path, "roster", "check", str(ROSTERS / name), "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["rows"], document["ready"], document["errors"]) == (
        0, 1000, 1000, [],
    )  # fmt: skip


def test_import_prints_one_document_and_says_what_was_wrong(
    sqlite_url: str, tmp_path: Path
) -> None:
    with opened(sqlite_url, tmp_path) as app, app.app_context():
        founded()
    settings = settings_for(sqlite_url, tmp_path)
    file = tmp_path / "名册.csv"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        clean = {name: one for name, one in os.environ.items() if not name.startswith("PODIUM_")}
        return subprocess.run(
            [PODIUM, "roster", "import", str(file), *arguments],
            cwd=tmp_path, env=clean | settings, capture_output=True, text=True, check=False,
        )  # fmt: skip

    file.write_bytes(a_csv([person("张三", 1), person("李四", 2, "没有的赛项")]))
    done = run("--json")
    document = json.loads(done.stdout)
    assert (done.returncode, document["ok"]) == (1, False)
    assert (document["counts"]["imported"], document["counts"]["wrong"]) == (1, 1)
    (error,) = document["errors"]
    assert (error["row"], error["column"]) == (3, "赛项")

    file.write_bytes(a_csv([person("张三", 1), person("李四", 2)]))
    done = run()
    assert done.returncode == 0, done.stderr
    assert "1 people imported, 1 the same" in done.stdout and "导入 importing" in done.stderr
    done = run("--json")
    assert done.returncode == 0 and json.loads(done.stdout)["counts"]["same"] == 2

    file.write_bytes(b"%PDF")
    done = run("--json")
    assert done.returncode == 1 and "不是 Excel" in json.loads(done.stdout)["error"]["zh"]
    assert "没有代表队" in run("--delegation", "火星").stderr
