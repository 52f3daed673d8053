"""Checking problem packages: what is found when a submission is not what it should be."""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from sandbox import packages
from sandbox.problem import SCORE
from sandbox.problem_check import check_problem
from sandbox.problem_judge import maxima
from sandbox.problem_reading import load
from tests.sandbox.packages_on_the_fly import GOOD, GROUPS, MODERN, SOUND, write
from tests.sandbox.plain_boxes import plain_bench

TASKS = Path(__file__).parents[2] / "tasks"
OWN = sorted(path.parent for path in TASKS.glob("*/problem.yaml"))


@pytest.fixture
def bench():
    with plain_bench() as bench:
        yield bench


@pytest.fixture
def package(tmp_path):
    def make(files=(), base=SOUND):
        return load(write(tmp_path / "double", dict(files), base))

    return make


def checked(problem, bench):
    report = check_problem(problem, bench, lambda _: None)
    plain = report.as_dict()
    assert plain["package"] == problem.id and plain["ok"] is report.ok
    for row in plain["results"]:
        assert {"submission", "expected", "found", "ok", "differs", "verdict", "seconds",
                "remarks"} <= row.keys()  # fmt: skip
        assert isinstance(row["found"]["total"], str)
    assert all(each.submission in report.table() for each in report.results)
    return report


def test_a_sound_package_passes_its_check(package, bench):
    report = checked(package(), bench)
    assert report.ok and report.time_limit_ms == 2000
    assert [row.found for row in report.results] == ["AC", "WA"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("submissions/accepted/bad.py", "print(0)"),
        ("submissions/accepted/broken.py", "print("),
        ("submissions/wrong_answer/right.py", GOOD),
        ("submissions/wrong_answer/crash.py", "exit(1)"),
        ("submissions/run_time_error/right.py", GOOD),
        ("submissions/time_limit_exceeded/right.py", GOOD),
        ("submissions/accepted/x.py", "# @EXPECTED_RESULTS@: TIMELIMIT\n" + GOOD),
    ],
)
def test_a_wrong_expectation_is_found(package, bench, name, text):
    report = checked(package({name: text, ".timelimit": "0.3"}), bench)
    assert not report.ok
    (row,) = (row for row in report.results if not row.ok)
    assert name.endswith(row.submission) and row.remarks and row.as_dict()["differs"] == [SCORE]


def test_several_verdicts_may_be_allowed(package, bench):
    files = {
        "submissions/mixed/a.py": "# @EXPECTED_RESULTS@: WRONG-ANSWER, RUN-ERROR\nexit(1)",
        "submissions/mixed/b.py": "# @EXPECTED_RESULTS@: COMPILER-ERROR\nprint(",
    }
    assert checked(package(files), bench).ok


def test_expectations_of_2023_07(package, bench):
    files = {
        "submissions/rejected/part.py": "x = int(input()); print(2 * x if x > 0 else 1)",
        "submissions/submissions.yaml": """
rejected/part.py:
  secret/01: {permitted: [AC]}
  secret/02: {permitted: [WA], required: [WA], message: word}
""",
    }
    assert checked(package(files, MODERN), bench).ok
    files["submissions/rejected/part.py"] = "print(0)"
    report = checked(package(files, MODERN), bench)
    assert not report.ok and any("secret/01" in r for row in report.results for r in row.remarks)


def test_without_a_limit_the_accepted_submissions_give_it(package, bench):
    report = checked(
        package({".timelimit": None, "submissions/time_limit_exceeded/x.py": "while True: pass"}),
        bench,
    )
    assert report.ok and report.time_limit_ms == 1000
    assert any(".timelimit" in warning for warning in report.warnings)


def test_other_languages_are_left_out_and_said_so(package, bench):
    report = checked(package({"submissions/accepted/x.hs": "main"}), bench)
    assert report.ok and [row.found for row in report.results] == ["AC", "-", "WA"]


def test_a_package_nobody_can_judge_here_is_not_ok(package, bench):
    problem = package({"submissions/accepted/good.py": None, "submissions/accepted/x.hs": "main"})
    report = checked(problem, bench)
    assert not report.ok and report.problems


def test_a_partial_submission_must_not_get_everything(package, bench):
    half = "x = int(input()); print(2 * x if x < 50 else 0)"
    groups = {**GROUPS, "submissions/partially_accepted/half.py": half}
    assert checked(package(groups), bench).ok
    report = checked(package({**groups, "submissions/partially_accepted/all.py": GOOD}), bench)
    assert [row.submission for row in report.results if not row.ok] == ["partially_accepted/all.py"]
    assert report.results[0].found_mark == Fraction(10000)


def test_a_packages_own_aspect_and_full_mark(package, bench):
    files = {**GROUPS, "podium.yaml": "aspect: B2\nfull: 250\nminutes: 90\nchecks_open: true"}
    problem = package(files)
    assert (maxima(problem), problem.minutes, problem.checks_open) == ({"B2": 250}, 90, True)
    half = "x = int(input()); print(2 * x if x < 50 else 0)"
    files["submissions/partially_accepted/half.py"] = half
    rows = {row.submission: row.found_mark for row in checked(package(files), bench).results}
    assert rows["accepted/good.py"] == 250 and rows["partially_accepted/half.py"] == 100


# The commands


def test_a_folder_that_is_no_package_is_told_in_a_sentence(tmp_path):
    report = packages.check(tmp_path, lambda _: None, lambda _: None)
    assert not report.ok and "neither task.yaml" in report.table()
    broken = write(tmp_path / "double", {"problem.yaml": "a: ["})
    report = packages.check(broken, lambda _: None, lambda _: None)
    assert not report.ok and "not valid YAML" in report.as_dict()["problems"][0]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=TASKS.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.docker
@pytest.mark.slow
@pytest.mark.parametrize("folder", OWN, ids=lambda path: path.name)
def test_our_packages_in_real_boxes(folder):
    done = command("check", str(folder), "--json")
    told = json.loads(done.stdout)
    assert told["ok"] and done.returncode == 0, done.stdout + done.stderr
    assert len(told["results"]) >= 6


@pytest.mark.docker
def test_one_submission_and_a_wrong_package_from_the_command_line(tmp_path):
    folder = write(tmp_path / "double", {})
    (tmp_path / "mine.py").write_text("print(0)")
    done = command(str(folder), str(tmp_path / "mine.py"), "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["verdict"], told["proposals"]) == (0, "WA", {SCORE: 0})
    assert told["image"]
    wrong = write(tmp_path / "wrong", {"submissions/accepted/bad.py": "print(0)"})
    done = command("check", str(wrong))
    assert done.returncode == 1 and "!! accepted/bad.py" in done.stdout
