"""The queue in the database: turns, estimates from what was measured, several workers' word."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from competition.database import db, writing
from competition.models import Period
from competition.moment import now
from judging import evaluation, queue, readiness, workspace
from judging.models import Evaluation
from tests.judging.handing import Cast, cast, check, entry_of, expire, hand_in, result


@pytest.fixture
def work(context: Flask) -> Cast:
    return cast()


def judged(seconds: float) -> None:
    """The next one is judged and took that long."""
    held = evaluation.claim("w1")
    assert held is not None
    assert evaluation.finish(held, result([check("A1.01")]), {})
    with writing() as session:
        row = session.get_one(Evaluation, held.evaluation_id)
        assert row.started_at is not None
        row.finished_at = row.started_at + timedelta(seconds=seconds)


def lines(work: Cast, code: str, workers: int = 1) -> list[tuple[str, int, int | None, str]]:
    """What the workspace says of each hand-in, newest first."""
    db.session.expire_all()
    period = db.session.get_one(Period, work.period)
    rows = workspace.handed_in(
        db.session(), entry_of(work, code), period, None, workers=workers, at=now()
    )
    return [(row["state"], row["position"], row["seconds"], row["no_estimate"]) for row in rows]


def test_ten_hand_ins_of_one_leave_the_others_their_turn(context: Flask, work: Cast) -> None:
    for _ in range(10):
        hand_in(work, "K-073")
    hand_in(work, "K-118")
    turns = [evaluation.claim("w1") for _ in range(4)]
    rows = [db.session.get_one(Evaluation, one.evaluation_id) for one in turns if one]
    entries = [(row.submission.entry.code, row.submission.number) for row in rows]
    assert entries == [("K-073", 10), ("K-118", 1), ("K-073", 9), ("K-073", 8)]


def test_what_never_was_judged_has_no_estimate(context: Flask, work: Cast) -> None:
    hand_in(work)
    assert lines(work, "K-073") == [("queued", 1, None, "unknown")]
    assert lines(work, "K-073", workers=0) == [("queued", 1, None, "nobody")]


def test_the_estimate_is_the_median_of_what_was_measured(context: Flask, work: Cast) -> None:
    for seconds in (20, 30, 400):
        hand_in(work, "K-391")
        judged(seconds)
    for code in ("K-073", "K-118"):
        hand_in(work, code)
    assert lines(work, "K-073") == [("queued", 1, 30, "")]
    assert lines(work, "K-118") == [("queued", 2, 60, "")]
    assert lines(work, "K-118", workers=2) == [("queued", 2, 30, "")]

    held = evaluation.claim("w1")
    assert held is not None
    assert lines(work, "K-073") == [("building", 0, 30, "")]
    evaluation.heartbeat(held, done=1, total=4)
    assert lines(work, "K-073") == [("checking", 0, 30, "")]
    with writing() as session:
        session.get_one(Evaluation, held.evaluation_id).started_at = now() - timedelta(seconds=90)
    queue._standings.clear()  # no worker moves a start
    assert lines(work, "K-073") == [("checking", 0, None, "slow")]
    assert lines(work, "K-118") == [("queued", 1, 30, "")]
    expire(held.evaluation_id)
    assert lines(work, "K-073")[0][1:] == (1, 30, "")


def test_the_newest_replaces_and_keeps_the_place(context: Flask, work: Cast) -> None:
    for code in ("K-073", "K-118", "K-073"):
        hand_in(work, code)
    assert [line[1] for line in lines(work, "K-073")] == [1, 3]
    assert [line[1] for line in lines(work, "K-118")] == [2]


def test_what_is_remembered_of_the_queue_follows_it(context: Flask, work: Cast) -> None:
    """Arrival, claim, giving back, an expired lease, a ruling: each moves the positions at once."""
    first = hand_in(work, "K-073")
    hand_in(work, "K-118")

    def positions() -> list[int]:
        return [lines(work, code)[0][1] for code in ("K-073", "K-118")]

    assert positions() == [1, 2]
    hand_in(work, "K-246")
    assert lines(work, "K-246")[0][1] == 3
    held = evaluation.claim("w1")
    assert held is not None
    assert positions() == [0, 1]
    evaluation.give_back(held)
    assert positions() == [1, 2]
    again = evaluation.claim("w1")
    assert again is not None
    assert positions() == [0, 1]
    expire(again.evaluation_id)
    assert positions() == [1, 2]
    last = evaluation.claim("w2")
    assert last is not None
    assert evaluation.finish(last, result([check("A1.01")]), {})
    assert positions() == [0, 1]
    assert first.number == 1


def test_a_failure_is_sent_through_once_however_often_it_is_tapped(
    context: Flask, work: Cast
) -> None:
    from competition.rules.refusal import Refusal

    hand_in(work)
    with writing() as session:
        session.scalars(select(Evaluation)).one().state = "failed"
    chief = work.seeded.judges["chief"]
    evaluation.judge_again(1, actor_id=chief)
    with pytest.raises(Refusal):
        evaluation.judge_again(1, actor_id=chief)
    assert len(queue.order(db.session())) == 1


# What several workers say of themselves


def test_the_page_says_ready_when_one_of_the_workers_is(tmp_path: Path) -> None:
    at = now()
    readiness.tell(tmp_path, readiness.NO_DOCKER, "hall-1:20", at)
    assert readiness.read(tmp_path, at) is readiness.NO_DOCKER
    readiness.tell(tmp_path, readiness.BUILDING, "hall-2:20", at)
    assert readiness.read(tmp_path, at).state == "building"
    readiness.tell(tmp_path, readiness.READY, "hall-3:20", at)
    assert readiness.read(tmp_path, at) is readiness.READY
    assert readiness.ready_workers(tmp_path, at) == 1

    later = at + timedelta(seconds=40)
    readiness.tell(tmp_path, readiness.FAILED, "hall-2:20", later)
    assert readiness.read(tmp_path, later) is readiness.FAILED  # the others are silent
    assert readiness.ready_workers(tmp_path, later) == 0


def test_a_worker_that_ends_leaves_and_takes_old_files_with_it(tmp_path: Path) -> None:
    at = now()
    readiness.tell(tmp_path, readiness.READY, "killed", at - timedelta(days=2))
    readiness.tell(tmp_path, readiness.READY, "stays", at)
    readiness.tell(tmp_path, readiness.READY, "ends", at)
    readiness.leave(tmp_path, "ends", at)
    assert readiness.ready_workers(tmp_path, at) == 1
    assert len(list((tmp_path / "sandbox/workers").iterdir())) == 1
