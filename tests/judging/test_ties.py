"""Ties after the lock: working times, votes and signed rulings, each an act, none a mark."""

from datetime import datetime, timedelta

import pytest

from competition.database import db, writing
from competition.models import LedgerRow, Pause, Period, Release, Skill
from competition.pins import Proof
from competition.rules.refusal import Refusal
from judging import (
    books,
    ceremony_lists,
    finals,
    ledger_proof,
    locking,
    provenance,
    result_versions,
    results,
    scheme,
    ties,
)
from judging.models import Observation, Submission, TieDecision
from tests.judging.official import lock, mark_everything, rules
from tests.judging.seed import CODES, Seeded, let_out, seed

# 10.50, 9.50, and two of 8.50 that no criterion tells apart.
FOUR = ({}, {"A1.02": 0}, {"A1.02": 0, "A1.04": 0}, {"A1.01": 0, "A1.03": 0})
THIRD, FOURTH = CODES[2], CODES[3]
# All four with the same marks.
EQUAL = ({}, {}, {}, {})


@pytest.fixture
def day(context) -> Seeded:
    found = seed()
    let_out(found.skill, Release.CONFIRMED, actor_id=found.judges["chief"])
    return found


def locked(
    day: Seeded, *works: dict[str, int], preset: str = "provincial", **changes: object
) -> None:
    rules(day, preset, **changes)
    mark_everything(day, *works)
    lock(day)


def skill_of(day: Seeded) -> Skill:
    return db.session.get_one(Skill, day.skill, populate_existing=True)


def read(day: Seeded) -> ties.Read:
    db.session.rollback()
    return ties.of_skill(db.session(), skill_of(day))


def lines(day: Seeded) -> list[dict]:
    return results.snapshot(skill_of(day)).body["standings"]


def places(day: Seeded) -> dict[str, int]:
    db.session.rollback()
    board = ties._board(*_facts(day))
    return {line.key: line.standing.place for line in board.lines}


def _facts(day: Seeded) -> tuple:
    found = ties.kept.whole(db.session(), day.skill)
    return found, finals.facts(db.session(), [day.skill])[day.skill]


def decide(day: Seeded, by: str, figures: dict[str, int], key: str = "", **more: object) -> None:
    chief = day.judges["chief"]
    given = {"reason": "计时表", "actor_id": chief, "key": key or f"key-{by}-{figures}", **more}
    if by == "ruling":
        given.setdefault("proof", Proof(chief, "sign_in:1"))
    ties.decide(day.skill, by, figures, **given)


def sentence(day: Seeded, *args: object, **more: object) -> str:
    before = db.session.query(TieDecision).count()
    with pytest.raises(Refusal) as refused:
        decide(day, *args, **more)
    db.session.rollback()
    assert db.session.query(TieDecision).count() == before
    return refused.value.zh


def test_working_times_decide_a_tie_in_words_and_in_the_ledger(day: Seeded) -> None:
    locked(day, *FOUR)
    (tie,) = read(day).ties
    assert (tie.codes, tie.lacks, tie.is_open) == ([THIRD, FOURTH], "time", True)
    marks = db.session.query(Observation).count()
    decide(day, "time", {THIRD: 16800, FOURTH: 16632})
    assert places(day)[FOURTH] == 3 and places(day)[THIRD] == 4
    third, fourth = lines(day)[2:]
    assert [third["undecided"], fourth["undecided"]] == [False, False]
    assert "同分：比较用时，4:37:12 对 选手 P43 的 4:40:00，列在其前。" in third["why_zh"]
    assert any("working time compares, 4:40:00 against 4:37:12" in one for one in fourth["why_en"])
    assert db.session.query(Observation).count() == marks
    act = db.session.query(LedgerRow).filter_by(act="tie.decide", skill_id=day.skill).one()
    assert act.actor_id == day.judges["chief"] and act.body["reason"] == "计时表"
    assert {one["entry"]: one["figure"] for one in act.body["figures"]} == {
        day.entries[THIRD]: 16800, day.entries[FOURTH]: 16632,
    }  # fmt: skip
    assert not read(day).ties


def test_each_decision_makes_a_version_of_the_results(day: Seeded) -> None:
    locked(day, *FOUR)
    decide(day, "time", {THIRD: 200, FOURTH: 100})
    second, first = result_versions.of_skill(db.session(), day.skill)
    assert (first.version, first.state, second.version, second.state) == (
        1,
        "replaced",
        2,
        "locked",
    )
    assert [one["place"] for one in first.lines] == [1, 2, 3, 3]
    assert [(one["code"], one["place"]) for one in second.lines][2:] == [(FOURTH, 3), (THIRD, 4)]
    assert second.steps[0]["state"] == "decided"
    # the lists of a ceremony and of a book are the newest version's
    listed, versions = ceremony_lists.locked(db.session(), [skill_of(day)])
    assert versions[0]["version"] == 2 and len(listed) == 1
    result_versions.step(day.skill, 2, "handed_over", actor_id=day.judges["chief"])
    assert books.final(db.session(), skill_of(day), [skill_of(day)]).chapters[0].version == 2


def test_the_list_goes_on_from_times_to_a_signed_ruling(day: Seeded) -> None:
    locked(day, *EQUAL)
    first, second, third, fourth = CODES
    decide(day, "time", {first: 100, second: 100, third: 90, fourth: 200})
    (tie,) = read(day).ties
    assert (sorted(tie.codes), tie.lacks) == ([first, second], "ruling")
    decide(day, "ruling", {first: 2, second: 1})
    assert places(day) == {third: 1, second: 2, first: 3, fourth: 4}
    silver = lines(day)[1]
    assert any("按裁判长签字裁决，列在 选手 P41 之前" in one for one in silver["why_zh"])
    row = db.session.query(TieDecision).filter_by(by="ruling").one()
    assert row.device == "sign_in:1"


def test_what_nobody_timed_a_ruling_decides_directly(day: Seeded) -> None:
    locked(day, *FOUR)
    decide(day, "ruling", {THIRD: 1, FOURTH: 2})
    assert places(day)[THIRD] == 3 and not read(day).ties


def test_a_correction_is_a_newer_row_and_ends_what_hung_on_it(day: Seeded) -> None:
    locked(day, *EQUAL)
    first, second, third, fourth = CODES
    decide(day, "time", {first: 100, second: 100, third: 90, fourth: 200})
    decide(day, "ruling", {first: 2, second: 1})
    decide(day, "time", {first: 100, second: 150, third: 90, fourth: 100}, reason="抄错")
    assert db.session.query(TieDecision).count() == 3
    found = read(day)
    assert [one.counts for one in found.decided] == [True, False, True]  # third: 90 as before
    (tie,) = found.ties
    assert sorted(tie.codes) == [first, fourth] and tie.lacks == "ruling"


def test_a_work_shows_its_decisions_and_the_ledger_proves_them(day: Seeded) -> None:
    locked(day, *FOUR)
    decide(day, "time", {THIRD: 200, FOURTH: 100})
    newest = scheme.current(day.skill)
    assert newest is not None
    (told,) = provenance.read(db.session(), skill_of(day), newest, day.entries[THIRD])["ties"]
    assert (told["by"], told["figure"], told["against"]) == ("time", 200, [FOURTH])
    assert told["reason"] == "计时表" and told["number"] and told["hash"]
    untied = provenance.read(db.session(), skill_of(day), newest, day.entries[CODES[0]])
    assert untied["ties"] == [] and untied["faults"] == []
    assert ledger_proof.verify(db.session()).faults == []
    with writing() as session:
        row = session.query(TieDecision).one()
        row.figures = [{**one, "figure": 50} for one in row.figures]
    (fault,) = ledger_proof.verify(db.session()).faults
    assert "tie of K-246, K-391: decision is" in fault.en and "同分裁决 K-246、K-391" in fault.zh


def test_a_repeated_request_is_one_decision(day: Seeded) -> None:
    locked(day, *FOUR)
    for _ in range(2):
        decide(day, "time", {THIRD: 200, FOURTH: 100}, key="the-same-key")
    assert db.session.query(TieDecision).count() == 1
    assert len(result_versions.of_skill(db.session(), day.skill)) == 2


def test_votes_need_no_more_than_the_panel_and_the_whole_tie(day: Seeded) -> None:
    locked(day, *FOUR, ties=["vote", "ruling"])
    assert "不超过裁判组的 3 人" in sentence(day, "vote", {THIRD: 3, FOURTH: 1})
    assert "不在这一步同分" in sentence(day, "vote", {THIRD: 2, CODES[0]: 1}).replace(
        "没有（或不再）", "不"
    )
    assert "同分" in sentence(day, "time", {THIRD: 2, FOURTH: 1})  # the rules know no times
    decide(day, "vote", {THIRD: 2, FOURTH: 1})
    assert places(day)[THIRD] == 3
    assert any("2 票 对 选手 P44 的 1 票" in one for one in lines(day)[2]["why_zh"])


def test_shared_places_may_be_decided_where_the_list_has_a_vote(day: Seeded) -> None:
    locked(day, *FOUR, preset="worldskills", recheck_share=15)
    (tie,) = read(day).ties
    assert (tie.lacks, tie.is_open) == ("vote", False)
    assert not ties.waiting(db.session(), skill_of(day))
    decide(day, "vote", {THIRD: 1, FOURTH: 2})
    assert places(day)[FOURTH] == 3 and places(day)[THIRD] == 4


def test_nothing_is_decided_too_early_too_late_or_by_the_wrong_one(day: Seeded) -> None:
    rules(day)
    mark_everything(day, *FOUR)
    assert "还没有锁定" in sentence(day, "time", {THIRD: 2, FOURTH: 1})
    lock(day)
    assert "PIN" in sentence(day, "ruling", {THIRD: 1, FOURTH: 2}, proof=None)
    other = Proof(day.judges["li"], "device:1")
    assert "PIN" in sentence(day, "ruling", {THIRD: 1, FOURTH: 2}, proof=other)
    assert "从 1 到 2" in sentence(day, "ruling", {THIRD: 1, FOURTH: 1})
    assert "理由" in sentence(day, "time", {THIRD: 2, FOURTH: 1}, reason=" ")
    assert "用时" in sentence(day, "time", {THIRD: 0, FOURTH: 1})
    decide(day, "time", {THIRD: 2, FOURTH: 1})
    result_versions.step(day.skill, 2, "handed_over", actor_id=day.judges["chief"])
    assert "已经交出" in sentence(day, "time", {THIRD: 1, FOURTH: 2}, key="a-later-key")


def test_open_places_are_not_handed_over(day: Seeded) -> None:
    locked(day, *FOUR)
    with pytest.raises(Refusal) as refused:
        result_versions.step(day.skill, 1, "handed_over", actor_id=day.judges["chief"])
    assert "2 个名次待定" in refused.value.zh and "/results/T17/ties" in refused.value.en
    assert result_versions.of_skill(db.session(), day.skill)[0].state == "locked"


def test_an_unlock_ends_votes_and_rulings_but_no_working_time(day: Seeded) -> None:
    locked(day, *EQUAL)
    first, second, third, fourth = CODES
    decide(day, "time", {first: 100, second: 100, third: 90, fourth: 200})
    decide(day, "ruling", {first: 2, second: 1})
    asked = locking.ask_unlock(
        day.skill, "skill", sub=None, day=None, work="", reason="test",
        actor_id=day.judges["chief"], key="unlock-key",
    )  # fmt: skip
    locking.agree(asked, actor_id=day.judges["stranger"])
    assert "还没有锁定" in sentence(day, "ruling", {first: 1, second: 2}, key="another-key")
    lock(day)
    (tie,) = read(day).ties
    assert (sorted(tie.codes), tie.lacks) == ([first, second], "ruling")
    assert db.session.query(TieDecision).count() == 2
    assert read(day).decided[0].counts is False


def test_the_clock_and_the_hand_ins_offer_the_times(day: Seeded) -> None:
    locked(day, *FOUR)
    with writing() as session:
        period = session.query(Period).filter_by(skill_id=day.skill).one()
        begun = period.started_at
        session.add(Pause(
            period_id=period.id, starts_at=begun + timedelta(minutes=10),
            ends_at=begun + timedelta(minutes=20), reason="停电",
        ))  # fmt: skip
        for code, minutes in ((THIRD, 290), (FOURTH, 280)):
            for number, ago in ((1, 100), (2, minutes)):
                session.add(handed(day, code, period.id, number, begun + timedelta(minutes=ago)))
    assert read(day).measured == {THIRD: 280 * 60, FOURTH: 270 * 60}
    decide(day, "time", {THIRD: 280 * 60, FOURTH: 16000})
    row = db.session.query(TieDecision).one()
    assert {one["entry"]: one["measured"] for one in row.figures} == {
        day.entries[THIRD]: True, day.entries[FOURTH]: False,
    }  # fmt: skip


def handed(day: Seeded, code: str, period: int, number: int, at: datetime) -> Submission:
    name = f"{code}-{number}"
    return Submission(
        key=name, receipt=name, period_id=period, entry_id=day.entries[code], number=number,
        name="a.zip", size=1, sha256="0" * 64, files=[], announced_at=at, at=at,
    )  # fmt: skip
