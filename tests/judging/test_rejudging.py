"""Rejudging: beside the live results, decided as a whole, and never against a judge's mark."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from competition import ledger
from competition.database import db, writing
from competition.models import LedgerRow, Period, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import (
    cells,
    evaluation,
    marking,
    proposing,
    questions,
    queue,
    rejudged,
    rejudging,
    sheets,
    submissions,
)
from judging.models import Evaluation, MarkQuestion, Observation, Rejudging, Submission
from judging.rejudged import Wanted
from sandbox.verdict import Check, Verdict
from tests.judging.desks import needs
from tests.judging.handing import Cast, cast, check, hand_in, proposed, result

ALL = Wanted(counting_only=False)


@pytest.fixture
def work(context: Flask) -> Cast:
    return cast()


def move(points: int = 150, outcome: str = "passed") -> Check:
    return check("A1.01", outcome, id="move", points=points)


def judge(*checks: Check, verdict: Verdict = Verdict.PARTIAL) -> Evaluation:
    """The next one in the queue is judged with these checks."""
    held = evaluation.claim("w1")
    assert held is not None
    assert evaluation.finish(held, result(checks, verdict), {})
    db.session.expire_all()
    return db.session.get_one(Evaluation, held.evaluation_id)


def begin(work: Cast, wanted: Wanted = ALL, chosen: Iterable[int] | None = None) -> int:
    skill = work.seeded.skill
    found = [row["submission_id"] for row in rejudged.matching(db.session(), skill, wanted)]
    return rejudging.start(
        skill, wanted, set(found if chosen is None else chosen),
        reason="检查脚本有误", actor_id=work.seeded.judges["chief"], key=f"set-{next(_numbers)}",
    )  # fmt: skip


_numbers = iter(range(1, 1000))


def lines(number: int) -> list[dict]:
    db.session.expire_all()
    return rejudged.table(db.session(), db.session.get_one(Rejudging, number))


def apply(work: Cast, number: int, **more: str) -> None:
    given = {"seen": rejudged.stamp(lines(number)), "reason": "检查已修正"} | more
    rejudging.apply(number, actor_id=work.seeded.judges["chief"], **given)
    db.session.expire_all()


def mark(work: Cast, code: str = "K-073", aspect: str = "A1.01") -> int | None:
    entry = work.entry(code)
    found = cells.read(db.session(), work.seeded.skill, entry_id=entry)
    return found.works[entry].marks[work.seeded.aspects[aspect]].value


def acts() -> list[str]:
    return list(db.session.scalars(select(LedgerRow.act).order_by(LedgerRow.id)))


def confirmed(work: Cast, code: str = "K-073") -> None:
    """Every measurement of A1 given by one judge and confirmed by another."""
    last = 0
    for aspect, value in {"A1.01": 150, "A1.02": 100, "A1.03": 50, "A1.04": 100}.items():
        last = work.seeded.give(work.seeded.post(code, aspect, value))[0].id or 0
    answer = work.seeded.give(work.seeded.confirm(code, "A1", last), judge="wang")[0]
    assert answer.state == "taken"


def test_a_set_is_judged_beside_and_changes_nothing_until_it_is_applied(
    context: Flask, work: Cast
) -> None:
    entry = hand_in(work).entry_id
    first = judge(move(100))
    number = begin(work)
    again = judge(move(150))
    assert (again.rejudging_id, again.state) == (number, "done")
    assert proposed(entry) == [("A1.01", 100)]
    assert queue.newest(db.session(), [first.submission_id])[first.submission_id].id == first.id
    skill = db.session.get_one(Skill, work.seeded.skill)
    shown = sheets.work(db.session(), skill, "K-073", work.seeded.judges["li"])
    assert shown["cells"][str(work.seeded.aspects["A1.01"])]["proposal"]["value"] == 100

    assert [(line["code"], line["aspects"][0]["before"], line["aspects"][0]["after"])
            for line in lines(number)] == [("K-073", 100, 150)]  # fmt: skip
    apply(work, number)
    assert proposed(entry) == [("A1.01", 100), ("A1.01", 150)]
    assert queue.newest(db.session(), [first.submission_id])[first.submission_id].id == again.id
    assert acts()[-2:] == ["marks.propose", "rejudging.apply"]
    assert ledger.walk(db.session(), work.seeded.skill).ok
    row = db.session.get_one(Rejudging, number)
    assert (row.state, row.decision, len(row.outcome)) == ("applied", "检查已修正", 1)
    assert lines(number) == row.outcome  # the table as it stood then


def test_what_is_dropped_leaves_everything_as_it_was(context: Flask, work: Cast) -> None:
    for code in ("K-073", "K-118"):
        hand_in(work, code)
        judge(move(100))
    number = begin(work)
    judge(move(0))
    running = evaluation.claim("w2")
    assert running is not None
    rejudging.drop(number, reason="选错了题", actor_id=work.seeded.judges["chief"])
    db.session.expire_all()
    assert not evaluation.heartbeat(running)
    assert not evaluation.finish(running, result([move(0)]), {})
    assert evaluation.claim("w1") is None
    assert [proposed(work.entry(code)) for code in ("K-073", "K-118")] == [[("A1.01", 100)]] * 2
    assert acts()[-1] == "rejudging.drop"
    with pytest.raises(Refusal):
        apply(work, number)
    assert begin(work) == number + 1  # the next set may begin


def test_a_confirmed_mark_is_never_changed_a_question_is_opened(context: Flask, work: Cast) -> None:
    entry = hand_in(work).entry_id
    judge(move(150))
    confirmed(work)
    before = len(db.session.scalars(select(Observation.id)).all())
    number = begin(work)
    judge(move(150, "failed"))
    (line,) = lines(number)
    assert line["aspects"][0] | {"name_zh": "", "name_en": ""} == {
        "id": work.seeded.aspects["A1.01"], "code": "A1.01", "name_zh": "", "name_en": "",
        "before": 150, "after": 0, "mark": 150, "confirmed": True, "question": True,
    }  # fmt: skip
    assert line["checks"][0]["before"] == "passed"
    assert line["checks"][0]["after"] == "failed"
    apply(work, number)

    assert mark(work) == 150
    found = cells.read(db.session(), work.seeded.skill, entry_id=entry)
    assert work.seeded.subs["A1"] in found.works[entry].confirmed
    (question,) = needs(work.seeded)["question"]
    assert (question["code"], question["aspect"], question["mark"], question["after"]) == (
        "K-073", "A1.01", "1.50", "0.00",
    )  # fmt: skip
    judges = db.session.scalars(select(Observation).where(Observation.source == "judge")).all()
    assert before == len(judges) + 1

    chief = work.seeded.judges["chief"]
    with pytest.raises(Refusal):
        questions.answer(question["question_id"], reason=" ", actor_id=chief)
    questions.answer(question["question_id"], reason="看过录像，飞机能移动", actor_id=chief)
    questions.answer(question["question_id"], reason="再来一次", actor_id=chief)  # a second tap
    db.session.expire_all()
    assert "question" not in needs(work.seeded)
    assert db.session.scalars(select(MarkQuestion)).one().answer == "看过录像，飞机能移动"
    assert acts()[-1] == "question.answer"
    assert (mark(work), ledger.walk(db.session(), work.seeded.skill).ok) == (150, True)


@pytest.mark.parametrize(
    ("given", "after", "asked"),
    [
        (150, move(0), 1),  # a mark that nobody has confirmed yet is a judge's mark too
        (0, move(0), 0),  # the set says what the judge had said
        (0, move(100), 1),
        (150, move(150, "undetermined"), 1),  # what the judge relied on is gone
        (None, move(0), 0),
    ],
)
def test_when_a_question_is_opened(
    context: Flask, work: Cast, given: int | None, after: Check, asked: int
) -> None:
    hand_in(work)
    judge(move(150))
    if given is not None:
        work.seeded.give(work.seeded.post("K-073", "A1.01", given, reason="我看到的"))
    number = begin(work)
    judge(after)
    apply(work, number)
    assert len(db.session.scalars(select(MarkQuestion)).all()) == asked
    assert mark(work) == given


def test_only_the_whole_set_and_only_what_was_looked_at(context: Flask, work: Cast) -> None:
    for code in ("K-073", "K-118"):
        hand_in(work, code)
        judge(move(100))
    number = begin(work)
    judge(move(150))
    with pytest.raises(Refusal, match="Not every hand-in"):
        apply(work, number)
    assert "rejudging" not in needs(work.seeded)
    judge(move(150))
    assert needs(work.seeded)["rejudging"][0]["done"] == 2
    seen = rejudged.stamp(lines(number))
    work.seeded.give(work.seeded.post("K-118", "A1.01", 100))
    with pytest.raises(Refusal, match="has changed since"):
        apply(work, number, seen=seen)
    with pytest.raises(Refusal, match="No reason"):
        apply(work, number, reason="  ")
    apply(work, number)
    apply(work, number)  # a second tap
    assert acts().count("rejudging.apply") == 1


def test_what_the_sandbox_failed_at_is_sent_again_within_the_set(
    context: Flask, work: Cast
) -> None:
    hand_in(work)
    judge(move(100))
    number = begin(work)
    for _ in range(3):
        judge(verdict=Verdict.IE)
    progress = rejudged.progress(db.session(), number)
    assert (progress["done"], len(progress["failed"]), progress["complete"]) == (0, 1, False)
    assert "evaluation" not in needs(work.seeded)  # the live result stands
    evaluation.judge_again(
        progress["failed"][0]["evaluation_id"], actor_id=work.seeded.judges["chief"]
    )
    assert judge(move(150)).rejudging_id == number
    assert rejudged.progress(db.session(), number)["complete"]
    apply(work, number)
    assert proposed(work.entry("K-073"))[-1] == ("A1.01", 150)


def test_a_hand_in_that_no_longer_counts_brings_no_marks(context: Flask, work: Cast) -> None:
    entry = hand_in(work).entry_id
    judge(move(100))
    number = begin(work)
    hand_in(work)
    assert judge(move(50)).rejudging_id is None  # what is live comes first
    judge(move(150))
    assert [line["counts"] for line in lines(number)] == [False]
    apply(work, number)
    assert proposed(entry) == [("A1.01", 100), ("A1.01", 50)]


def test_how_a_set_is_chosen(context: Flask, work: Cast) -> None:
    first, second, other = (hand_in(work, code) for code in ("K-073", "K-073", "K-118"))
    judge(verdict=Verdict.WA)  # the second, which counts
    judge(verdict=Verdict.AC)  # the other
    judge(verdict=Verdict.AC)  # the first
    hand_in(work, "K-246")  # not judged yet
    skill = work.seeded.skill

    def found(**wanted: object) -> list[int]:
        rows = rejudged.matching(db.session(), skill, Wanted(**wanted))  # type: ignore[arg-type]
        return [row["submission_id"] for row in rows]

    assert found() == [second.id, other.id]
    assert found(counting_only=False) == [first.id, second.id, other.id]
    assert found(verdicts=("WA",)) == [second.id]
    assert found(verdicts=("AC",), counting_only=False) == [first.id, other.id]
    assert found(task="another") == []
    assert found(task="small-game", since=other.at) == [other.id]
    assert found(until=other.at, counting_only=False) == [first.id, second.id]
    assert rejudged.choices(db.session(), skill) == (["small-game"], ["AC", "WA"])

    number = begin(work, ALL, {first.id, other.id, 999})
    rows = rejudged.judged(db.session(), number)
    assert sorted(row.submission_id for row in rows) == [first.id, other.id]
    with pytest.raises(Refusal, match="not decided yet"):
        begin(work)


def test_nothing_is_begun_without_a_reason_or_a_hand_in(context: Flask, work: Cast) -> None:
    chief, skill = work.seeded.judges["chief"], work.seeded.skill
    with pytest.raises(Refusal, match="No judged hand-in"):
        begin(work)
    with pytest.raises(Refusal, match="No reason"):
        rejudging.start(skill, ALL, {1}, reason="", actor_id=chief, key="no-reason")
    assert db.session.scalars(select(Rejudging)).all() == []


def test_a_second_tap_begins_no_second_set(context: Flask, work: Cast) -> None:
    row = hand_in(work)
    judge(move())
    chief, skill = work.seeded.judges["chief"], work.seeded.skill
    for _ in range(2):
        assert rejudging.start(skill, ALL, {row.id}, reason="x", actor_id=chief, key="once") == 1


def test_after_the_lock_nothing_is_applied(context: Flask, work: Cast) -> None:
    hand_in(work)
    judge(move(100))
    number = begin(work)
    judge(move(150))
    with writing() as session:
        session.get_one(Skill, work.seeded.skill).locked_at = now() - timedelta(minutes=1)
    with pytest.raises(Refusal, match="are locked"):
        apply(work, number)
    assert proposed(work.entry("K-073")) == [("A1.01", 100)]


def test_the_competitors_see_nothing_of_a_set(context: Flask, work: Cast) -> None:
    from competition.models import Period
    from judging import workspace
    from tests.judging.handing import entry_of

    hand_in(work)
    judge(move(100))
    begin(work)
    period = db.session.get_one(Period, work.period)
    (row,) = workspace.handed_in(
        db.session(), entry_of(work, "K-073"), period, None, workers=1, at=now()
    )
    assert (row["state"], row["position"]) == ("done", 0)
    assert submissions.counts(db.session(), work.entry("K-073"), work.period) == 1


def test_a_skill_is_not_locked_over_an_open_set_or_an_open_question(
    context: Flask, work: Cast
) -> None:
    hand_in(work)
    judge(move(150))
    confirmed(work)
    number = begin(work)
    judge(move(0, "failed"))
    chief, skill = work.seeded.judges["chief"], work.seeded.skill
    with writing() as session:
        for period in session.scalars(select(Period)):
            period.started_at = now() - timedelta(days=2)
            period.ended_at = now() - timedelta(days=1)
    with pytest.raises(Refusal, match="rejudging is not decided"):
        marking.lock(skill, actor_id=chief)
    apply(work, number)
    (asked,) = questions.unanswered(db.session(), skill)
    with pytest.raises(Refusal, match="question about a mark has no answer"):
        marking.lock(skill, actor_id=chief)
    questions.answer(asked["question_id"], reason="目视正确", actor_id=chief)
    with pytest.raises(Refusal, match="works are not finished"):  # only the marks are missing now
        marking.lock(skill, actor_id=chief)


def test_judging_the_work_of_one_period_leaves_what_another_period_earned(
    context: Flask, work: Cast
) -> None:
    first = hand_in(work)
    judge(move(100))
    with writing() as session:
        period = Period(
            skill_id=work.seeded.skill, number=9, name_zh="二", name_en="Two", minutes=60, task="x"
        )
        session.add(period)
        session.flush()
        second = Submission(
            key="second", receipt="R-2", period_id=period.id, entry_id=first.entry_id, number=1,
            name="a.zip", size=1, sha256="0" * 64, files=[], announced_at=now(), at=now(),
        )  # fmt: skip
        session.add(second)
        session.flush()
        other = Evaluation(submission_id=second.id, queued_at=now(), state="done")
        session.add(other)
        session.flush()
        proposing.propose(
            session, skill_id=work.seeded.skill, entry_id=first.entry_id,
            evaluation_id=other.id, proposals={"A1.02": 100},
        )  # fmt: skip
    assert sorted(proposed(work.entry("K-073"))) == [("A1.01", 100), ("A1.02", 100)]
