"""Workers, agents and the daemon killed at random, two hundred times over a day's hand-ins: every
hand-in has exactly one result in the end, none is lost, none doubled, and the ledger is whole."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from competition import ledger
from competition.database import db
from competition.models import LedgerRow, Skill
from judging import blobs, submissions
from judging.models import Evaluation, Observation, Submission
from tests.judging.chaos import CHECKS, points_of

ROOT = Path(__file__).parents[2]
KILLS, HAND_INS = 200, 100


# Half a minute on a quiet machine; the bound is for one that others use as well.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def day(sqlite_app: Flask, tmp_path: Path) -> dict[str, Any]:
    """What was done to them; the database is in the app afterwards."""
    url = sqlite_app.config["PODIUM_DATABASE_URL"]
    with (tmp_path / "chaos.log").open("w") as log:
        done = subprocess.run(
            [sys.executable, "-m", "tests.judging.chaos", url, str(tmp_path), "7", str(KILLS),
             str(HAND_INS)],
            cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=log, timeout=560, check=False,
        )  # fmt: skip
    assert done.returncode == 0, (tmp_path / "chaos.log").read_text()[-4000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_every_hand_in_has_exactly_one_result(
    sqlite_app: Flask, day: dict[str, Any], tmp_path: Path
) -> None:
    print(day)
    assert day["worker"] + day["agent"] + day["daemon"] >= KILLS
    assert min(day["worker"], day["agent"], day["daemon"], day["stall"]) >= 5

    with sqlite_app.app_context():
        handed = list(db.session.scalars(select(Submission)))
        receipts = (tmp_path / "fed.txt").read_text().split()
        assert len(receipts) == HAND_INS
        assert sorted(row.receipt for row in handed) == sorted(receipts)
        for row in handed:
            states = [one.state for one in row.evaluations]
            assert states == ["failed"] * (len(states) - 1) + ["done"]
            _whole(row.evaluations[-1])

        evaluations = list(db.session.scalars(select(Evaluation)))
        assert sum(one.fence for one in evaluations) >= HAND_INS + 30  # they were hit, and taken up
        skill = db.session.scalars(select(Skill)).one()
        ends = Counter(
            db.session.scalars(select(LedgerRow.subject).where(LedgerRow.act == "evaluation.end"))
        )
        assert ends == {f"evaluation:{one.id}": 1 for one in evaluations}
        assert ledger.walk(db.session(), skill.id).ok
        for entry in {row.entry_id for row in handed}:
            _proposal(entry, handed)


def _whole(done: Evaluation) -> None:
    """The checks of one result, once, from this hand-in's own bytes, with their evidence; written
    by who held it last, not by one that had stalled."""
    sha256 = done.submission.sha256
    assert {check.message_en for check in done.checks} == {done.worker}
    assert sorted(check.check for check in done.checks) == [f"check-{n}" for n in range(CHECKS)]
    assert sum(check.points for check in done.checks) == points_of(sha256)
    (shot,) = [piece for check in done.checks for piece in check.evidence]
    assert blobs.path(shot["sha256"]).read_text() == sha256


def _proposal(entry: int, handed: list[Submission]) -> None:
    """What stands proposed for an entry comes from the hand-in that counts."""
    mine = [row for row in handed if row.entry_id == entry]
    counting = submissions.counts(db.session(), entry, mine[0].period_id)
    (row,) = [row for row in mine if row.number == counting]
    newest = db.session.scalars(
        select(Observation).where(Observation.entry_id == entry).order_by(Observation.id.desc())
    ).first()
    assert newest is not None
    assert (newest.evaluation_id, newest.value) == (row.evaluations[-1].id, points_of(row.sha256))
