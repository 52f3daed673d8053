"""Two workers, each a process of its own as on two machines, with one database and one folder of
blobs: both judge, and no hand-in is judged twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from competition import ledger
from competition.database import db
from competition.models import LedgerRow
from competition.moment import now
from judging import blobs, readiness
from judging.models import Evaluation
from tests.conftest import settings_for
from tests.judging.handing import Cast, cast, hand_in
from tests.judging.seed import CODES

ROOT = Path(__file__).parents[2]
EACH = 6  # hand-ins of each of the four

# The sandbox is played: it takes a moment, and leaves the hand-in's own bytes as evidence.
WORKER = """
import sys, time
from app import create_app
from judging import worker
from tests.judging.handing import SHOT, check, result
worker.client = lambda: type("C", (), {"close": lambda self: None})()
worker.images_ready = lambda: "img"
worker.sweep = lambda: 0
worker.image_id = lambda tag: tag
worker.LOOK_EVERY = 0.05
def judge(task, archive, folder, **told):
    time.sleep(0.05)
    told["on_progress"](1, 1)
    (folder / "shot").write_bytes(archive.read_bytes())
    return result([check("A1.01", points=150, id="move", evidence=(SHOT,))])
worker.judge = judge
worker.Worker(create_app(), sys.argv[1]).run()
"""


@contextmanager
def started(app: Flask, name: str) -> Iterator[subprocess.Popen[str]]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PODIUM_")}
    given = settings_for(app.config["PODIUM_DATABASE_URL"], Path(app.config["PODIUM_DATA"]))
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, name], env=clean | given, cwd=ROOT, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(true: str, check: object, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not check():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"not {true}"
        time.sleep(0.1)


def rows() -> list[Evaluation]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Evaluation).order_by(Evaluation.id)))


@pytest.fixture
def work(context: Flask) -> Cast:
    return cast()


def test_two_workers_share_one_queue(context: Flask, work: Cast) -> None:
    data = context.config["PODIUM_DATA"]
    with ExitStack() as stack:
        both = [stack.enter_context(started(context, f"hall-{n}:1")) for n in (1, 2)]
        until("both ready", lambda: readiness.ready_workers(data, now()) == 2)
        for number in range(EACH * len(CODES)):
            hand_in(work, CODES[number % len(CODES)])
        db.session.remove()
        until("all judged", lambda: all(row.state == "done" for row in rows()))
        both[0].send_signal(signal.SIGTERM)
        both[0].wait(20)
        assert readiness.ready_workers(data, now()) == 1
        assert readiness.read(data, now()) is readiness.READY

    judged = rows()
    assert len(judged) == EACH * len(CODES)
    assert [row.fence for row in judged] == [1] * len(judged)
    shares = Counter(row.worker for row in judged)
    assert set(shares) == {"hall-1:1", "hall-2:1"}
    for row in judged:
        (only,) = row.checks
        evidence = blobs.path(only.evidence[0]["sha256"]).read_bytes()
        assert evidence == blobs.path(row.submission.sha256).read_bytes()
    ends = db.session.scalars(select(LedgerRow.subject).where(LedgerRow.act == "evaluation.end"))
    assert sorted(ends) == sorted(f"evaluation:{row.id}" for row in judged)
    assert ledger.walk(db.session(), work.seeded.skill).ok
