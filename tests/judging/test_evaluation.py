"""The queue and its worker: nothing lost, nothing doubled, and the sandbox's failures are no marks.

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
from sqlalchemy import select

from competition import ledger
from competition.database import db, writing
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import blobs, cells, evaluation, readiness, submissions, worker
from judging.models import CheckRow, Evaluation, Observation
from sandbox.box import NoDocker
from sandbox.verdict import Result, Verdict
from tests.conftest import settings_for
from tests.judging.handing import SHOT, Cast, cast, check, hand_in, result, set_start

ROOT = Path(__file__).parents[2]


@pytest.fixture
def work(context: Flask) -> Cast:
    return cast()


def only() -> Evaluation:
    db.session.expire_all()
    return db.session.scalars(select(Evaluation)).one()


def proposed(entry_id: int) -> list[tuple[str, int | None]]:
    """Machine observations of an entry in their order: aspect code and value."""
    skill = 1
    codes = {one.id: one.code for one in cells.aspects_of(db.session(), skill)}
    rows = db.session.execute(
        select(Observation.aspect_id, Observation.value)
        .where(Observation.entry_id == entry_id, Observation.source == "machine")
        .order_by(Observation.id)
    )
    return [(codes[aspect or 0], value) for aspect, value in rows]


def expire(evaluation_id: int) -> None:
    """The lease runs out, as when the worker was killed a minute ago."""
    with writing() as session:
        row = session.get_one(Evaluation, evaluation_id)
        row.lease_until = now() - timedelta(seconds=1)


def test_a_judged_hand_in_leaves_checks_evidence_and_proposals(context: Flask, work: Cast) -> None:
    entry = hand_in(work).entry_id
    held = evaluation.claim("w1")
    assert held is not None
    assert (held.task, held.fence, held.image) == ("small-game", 1, None)
    assert only().state == "running"
    assert evaluation.heartbeat(held, done=1, total=3)

    shot = blobs.put_bytes(b"a picture")
    checks = [
        check("A1.01", points=150, evidence=(SHOT,), public=True),
        check("A1.02", "failed"),
        check("A2.01", "undetermined"),
        check("B1.01", points=200),  # judged by people: a check may not propose for it
    ]
    assert evaluation.finish(held, result(checks), {"shot": shot})

    row = only()
    assert (row.state, row.verdict, row.attempts) == ("done", "PARTIAL", 0)
    assert [one.outcome for one in row.checks][:3] == ["passed", "failed", "undetermined"]
    assert row.checks[0].evidence[0]["sha256"] == shot
    assert proposed(entry) == [("A1.01", 150), ("A1.02", 0)]
    acts = list(db.session.scalars(select(ledger.LedgerRow.act)))
    assert acts[-2:] == ["evaluation.end", "marks.propose"]
    assert ledger.walk(db.session(), work.seeded.skill).ok


def test_two_workers_never_hold_the_same_one(context: Flask, work: Cast) -> None:
    hand_in(work, "K-073")
    hand_in(work, "K-118")
    held = [evaluation.claim(name) for name in ("w1", "w2", "w3")]
    assert held[2] is None
    assert len({one.evaluation_id for one in held if one}) == 2


def test_a_killed_workers_hand_in_is_judged_by_another_once(context: Flask, work: Cast) -> None:
    entry = hand_in(work).entry_id
    killed = evaluation.claim("w1")
    assert killed is not None
    assert evaluation.claim("w2") is None  # the lease still holds
    expire(killed.evaluation_id)
    second = evaluation.claim("w2")
    assert second is not None
    assert second.fence == killed.fence + 1

    # The first was only slow: its fence is old and writes nothing, before and after the end.
    assert not evaluation.heartbeat(killed)
    assert not evaluation.give_back(killed)
    assert not evaluation.finish(killed, result([check("A1.01", points=10)]), {})
    assert evaluation.finish(second, result([check("A1.01", points=150)]), {})
    assert not evaluation.finish(killed, result([check("A1.01", points=10)]), {})
    assert not evaluation.finish(second, result([check("A1.01", points=20)]), {})
    assert proposed(entry) == [("A1.01", 150)]
    assert len(db.session.scalars(select(CheckRow)).all()) == 1
    assert evaluation.claim("w3") is None


def test_what_is_given_back_waits_again_without_an_attempt(context: Flask, work: Cast) -> None:
    hand_in(work)
    held = evaluation.claim("w1")
    assert held is not None
    assert evaluation.give_back(held)
    row = only()
    assert (row.state, row.attempts, row.worker) == ("queued", 0, None)
    again = evaluation.claim("w2")
    assert again is not None
    assert not evaluation.finish(held, result(), {})


@pytest.mark.parametrize("verdict", [Verdict.IE, Verdict.JE])
def test_the_sandboxs_failure_is_tried_twice_more_and_never_a_mark(
    context: Flask, work: Cast, verdict: Verdict
) -> None:
    entry = hand_in(work).entry_id
    states = []
    for _ in range(3):
        held = evaluation.claim("w1")
        assert held is not None
        broken = result([check("A1.01", "error")], verdict)
        assert evaluation.finish(held, broken, {})
        states.append(only().state)
    assert states == ["queued", "queued", "failed"]
    assert evaluation.claim("w1") is None
    assert proposed(entry) == []

    chief = work.seeded.judges["chief"]
    evaluation.judge_again(only().id, actor_id=chief)
    held = evaluation.claim("w1")
    assert held is not None
    assert evaluation.finish(held, result([check("A1.01", points=150)]), {})
    assert proposed(entry) == [("A1.01", 150)]
    with pytest.raises(Refusal):
        evaluation.judge_again(held.evaluation_id, actor_id=chief)


def test_a_hand_in_that_always_ends_its_worker_waits_for_a_person(
    context: Flask, work: Cast
) -> None:
    hand_in(work)
    for _ in range(evaluation.MOST_CLAIMS):
        held = evaluation.claim("w1")
        assert held is not None
        expire(held.evaluation_id)
    assert evaluation.claim("w1") is None
    assert (only().state, only().verdict) == ("failed", "IE")


def test_only_the_hand_in_that_counts_proposes(context: Flask, work: Cast) -> None:
    """The older one is judged last here, and must not take the place of the newer one's marks."""
    entry = hand_in(work).entry_id
    hand_in(work)
    newer, older = evaluation.claim("w1"), evaluation.claim("w2")
    assert newer is not None
    assert older is not None
    assert newer.evaluation_id > older.evaluation_id
    evaluation.finish(newer, result([check("A1.01", points=150)]), {})
    evaluation.finish(older, result([check("A1.01", points=10)]), {})
    assert proposed(entry) == [("A1.01", 150)]


def test_a_newer_hand_in_takes_back_what_it_cannot_show(context: Flask, work: Cast) -> None:
    entry = hand_in(work).entry_id
    for outcome in ("passed", "undetermined"):
        held = evaluation.claim("w1")
        assert held is not None
        evaluation.finish(held, result([check("A1.01", outcome, points=150)]), {})
        hand_in(work)
    assert proposed(entry) == [("A1.01", 150), ("A1.01", None)]


def test_a_judges_mark_stands_whatever_a_later_run_says(context: Flask, work: Cast) -> None:
    entry = hand_in(work).entry_id
    held = evaluation.claim("w1")
    assert held is not None
    evaluation.finish(held, result([check("A1.01", points=150)]), {})
    work.seeded.give(work.seeded.post("K-073", "A1.01", 150))
    hand_in(work)
    held = evaluation.claim("w1")
    assert held is not None
    evaluation.finish(held, result([check("A1.01", "failed", points=150)]), {})
    found = cells.read(db.session(), work.seeded.skill, entry_id=entry)
    assert found.marks[entry, work.seeded.aspects["A1.01"]].value == 150


def test_a_period_is_judged_on_the_image_it_began_with(context: Flask, work: Cast) -> None:
    hand_in(work, "K-073")
    held = evaluation.claim("w1")
    assert held is not None
    evaluation.finish(held, result([check("A1.01")]), {})
    hand_in(work, "K-118")
    later = evaluation.claim("w1")
    assert later is not None
    assert later.image == "sha256:image"


def test_what_is_late_is_judged_only_after_its_ruling(context: Flask, work: Cast) -> None:
    set_start(work, timedelta(hours=6))
    late = hand_in(work)
    assert evaluation.claim("w1") is None
    submissions.admit(late.id, reason="断电", actor_id=work.seeded.judges["chief"])
    assert evaluation.claim("w1") is not None


# The worker


class Sandbox:
    """A sandbox that is played: whether Docker answers, and what judging gives."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, give: Callable[..., Result]) -> None:
        self.docker, self.images, self.built = True, True, 0
        monkeypatch.setattr(worker, "client", self.client)
        monkeypatch.setattr(worker, "images_ready", lambda: "img" if self.images else None)
        monkeypatch.setattr(worker, "build_images", self.build)
        monkeypatch.setattr(worker, "sweep", lambda: 0)
        monkeypatch.setattr(worker, "image_id", lambda tag: tag)
        monkeypatch.setattr(worker, "judge", give)

    def client(self) -> "Sandbox":
        if not self.docker:
            raise NoDocker("no daemon")
        return self

    def close(self) -> None:
        pass

    def build(self, tell: object) -> str:
        self.images, self.built = True, self.built + 1
        return "img"


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
    kept = only().checks[0].evidence[0]["sha256"]
    assert blobs.path(kept).read_bytes() == b"a picture"
    assert (only().state, says(context)) == ("done", "ready")


def test_without_docker_hand_ins_wait_and_the_worker_says_so(
    context: Flask, work: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(work)
    sandbox = Sandbox(monkeypatch, lambda *_, **__: result([check("A1.01")]))
    sandbox.docker = sandbox.images = False
    one = worker.Worker(context, "w1")
    assert one.step() == worker.TRY_AGAIN
    assert (only().state, says(context)) == ("queued", "no_docker")
    sandbox.docker = True
    one.step()
    assert (only().state, sandbox.built, says(context)) == ("done", 1, "ready")


def test_docker_that_goes_away_meanwhile_costs_no_attempt(
    context: Flask, work: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(work)

    def gone(*_: object, **__: object) -> Result:
        sandbox.docker = False
        return result([], Verdict.IE)

    sandbox = Sandbox(monkeypatch, gone)
    worker.Worker(context, "w1").step()
    assert (only().state, only().attempts) == ("queued", 0)


def test_our_own_bug_is_our_own_fault(
    context: Flask, work: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(work)

    def broken(*_: object, **__: object) -> Result:
        raise KeyError("a bug of ours")

    Sandbox(monkeypatch, broken)
    worker.Worker(context, "w1").step()
    assert (only().state, only().attempts, only().verdict) == ("queued", 1, "IE")


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
    assert (only().state, only().worker, only().fence) == ("running", "w2", 2)


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
    assert (said, only().state, only().attempts) == ("ended\n", "queued", 0)
    assert seconds < 10


def test_a_worker_that_is_killed_loses_and_doubles_nothing(context: Flask, work: Cast) -> None:
    entry = hand_in(work).entry_id
    db.session.remove()
    ended_in_the_middle(context, signal.SIGKILL)
    row = only()
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
