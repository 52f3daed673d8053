"""Sky Battle as a package: its parts agree, and every submission gets the marks beside it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from judging import workbook
from sandbox.package_check import check_package
from sandbox.runner import judge
from sandbox.task import load

PACKAGE = Path(__file__).parents[2] / "tasks" / "sky-battle"
RIG = Path(__file__).parents[2] / "sandbox" / "rig"
CHECKS = {path.name: path.read_text("utf-8") for path in (PACKAGE / "checks").glob("*.mjs")}
SPECS = "\n".join(text for name, text in CHECKS.items() if name.endswith(".spec.mjs"))
STATEMENTS = [(PACKAGE / "statement" / f"{one}.md").read_text("utf-8") for one in ("zh", "en")]


@pytest.fixture(scope="module")
def task():
    return load(PACKAGE)


@pytest.fixture(scope="module")
def aspects():
    """Every aspect of scheme.yaml by its code."""
    scheme = yaml.safe_load((PACKAGE / "scheme.yaml").read_text("utf-8"))
    return {
        f"{sub['id']}.{position:02d}": aspect
        for criterion in scheme["criteria"]
        for sub in criterion["sub_criteria"]
        for position, aspect in enumerate(sub["aspects"], start=1)
    }


def hundredths(mark):
    whole, part = mark.split(".")
    return int(whole) * 100 + int(part)


def test_the_scheme_adds_up_to_100(aspects):
    assert sum(hundredths(aspect["max"]) for aspect in aspects.values()) == 100_00
    kinds = {aspect["type"] for aspect in aspects.values()}
    assert kinds == {"M", "J"}
    assert all(len(a["rungs"]) == 4 for a in aspects.values() if a["type"] == "J")


def test_the_maxima_of_the_task_are_those_of_the_scheme(task, aspects):
    checked = {code: hundredths(a["max"]) for code, a in aspects.items() if a.get("checks")}
    assert dict(task.maxima) == checked


def test_checks_propose_marks_for_measurements_only(aspects):
    assert {a["type"] for a in aspects.values() if a.get("checks")} == {"M"}


def test_every_check_names_an_aspect_and_every_such_aspect_has_a_check(task):
    assert set(re.findall(r"'([A-Z]\d\.\d\d)'", SPECS)) == set(task.maxima)


def test_the_workbook_is_made_from_the_scheme(aspects):
    reading = workbook.read(PACKAGE / "scheme.xlsx")
    assert reading.errors == ()
    found = {
        aspect.code: (aspect.kind, aspect.max, aspect.description.zh)
        for criterion in reading.scheme.criteria
        for sub in criterion.sub_criteria
        for aspect in sub.aspects
    }
    assert found == {
        code: (a["type"], hundredths(a["max"]), f"{a['zh']} / {a['en']}")
        for code, a in aspects.items()
    }


def test_the_statement_names_every_hook_that_checks_use():
    code = "\n".join(CHECKS.values())
    called = r"(?:find|text|control|missing|fontButton)\(([^)]*)\)"
    used = {name for call in re.findall(called, code) for name in re.findall(r"'([a-z]+)'", call)}
    used |= set(re.findall(r'data-sky~?="([a-z]+)"', code))
    known = {"stage", "start", "fuel", "score", "clock", "plane", "shot", "enemy", "rock", "friend"}
    known |= {"drop", "larger", "smaller", "name", "ranking"}
    assert used - known == set()
    for statement in STATEMENTS:
        table = {name for line in statement.splitlines() if line.startswith("| `data-sky=")
                 for name in re.findall(r'"([a-z]+)"', line)}  # fmt: skip
        assert table == known
        assert "data-sky-things" in statement


def test_the_statements_tell_the_same_marks(aspects):
    tables = [re.findall(r"^\| ([A-G]) .*?\| (.*) \|$", text, re.MULTILINE) for text in STATEMENTS]
    assert tables[0] == tables[1]
    for letter, marks in tables[0]:
        mine = [a for code, a in aspects.items() if code.startswith(letter)]
        total = sum(hundredths(a["max"]) for a in mine)
        checked = sum(hundredths(a["max"]) for a in mine if a.get("checks"))
        shown = [
            0 if cell.strip() == "–" else hundredths(cell.strip()) for cell in marks.split("|")
        ]
        assert shown == [total, checked, total - checked]


def test_no_script_is_longer_than_400_lines():
    scripts = [*RIG.glob("*.*js"), *PACKAGE.rglob("*.js"), *PACKAGE.rglob("*.mjs")]
    assert len(scripts) > 30
    long = [p.name for p in scripts if len(p.read_text("utf-8").splitlines()) > 400]
    assert long == []


def test_the_package_knows_good_and_bad_submissions(task):
    names = {known.name for known in task.submissions}
    assert {"start", "reference", "canvas", "empty-start", "no-index", "no-hooks"} <= names
    assert {"no-collision", "fuel-never-falls", "rock-score-wrong", "pause-only-hides"} <= names
    assert "console-errors-external" in names


def test_what_is_committed_is_what_the_generator_writes(tmp_path):
    """Run on a copy, so that the work tree stays as it is."""
    copy = tmp_path / "sky-battle"
    shutil.copytree(PACKAGE, copy)
    subprocess.run([sys.executable, copy / "submissions" / "make.py"], check=True, timeout=60)
    for path in sorted(copy.joinpath("submissions").rglob("*")):
        if path.is_file():
            mine = PACKAGE / path.relative_to(copy)
            assert mine.is_file(), path
            assert mine.read_bytes() == path.read_bytes(), path


@pytest.mark.docker
def test_the_reference_passes_every_public_check(task):
    result = judge(task, PACKAGE / "submissions" / "reference" / "site", None, only="public")
    assert {check.id for check in result.checks} == {
        "opens", "no-outside-request", "start-screen", "starts", "all-in-sight"
    }  # fmt: skip
    assert {check.outcome for check in result.checks} == {"passed"}, result.checks
    assert result.verdict == "AC"


# Each takes two cores for a minute or two. tests/test_a_day.py judges the reference, `podium task
# check tasks/sky-battle` all of them: whoever changes a check or the rig runs it.
HERE = {"canvas", "no-collision", "pause-only-hides", "start", "empty-start", "no-index"}


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_submissions_get_the_marks_written_beside_them(task, tmp_path):
    """Another hand's sound build, two with a fault, and three that cannot be played."""
    some = tmp_path / "sky-battle"
    shutil.copytree(PACKAGE, some)
    for known in task.submissions:
        if known.name not in HERE:
            shutil.rmtree(some / "submissions" / known.name)
    report = check_package(some, print)
    told = json.dumps(report.as_dict(), ensure_ascii=False, indent=1)
    assert report.ok, told
    assert {each.submission for each in report.results} == HERE
