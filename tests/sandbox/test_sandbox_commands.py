"""`python -m sandbox`: one submission, a package, the images; a sentence where it cannot."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sandbox.conftest import PACKAGES

pytestmark = [
    pytest.mark.docker,
    pytest.mark.usefixtures("image"),
]

GOOD = PACKAGES / "tiny" / "submissions" / "good" / "site"
ROOT = Path(__file__).parents[2]


def command(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=390,
    )


def test_one_submission_as_json(tmp_path):
    told = command(PACKAGES / "tiny", GOOD, "--json", "--evidence", tmp_path / "evidence")
    assert told.returncode == 0
    plain = json.loads(told.stdout)
    assert plain["verdict"] == "AC"
    assert plain["proposals"] == {"A1.01": 100, "A1.02": 50}
    assert list((tmp_path / "evidence").iterdir())
    assert "2/2" in told.stderr


def test_a_package_is_checked_against_what_it_expects(tmp_path):
    told = command("check", PACKAGES / "tiny", "--json")
    assert told.returncode == 0, told.stderr
    plain = json.loads(told.stdout)
    assert (plain["package"], plain["ok"]) == ("tiny", True)
    assert [each["submission"] for each in plain["results"]] == ["start", "bad", "good"]
    assert [each["found"]["total"] for each in plain["results"]] == ["0.00", "1.00", "1.50"]
    shutil.copytree(PACKAGES / "tiny", tmp_path / "tiny")
    (tmp_path / "tiny/submissions/bad/expected.yaml").write_text("expected: {total: 150}")
    told = command("check", tmp_path / "tiny")
    assert told.returncode == 1
    assert "A1.02: expected 50, found 0" in told.stdout
    assert "!! bad" in told.stdout


def test_building_what_is_built_is_quick_and_writes_its_progress(tmp_path):
    began = time.monotonic()
    told = command("build", "--json", "--progress", tmp_path / "progress.json")
    assert told.returncode == 0
    assert json.loads(told.stdout)["ok"] is True
    progress = json.loads((tmp_path / "progress.json").read_text("utf-8"))
    assert progress["state"] == "ready"
    assert progress["step"] == progress["steps"]  # nothing was left to build
    assert progress["text_zh"] and progress["text_en"] and progress["at"].endswith("+00:00")
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("arguments", [("build",), ("check", "tiny"), ("tiny", "good")])
def test_without_docker_one_sentence(arguments):
    places = {"tiny": PACKAGES / "tiny", "good": GOOD}
    told = command(
        *(places.get(word, word) for word in arguments), DOCKER_HOST="unix:///nowhere/docker.sock"
    )
    assert (told.returncode, told.stdout) == (1, "")
    assert len(told.stderr.splitlines()) == 1
    assert "Docker" in told.stderr and "Traceback" not in told.stderr


@pytest.mark.parametrize("submission", ["nothing.zip", "task.yaml"])
def test_what_cannot_be_judged_is_one_sentence(submission):
    told = command(PACKAGES / "tiny", PACKAGES / "tiny" / submission)
    assert told.returncode == 1
    assert "Traceback" not in told.stderr and told.stdout == ""
