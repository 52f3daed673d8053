"""Appointing, replacing, recusing: who sits where and when, and what becomes of the marks."""

import pytest
from sqlalchemy import select

from competition import grants
from competition.database import db, writing
from competition.models import Grant, LedgerRow, Role, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import appointing, recusals, seats, sheets
from judging.models import PanelSeat, Recusal
from tests.judging.officials import known, mark_of, more_judges, rules
from tests.judging.seed import Seeded, seed

CODE = "K-073"


@pytest.fixture
def day(context: object) -> Seeded:
    made = seed()
    rules(made)
    return made


def appoint(day: Seeded, judge: str, chair: int, sheet: str = "") -> int:
    who, chief = day.judges[judge], day.judges["chief"]
    return appointing.appoint(day.skill, sheet, chair, who, actor_id=chief)


def vote(day: Seeded, judge: str, value: int, aspect: str = "B1.01", code: str = CODE) -> str:
    return day.give(day.post(code, aspect, value, judge=judge), judge=judge)[0].state


def sits(day: Seeded, sheet: str = "B1", code: str = CODE) -> set[str]:
    found = seats.read(db.session(), day.skill).sitting(sheet, day.entries[code])
    return {name for name, number in day.judges.items() if number in found}


def recuse(day: Seeded, judge: str, work: str = "", **more: object) -> int:
    asked = {"reason": "亲戚", "actor_id": day.judges["chief"], "key": f"recuse-{judge}-{work}"}
    return recusals.recuse(day.skill, day.judges[judge], work=work, **(asked | more))  # type: ignore[arg-type]


def test_without_an_appointment_all_judges_sit(day: Seeded) -> None:
    assert sits(day) == {"li", "wang", "zhao"}


def test_the_appointed_sit_and_nobody_else_marks(day: Seeded) -> None:
    more_judges(day, "qian")
    for chair, judge in enumerate(("li", "wang", "qian"), start=1):
        appoint(day, judge, chair)
    assert sits(day) == {"li", "wang", "qian"}
    refused = day.give(day.post(CODE, "B1.01", 2, judge="zhao"), judge="zhao")[0]
    assert refused.state == "set_aside"
    assert refused.sentence is not None
    assert "另一组" in refused.sentence["zh"]
    assert [vote(day, judge, 2) for judge in ("li", "wang", "qian")] == ["taken"] * 3
    assert mark_of(day, "B1.01").value == 133


def test_a_team_marks_its_sub_criterion_only(day: Seeded) -> None:
    more_judges(day, "qian", "sun", "zhou")
    for chair, judge in enumerate(("li", "wang", "zhao"), start=1):
        appoint(day, judge, chair)
    for chair, judge in enumerate(("qian", "sun", "zhou"), start=1):
        appoint(day, judge, chair, "B1")
    assert sits(day, "B1") == {"qian", "sun", "zhou"}
    assert sits(day, "A1") == {"li", "wang", "zhao"}
    assert vote(day, "li", 2) == "set_aside"
    assert day.give(day.post(CODE, "A1.01", 150))[0].state == "taken"
    assert [vote(day, judge, 3) for judge in ("qian", "sun", "zhou")] == ["taken"] * 3
    assert mark_of(day, "B1.01").value == 200


def test_a_supervisor_steps_in_for_a_compatriot(day: Seeded) -> None:
    rules(day, supervisor=True)
    more_judges(day, "qian")
    known(day, "li", delegation=CODE)
    for chair, judge in enumerate(("li", "wang", "zhao"), start=1):
        appoint(day, judge, chair)
    appoint(day, "qian", 0)
    assert [vote(day, one, 2) for one in ("li", "wang", "zhao")] == ["set_aside", "taken", "taken"]
    assert mark_of(day, "B1.01").value is None, "the supervisor is waited for"
    assert vote(day, "qian", 2) == "taken"
    assert mark_of(day, "B1.01").value == 133
    assert [vote(day, one, 2, code="K-118") for one in ("li", "wang", "zhao")] == ["taken"] * 3
    assert mark_of(day, "B1.01", "K-118").value == 133


def test_a_replacement_in_the_middle_keeps_the_first_judges_marks(day: Seeded) -> None:
    more_judges(day, "qian")
    first = [appoint(day, judge, chair) for chair, judge in enumerate(("li", "wang", "zhao"), 1)]
    vote(day, "li", 1)
    day.give(day.post(CODE, "A1.01", 150))
    chief = day.judges["chief"]
    new = appointing.replace(first[0], day.judges["qian"], reason="生病", actor_id=chief)
    assert sits(day) == {"qian", "wang", "zhao"}
    assert vote(day, "li", 3, "B1.02") == "set_aside"
    assert mark_of(day, "A1.01").value == 150, "the first judge's measurement stays"
    assert [vote(day, one, 2) for one in ("wang", "zhao")] == ["taken", "taken"]
    assert mark_of(day, "B1.01").value == 111, "1 + 2 + 2: the chair has its vote"
    for judge in ("qian", "wang", "zhao"):
        assert vote(day, judge, 3, "B1.02") == "taken"
    assert mark_of(day, "B1.02").value == 200
    old, row = (db.session.get_one(PanelSeat, number) for number in (first[0], new))
    assert (old.until, old.end_reason, row.since) == (2, "生病", 2)
    assert old.ended_at is not None


def test_the_first_appointment_while_marking_takes_nobodys_chair(day: Seeded) -> None:
    rules(day, supervisor=True)
    more_judges(day, "qian")
    vote(day, "li", 2)
    chief, qian = day.judges["chief"], day.judges["qian"]
    with pytest.raises(Refusal, match="sits on this panel already"):
        appointing.appoint(day.skill, "", 0, qian, actor_id=chief)
    assert db.session.scalars(select(PanelSeat)).all() == []


def test_who_sat_without_an_appointment_keeps_the_chair(day: Seeded) -> None:
    vote(day, "li", 2)
    end = appoint(day, "wang", 2)
    assert sits(day) == {"li", "wang", "zhao"}
    chief = day.judges["chief"]
    appointing.end(end, reason="临时离开", actor_id=chief)
    assert sits(day) == {"li", "zhao"}
    assert vote(day, "zhao", 2) == "taken"
    assert mark_of(day, "B1.01").value == 133, "one of three is missing: two votes count"


@pytest.mark.parametrize(
    ("sheet", "chair", "judge", "why"),
    [
        ("", 1, "wang", "Somebody has this chair"),
        ("", 2, "li", "sits on this panel already"),
        ("", 4, "wang", "a panel has 3 chairs"),
        ("", 0, "wang", "a panel has 3 chairs"),
        ("Z9", 1, "wang", "no such sub-criterion"),
        ("", 2, "stranger", "holds no judge's role"),
    ],
)
def test_an_appointment_that_cannot_be(
    day: Seeded, sheet: str, chair: int, judge: str, why: str
) -> None:
    made = appoint(day, "li", 1)
    assert appoint(day, "li", 1) == made, "twice is once"
    with pytest.raises(Refusal, match=why):
        appoint(day, judge, chair, sheet)
    assert len(db.session.scalars(select(PanelSeat)).all()) == 1


def test_a_grant_that_ends_empties_the_chair(day: Seeded) -> None:
    for chair, judge in enumerate(("li", "wang", "zhao"), start=1):
        appoint(day, judge, chair)
    found = select(Grant.id).where(Grant.account_id == day.judges["li"], Grant.role == Role.JUDGE)
    grants.end(db.session.scalars(found).one(), reason="换岗", actor_id=None)
    assert sits(day) == {"wang", "zhao"}


def test_a_locked_panel_no_longer_changes(day: Seeded) -> None:
    with writing() as session:
        session.get_one(Skill, day.skill).locked_at = now()
    for act in (
        lambda: appoint(day, "li", 1),
        lambda: recuse(day, "li"),
        lambda: appointing.draw(day.skill, [""], "s", actor_id=day.judges["chief"]),
    ):
        with pytest.raises(Refusal, match="locked"):
            act()


# Standing aside


def test_a_judge_recuses_themselves_from_one_work(day: Seeded) -> None:
    vote(day, "li", 2, "B1.02")
    number = recuse(day, "li", CODE, actor_id=day.judges["li"])
    assert recuse(day, "li", CODE, actor_id=day.judges["li"]) == number
    assert sits(day) == {"wang", "zhao"}
    assert sits(day, code="K-118") == {"li", "wang", "zhao"}
    assert vote(day, "li", 2) == "set_aside"
    assert [vote(day, one, 2, "B1.02") for one in ("wang", "zhao")] == ["taken", "taken"]
    assert mark_of(day, "B1.02").value == 133, "the vote from before stays: 2 + 2 + 2"
    row = db.session.get_one(Recusal, number)
    assert (row.source, row.reason, row.from_start) == ("judge", "亲戚", False)
    assert "亲戚" not in str(list(db.session.scalars(select(LedgerRow.body))))


def test_the_chief_judge_recuses_from_the_start_and_lifts_it(day: Seeded) -> None:
    vote(day, "li", 3)
    day.give(day.post(CODE, "A1.01", 150))
    number = recuse(day, "li", CODE, from_start=True)
    assert mark_of(day, "A1.01").value is None, "what was given must be given again"
    assert [vote(day, one, 2) for one in ("wang", "zhao")] == ["taken", "taken"]
    assert mark_of(day, "B1.01").value == 133
    recusals.lift(number, reason="查无此事", actor_id=day.judges["chief"])
    recusals.lift(number, reason="再", actor_id=day.judges["chief"])
    assert mark_of(day, "A1.01").value == 150
    assert vote(day, "li", 2, "B1.02") == "taken"


def test_recused_from_the_whole_skill(day: Seeded) -> None:
    recuse(day, "zhao", "")
    assert {vote(day, "zhao", 2, code=code) for code in day.entries} == {"set_aside"}
    assert sits(day) == sits(day, "A1", "K-391") == {"li", "wang"}


def test_a_confirmation_of_a_judge_recused_from_the_start_does_not_count(day: Seeded) -> None:
    answers = day.mark_all(CODE)
    last = answers[3].id
    assert last is not None
    assert day.give(day.confirm(CODE, "A1", last), judge="wang")[0].state == "taken"
    recuse(day, "wang", CODE, from_start=True)
    from judging import cells

    found = cells.read(db.session, day.skill)
    assert day.subs["A1"] not in found.works[day.entries[CODE]].confirmed


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"reason": " \x00"}, "Say why"),
        ({"work": "K-999"}, "no work with that code"),
    ],
)
def test_a_recusal_that_cannot_be(day: Seeded, change: dict[str, object], why: str) -> None:
    with pytest.raises(Refusal, match=why):
        recuse(day, "li", **change)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="no judge of the skill"):
        recuse(day, "stranger")
    assert db.session.scalars(select(Recusal)).all() == []


# The draw


def test_a_draw_fills_the_panels_and_says_what_it_could_not(day: Seeded) -> None:
    more_judges(day, "qian")
    known(day, "li", delegation=CODE)
    chief = day.judges["chief"]
    before = appointing.propose(db.session(), day.skill, [""], "种子")
    found = appointing.draw(day.skill, [""], "种子", actor_id=chief)
    assert found == before
    assert sits(day) == {"wang", "zhao", "qian"}
    assert found.unmet == ()
    again = appointing.draw(day.skill, ["", "B1"], "种子", actor_id=chief)
    assert sits(day, "A1") == {"wang", "zhao", "qian"}
    assert {one.kind for one in again.unmet} == {"bound"} or sits(day, "B1") == sits(day, "A1")
    body = db.session.scalars(
        select(LedgerRow.body).where(LedgerRow.act == "panel.draw").order_by(LedgerRow.number)
    ).all()[-1]
    assert body["seed"] == "种子"
    assert len(body["seats"]) == 6


def test_nothing_is_drawn_once_judges_have_marked(day: Seeded) -> None:
    vote(day, "li", 2)
    with pytest.raises(Refusal, match="marked already"):
        appointing.draw(day.skill, [""], "s", actor_id=day.judges["chief"])
    with pytest.raises(Refusal, match="seed"):
        appointing.draw(day.skill, [""], " ", actor_id=day.judges["chief"])


def test_a_judge_without_a_seat_is_not_told_that_works_are_done(day: Seeded) -> None:
    chairs = [appoint(day, judge, at) for at, judge in enumerate(("li", "wang", "zhao"), start=1)]
    for judge, value in (("li", 0), ("wang", 3), ("zhao", 3)):
        vote(day, judge, value)
    appointing.end(chairs[2], reason="生病", actor_id=day.judges["chief"])

    def told(judge: str) -> dict[str, int]:
        skill = db.session.get_one(Skill, day.skill)
        return sheets.progress(db.session(), skill, day.judges[judge])["codes"][CODE]

    assert told("zhao")["asked"] == 0, "nor for the new round of a vote"
    assert told("zhao")["new_votes"] == 0
    assert told("wang")["asked"] == told("wang")["of"] and told("wang")["new_votes"] == 1
