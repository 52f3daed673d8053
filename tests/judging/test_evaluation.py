"""The queue: nothing lost, nothing doubled, and the sandbox's own failures are no marks."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from competition import ledger
from competition.database import db
from competition.rules.refusal import Refusal
from judging import blobs, cells, evaluation, submissions
from judging.aspects import aspects_of
from judging.models import CheckRow
from sandbox.verdict import Verdict
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
    set_start,
)


@pytest.fixture
def work(context: Flask) -> Cast:
    return cast()


def test_a_judged_hand_in_leaves_checks_evidence_and_proposals(context: Flask, work: Cast) -> None:
    entry = hand_in(work).entry_id
    held = evaluation.claim("w1")
    assert held is not None
    assert (held.task, held.fence, held.image) == ("small-game", 1, None)
    assert only_evaluation().state == "running"
    assert evaluation.heartbeat(held, done=1, total=3)

    shot = blobs.put_bytes(b"a picture")
    checks = [
        check("A1.01", points=150, evidence=(SHOT,), public=True),
        check("A1.02", "failed"),
        check("A2.01", "undetermined"),
        check("B1.01", points=200),  # judged by people: a check may not propose for it
    ]
    assert evaluation.finish(held, result(checks), {"shot": shot})

    row = only_evaluation()
    assert (row.state, row.verdict, row.attempts) == ("done", "PARTIAL", 0)
    assert [one.outcome for one in row.checks][:3] == ["passed", "failed", "undetermined"]
    assert row.checks[0].evidence[0]["sha256"] == shot
    assert proposed(entry) == [("A1.01", 150), ("A1.02", 0)]
    acts = list(db.session.scalars(select(ledger.LedgerRow.act)))
    assert acts[-2:] == ["evaluation.end", "marks.propose"]
    assert ledger.walk(db.session(), work.seeded.skill).ok


def test_checks_that_give_parts_let_judges_give_parts(context: Flask, work: Cast) -> None:
    """Also where one of them could not tell, and the whole aspect is left to a person."""
    hand_in(work)
    held = evaluation.claim("w1")
    assert held is not None
    checks = [
        check("A1.01", points=150),
        check("A1.02", points=40),
        check("A1.02", "undetermined", points=60),
    ]
    assert evaluation.finish(held, result(checks), {})
    found = {one.code: one.partial for one in aspects_of(db.session(), work.seeded.skill)}
    assert (found["A1.01"], found["A1.02"], found["A1.03"]) == (False, True, False)


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
    row = only_evaluation()
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
        states.append(only_evaluation().state)
    assert states == ["queued", "queued", "failed"]
    assert evaluation.claim("w1") is None
    assert proposed(entry) == []

    chief = work.seeded.judges["chief"]
    evaluation.judge_again(only_evaluation().id, actor_id=chief)
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
    assert (only_evaluation().state, only_evaluation().verdict) == ("failed", "IE")


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
    assert found.works[entry].marks[work.seeded.aspects["A1.01"]].value == 150


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
