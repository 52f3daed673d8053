"""The worker: what it does with Docker, without it, and when it is ended in the middle.

The sandbox itself is played here; tests/sandbox runs it for real.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from competition.database import db, writing
from competition.models import Period
from competition.moment import now
from judging import blobs, evaluation, readiness, worker
from sandbox.box import NoDocker
from sandbox.images.ahead import NotReady
from sandbox.task import Task
from sandbox.verdict import Result, Verdict
from tests.conftest import settings_for
from tests.judging.handing import (
    SHOT,
    Cast,
    cast,
    check,
    expire,
    hand_in,
    only_evaluation,
    proposed,
    result,
)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def work(context: Flask) -> Cast:
    return cast()


class Sandbox:
    """A sandbox that is played: whether Docker answers, and what judging gives."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, give: Callable[..., Result]) -> None:
        self.docker, self.images, self.built = True, True, 0
        monkeypatch.setattr(worker, "client", self.client)
        monkeypatch.setattr(worker, "images_ready", lambda: "img" if self.images else None)
        monkeypatch.setattr(worker, "build_images", self.build)
        monkeypatch.setattr(worker.images, "tidy", lambda _: [])
        monkeypatch.setattr(worker, "sweep", lambda: 0)
        monkeypatch.setattr(worker, "image_id", lambda tag: tag)
        monkeypatch.setattr(worker, "judge", give)
        monkeypatch.setattr(worker, "RigPool", Rigs)

    def client(self) -> "Sandbox":
        if not self.docker:
            raise NoDocker("no daemon")
        return self

    def close(self) -> None:
        pass

    def build(self, tell: object) -> str:
        self.images, self.built = True, self.built + 1
        return "img"


class Rigs:
    """A pool that is played: what was prepared, in order."""

    def __init__(self) -> None:
        self.prepared: list[tuple[str, str]] = []
        self.tended = self.closed = 0

    def prepare(self, image: str, task: Task) -> None:
        self.prepared.append((image, task.id))

    def tend(self) -> None:
        self.tended += 1

    def close(self) -> None:
        self.closed += 1


def says(context: Flask) -> str:
    return readiness.read(context.config["PODIUM_DATA"], now()).state


def test_a_step_judges_and_keeps_the_evidence(
    context: Flask, work: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = hand_in(work)

    def judged(task: object, path: Path, folder: Path, **told: object) -> Result:
        assert path.read_bytes() == blobs.path(handed.sha256).read_bytes()
        (folder / "shot").write_bytes(b"a picture")
        told["on_progress"](1, 1)  # type: ignore[operator]
        return result([check("A1.01", points=150, evidence=(SHOT,))])

    Sandbox(monkeypatch, judged)
    worker.Worker(context, "w1").step()
    kept = only_evaluation().checks[0].evidence[0]["sha256"]
    assert blobs.path(kept).read_bytes() == b"a picture"
    assert (only_evaluation().state, says(context)) == ("done", "ready")


def test_a_rig_is_kept_ready_for_what_is_being_worked_on(
    context: Flask, work: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Sandbox(monkeypatch, lambda *_, **__: result([check("A1.01")]))
    one = worker.Worker(context, "w1")
    pool: Rigs = one.rigs  # type: ignore[assignment]
    one.step()
    one.step()  # too soon to look again
    assert pool.prepared == [("img", "small-game")]
    hand_in(work)
    one.step()
    one.rigs_prepared = -worker.RIGS_EVERY
    one.step()
    assert pool.prepared[1:] == [("sha256:image", "small-game")], (
        "the image that the period began with"
    )
    with writing() as session:
        session.get_one(Period, work.period).ended_at = now()
    one.rigs_prepared = -worker.RIGS_EVERY
    one.step()
    assert (len(pool.prepared), pool.tended) == (2, 3)


def test_without_docker_hand_ins_wait_and_the_worker_says_so(
    context: Flask, work: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(work)
    sandbox = Sandbox(monkeypatch, lambda *_, **__: result([check("A1.01")]))
    sandbox.docker = sandbox.images = False
    one = worker.Worker(context, "w1")
    assert one.step() == worker.TRY_AGAIN
    assert (only_evaluation().state, says(context)) == ("queued", "no_docker")
    sandbox.docker = True
    one.step()
    assert (only_evaluation().state, sandbox.built, says(context)) == ("done", 1, "ready")


def test_docker_that_goes_away_meanwhile_costs_no_attempt(
    context: Flask, work: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(work)

    def gone(*_: object, **__: object) -> Result:
        sandbox.docker = False
        return result([], Verdict.IE)

    sandbox = Sandbox(monkeypatch, gone)
    worker.Worker(context, "w1").step()
    assert (only_evaluation().state, only_evaluation().attempts) == ("queued", 0)


def test_a_hand_in_waits_for_its_image_and_others_do_not(
    context: Flask, work: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    building = {"java"}

    def give(*_: object, **__: object) -> Result:
        if building:
            raise NotReady("java")
        return result()

    Sandbox(monkeypatch, give)
    hand_in(work)
    one = worker.Worker(context, "w1")
    monkeypatch.setattr(one.programs.images, "hopeless", building.__contains__)
    one.step()
    waiting = only_evaluation()
    assert (waiting.state, waiting.attempts, says(context)) == ("queued", 0, "building")
    for _ in range(20):
        one.step()
    assert only_evaluation().fence == 1, "it is not claimed again and again"
    building.clear()
    one.step()
    assert only_evaluation().state == "done"
    one.looked_at = 0
    one.step()
    assert says(context) == "ready"


def test_our_own_bug_is_our_own_fault(
    context: Flask, work: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(work)

    def broken(*_: object, **__: object) -> Result:
        raise KeyError("a bug of ours")

    Sandbox(monkeypatch, broken)
    worker.Worker(context, "w1").step()
    assert (only_evaluation().state, only_evaluation().attempts, only_evaluation().verdict) == (
        "queued",
        1,
        "IE",
    )


def test_a_worker_whose_lease_was_lost_writes_nothing(
    context: Flask, work: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(work)

    def slow(*_: object, **told: object) -> Result:
        expire(1)
        assert evaluation.claim("w2") is not None
        one._beat(one.held, 1, 3)  # type: ignore[arg-type]
        told["on_progress"](1, 3)  # type: ignore[operator]
        raise AssertionError("it must have stopped by now")

    Sandbox(monkeypatch, slow)
    one = worker.Worker(context, "w1")
    one.step()
    assert (only_evaluation().state, only_evaluation().worker, only_evaluation().fence) == (
        "running",
        "w2",
        2,
    )


# A worker as a process of its own, ended in the middle

SLOW = """
import sys, time
from app import create_app
from judging import worker
worker.client = lambda: type("C", (), {"close": lambda self: None})()
worker.images_ready = lambda: "img"
worker.sweep = lambda: 0
def judge(*_, **__):
    print("judging", flush=True)
    time.sleep(60)
worker.judge = judge
worker.Worker(create_app(), "slow").run()
print("ended", flush=True)
"""


def ended_in_the_middle(context: Flask, how: signal.Signals) -> tuple[float, str]:
    """Start a worker, end it while it judges; the seconds it took and what it still said."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PODIUM_")}
    env = clean | settings_for(
        context.config["PODIUM_DATABASE_URL"], Path(context.config["PODIUM_DATA"])
    )
    with subprocess.Popen(
        [sys.executable, "-c", SLOW], env=env, cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "judging\n"
        began = time.monotonic()
        process.send_signal(how)
        said = process.stdout.read()
        process.wait(timeout=20)
    return time.monotonic() - began, said


def test_a_worker_that_is_told_to_stop_gives_its_work_back(context: Flask, work: Cast) -> None:
    hand_in(work)
    db.session.remove()
    seconds, said = ended_in_the_middle(context, signal.SIGTERM)
    assert (said, only_evaluation().state, only_evaluation().attempts) == ("ended\n", "queued", 0)
    assert seconds < 10


def test_a_worker_that_is_killed_loses_and_doubles_nothing(context: Flask, work: Cast) -> None:
    entry = hand_in(work).entry_id
    db.session.remove()
    ended_in_the_middle(context, signal.SIGKILL)
    row = only_evaluation()
    assert (row.state, row.worker, row.fence) == ("running", "slow", 1)
    assert evaluation.claim("w2") is None
    expire(row.id)
    held = evaluation.claim("w2")
    assert held is not None
    assert evaluation.finish(held, result([check("A1.01", points=150)]), {})
    assert proposed(entry) == [("A1.01", 150)]


# What the worker says of itself


def test_a_silent_worker_is_absent_and_a_building_one_says_how_far_it_is(tmp_path: Path) -> None:
    assert readiness.read(tmp_path, now()).state == "absent"
    readiness.tell(tmp_path, readiness.BUILDING, "w1", now())
    assert readiness.read(tmp_path, now()).zh == "判题环境正在准备"
    step = {"state": "building", "step": 2, "steps": 3}
    (readiness.folder(tmp_path) / "build.json").write_text(json.dumps(step))
    assert "（第 2/3 步）" in readiness.read(tmp_path, now()).zh
    assert readiness.read(tmp_path, now() + timedelta(minutes=1)).state == "absent"
