"""Group commit: verbs that come together share one COMMIT and nothing else."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from competition import groups
from competition.database import db
from competition.models import Competition

ROOT = Path(__file__).parents[2]


@pytest.fixture
def url(sqlite_app: Flask) -> str:
    """The database of a competition with an empty chain."""
    day = date(2026, 11, 23)
    with sqlite_app.app_context():
        db.session.add(Competition(name_zh="大赛", name_en="Skills", starts_on=day, ends_on=day))
        db.session.commit()
    return str(sqlite_app.config["PODIUM_DATABASE_URL"])


def run(url: str, folder: Path, case: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.competition.grouping", url, str(folder), case],
        cwd=ROOT, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_verbs_that_come_together_are_committed_once(url: str, tmp_path: Path) -> None:
    found = run(url, tmp_path, "together")
    assert found["said"] == {"kept": 20}
    assert (found["rows"], found["whole"]) == (20, True)
    assert 1 <= found["commits"] <= 3
    assert found["told"] == 20  # each verb's listeners hear of it, and only after the COMMIT


def test_a_verb_that_fails_undoes_nobody_elses_work(url: str, tmp_path: Path) -> None:
    found = run(url, tmp_path, "one_fails")
    assert found["said"] == {"failed": 4, "kept": 16}
    assert (found["rows"], found["whole"]) == (16, True)
    assert found["forgotten"] == 0


def test_nobody_is_told_of_a_commit_that_failed(url: str, tmp_path: Path) -> None:
    found = run(url, tmp_path, "commit_fails")
    assert found["said"] == {"OperationalError": 20}
    assert (found["rows"], found["whole"]) == (0, True)
    assert (found["commits"], found["told"]) == (0, 0)
    assert found["forgotten"] >= 1


def test_the_log_goes_back_to_the_database_beside_the_work(url: str, tmp_path: Path) -> None:
    waits = run(url, tmp_path / "a", "together")["log"]
    assert waits[0] > 0 and waits[1] == waits[0]  # not within a COMMIT
    found = run(url, tmp_path / "b", "later")
    assert found["said"] == {"kept": 20}
    assert found["log"][0] > 0 and found["log"][1] == 0


def test_outside_the_web_process_verbs_commit_one_by_one(context: Flask) -> None:
    assert groups.shared(db.engine) is None
