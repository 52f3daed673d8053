"""A hand-in after the marks: it changes none, asks, and rewrites nothing of what judges said."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from competition import ledger
from competition.database import db
from competition.models import LedgerRow, Skill
from judging import cells, disagreement, evaluation, questions, sheets
from judging.models import MarkQuestion
from sandbox.verdict import Check
from tests.judging.desks import needs, page, signed_in
from tests.judging.handing import Cast, cast, check, hand_in, proposed, result, zipped


@pytest.fixture
def work(context: Flask) -> Cast:
    return cast()


def move(points: int = 150, outcome: str = "passed") -> Check:
    return check("A1.01", outcome, id="move", points=points)


def handed(work: Cast, *checks: Check) -> None:
    """Another hand-in, judged with these checks."""
    hand_in(work, data=zipped())
    held = evaluation.claim("w1")
    assert held is not None
    assert evaluation.finish(held, result(checks), {})
    db.session.expire_all()


def give(work: Cast, value: int, reason: str = "") -> int:
    (answer,) = work.seeded.give(work.seeded.post("K-073", "A1.01", value, reason=reason))
    assert answer.state == "taken"
    return answer.id or 0


def measured(work: Cast):
    found = cells.read(db.session(), work.seeded.skill)
    mark = found.works[work.entry("K-073")].marks[work.seeded.aspects["A1.01"]].measured
    assert mark is not None
    return mark


def asked(work: Cast) -> list[tuple[int | None, int, int | None, int | None]]:
    found = questions.unanswered(db.session(), work.seeded.skill)
    return [(one["hand_in"], one["mark"], one["before"], one["after"]) for one in found]


def confirm(work: Cast) -> None:
    last = give(work, 150)
    for aspect, value in {"A1.02": 100, "A1.03": 50, "A1.04": 100}.items():
        last = work.seeded.give(work.seeded.post("K-073", aspect, value))[0].id or 0
    assert work.seeded.give(work.seeded.confirm("K-073", "A1", last), judge="wang")[0].id


def test_a_confirmed_mark_stays_and_a_question_is_opened(context: Flask, work: Cast) -> None:
    handed(work, move(150))
    confirm(work)
    handed(work, move(150, "failed"))

    found = measured(work)
    assert (found.value, found.source) == (150, "both")
    sheet = work.seeded.subs["A1"]
    assert sheet in cells.read(db.session(), work.seeded.skill).works[work.entry("K-073")].confirmed
    (question,) = needs(work.seeded)["question"]
    shown = (question["code"], question["aspect"], question["hand_in"], question["confirmed"])
    assert shown == ("K-073", "A1.01", 2, True)
    assert (question["mark"], question["before"], question["after"]) == ("1.50", "1.50", "0.00")

    chief = work.seeded.judges["chief"]
    questions.answer(question["question_id"], reason="以第一次为准", actor_id=chief)
    assert asked(work) == []
    acts = list(db.session.scalars(select(LedgerRow.act).order_by(LedgerRow.id)))
    assert acts[-3:] == ["marks.propose", "question.ask", "question.answer"]
    assert ledger.walk(db.session(), work.seeded.skill).ok


@pytest.mark.parametrize(
    ("given", "later", "wanted"),
    [
        (150, move(100), [(2, 150, 150, 100)]),
        (150, move(150, "undetermined"), [(2, 150, 150, None)]),
        (150, move(150), []),  # as before
        (0, move(150, "failed"), []),  # the judge had seen it
        (None, move(0), []),  # nobody has marked it
    ],
)
def test_when_a_hand_in_asks(
    context: Flask, work: Cast, given: int | None, later: Check, wanted: list[object]
) -> None:
    handed(work, move(150))
    if given is not None:
        give(work, given, "我看到的")
    handed(work, later)
    assert asked(work) == wanted


def test_what_was_marked_by_eye_is_asked_about_when_the_machine_comes_late(
    context: Flask, work: Cast
) -> None:
    give(work, 150)
    handed(work, move(100))
    assert asked(work) == [(1, 150, None, 100)]


def test_a_later_hand_in_ends_what_the_earlier_asked(context: Flask, work: Cast) -> None:
    handed(work, move(150))
    give(work, 150)
    handed(work, move(100))
    handed(work, move(100))  # the same once more: the question stands
    assert asked(work) == [(2, 150, 150, 100)]
    handed(work, move(50))
    assert asked(work) == [(4, 150, 100, 50)]
    handed(work, move(150))  # and this one agrees with the mark
    assert asked(work) == []
    answers = [row.answer for row in db.session.scalars(select(MarkQuestion))]
    assert answers == [questions.OVERTAKEN] * 2


def test_who_overruled_whom_is_not_rewritten(context: Flask, work: Cast) -> None:
    handed(work, move(150))
    give(work, 0, "第三次才移动")  # overrules the machine
    handed(work, move(150, "failed"))
    assert (measured(work).value, measured(work).source) == (0, "judge")
    handed(work, move(150))
    give(work, 150)  # takes the machine's word
    handed(work, move(0))
    assert measured(work).source == "both"
    skill = db.session.get_one(Skill, work.seeded.skill)
    shown = sheets.work(db.session(), skill, "K-073", work.seeded.judges["li"])
    cell = shown["cells"][str(work.seeded.aspects["A1.01"])]
    assert (cell["weighed"], cell["proposal"]["value"]) == (150, 0)


def test_rates_are_of_the_hand_in_that_was_marked(context: Flask, work: Cast) -> None:
    handed(work, move(150))
    give(work, 150)
    handed(work, move(150, "failed"))
    assert proposed(work.entry("K-073")) == [("A1.01", 150), ("A1.01", 0)]
    (found,) = disagreement.checks(db.session(), work.seeded.skill)
    assert (found.rate.of, found.rate.per_cent) == (1, 0)
    give(work, 150, "看过录像，能移动")  # now the second one is overruled
    (found,) = disagreement.checks(db.session(), work.seeded.skill)
    assert (found.rate.of, found.rate.per_cent) == (1, 100)


def test_the_desk_tells_which_hand_in_asks(sqlite_app: Flask) -> None:
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    with sqlite_app.app_context():
        work = cast()
        handed(work, move(150))
        give(work, 150)
        handed(work, move(100))
        db.session.remove()
    chief = signed_in(sqlite_app, "chief")
    desk = page(chief, "/desk/T17")
    assert "又有新的提交，自动判定与裁判给的分数不同" in desk
    assert "第 2 次提交" in desk
    question = re.search(r"/desk/T17/questions/(\d+)", desk)
    assert question is not None
    assert "裁判评的是较早的提交" in page(chief, question[0])
