"""The sampling re-check as verbs, on both databases; versions of results and their steps."""

import pytest
from flask import Flask

from competition import ledger
from competition.database import db
from competition.models import LedgerRow, Skill
from competition.rules.refusal import Refusal
from judging import kept, locking, marking, rechecking, recusals, result_versions, signing
from judging.rechecking import Checked, Rechecking
from judging.rules import sampling
from tests.judging import official
from tests.judging.seed import CODES, Seeded, seed
from tests.judging.signed import book, check_again, rule_on_ties, sheet, sign, sign_off

BAD = [{"aspect": "A1.04", "value": "0.80", "reason": "现场只有四种声音能播放"}]


@pytest.fixture
def marked(context: Flask) -> Seeded:
    """Four works with four different totals; the last one has no medal."""
    day = seed()
    official.rules(day, medals="china")
    official.mark_everything(day, {}, {"A1.01": 0}, {"A1.01": 0, "A1.02": 0}, {"A2.02": 0})
    return day


def found(day: Seeded) -> Rechecking:
    db.session.rollback()
    read = rechecking.read(db.session(), day.skill, book(day))
    assert read is not None
    return read


def note(day: Seeded, number: int, differs=(), who="stranger", key="", seen="") -> None:
    one = next(one for one in found(day).sheets if one.id == number)
    rechecking.note(
        day.skill, number, differs, seen=seen or one.sheet.digest, actor_id=day.judges[who],
        key=key or f"note-{number}-{len(one.findings)}",
    )  # fmt: skip


def first(day: Seeded, sub: str = "A1") -> Checked:
    return next(one for one in found(day).sheets if one.sheet.sub.code == sub)


def acts(day: Seeded, act: str) -> list[LedgerRow]:
    return db.session.query(LedgerRow).filter_by(skill_id=day.skill, act=act).all()


def test_the_sample_is_the_top_group_and_what_the_ledgers_head_draws(marked):
    day, chief = marked, marked.judges["chief"]
    head = db.session.get_one(Skill, day.skill).ledger_head
    for _ in range(2):
        rechecking.draw(day.skill, actor_id=chief)
    (row,) = acts(day, "recheck.draw")
    assert row.body["seed"] == row.previous == head, "anybody finds the seed in the ledger"
    read = found(day)
    group = rechecking.top(db.session(), day.skill, kept.whole(db.session(), day.skill))
    sheets = {(code, sub) for code in CODES for sub in ("A1", "A2", "B1")}
    again = sampling.sample(sheets, group, head, 15)
    assert {(one.sheet.code, one.sheet.sub.code): one.why for one in read.sheets} == again
    assert 0 < len(group) < len(CODES), "somebody is in the top group and somebody is not"
    assert read.why("top") == 3 * len(group)
    assert read.why("drawn") == sampling.needed(3 * (len(CODES) - len(group)), 15)


def test_it_is_drawn_once_everything_is_marked(marked):
    day = marked
    day.give(day.post("K-391", "A2.01", None))
    with pytest.raises(Refusal, match="not marked or not confirmed"):
        rechecking.draw(day.skill, actor_id=day.judges["chief"])


def test_who_marked_a_sheet_does_not_check_it_and_a_finding_alters_no_mark(marked):
    day = marked
    rechecking.draw(day.skill, actor_id=day.judges["chief"])
    one = next(one for one in found(day).sheets if one.sheet.sub.code == "A1")
    with pytest.raises(Refusal, match="you marked"):
        note(day, one.id, who="li")
    with pytest.raises(Refusal, match="changed since"):
        note(day, one.id, seen="0" * 64)
    for wrong in ([{"aspect": "Z9", "value": "1", "reason": "x"}], [{**BAD[0], "reason": " "}]):
        with pytest.raises(Refusal, match="give the aspect"):
            note(day, one.id, wrong)
    before = one.sheet.digest
    note(day, one.id, key="the-same-key")
    note(day, one.id, BAD, key="the-same-key")
    (only,) = next(each for each in found(day).sheets if each.id == one.id).findings
    assert only.differs == [] and sheet(day, one.sheet.code, "A1").digest == before


def test_more_than_five_per_cent_of_errors_means_all_and_the_chief_judge_answers(marked):
    day, chief = marked, marked.judges["chief"]
    rechecking.draw(day.skill, actor_id=chief)
    one = next(one for one in found(day).sheets if one.sheet.sub.code == "A1")
    note(day, one.id, BAD)  # one of ten is more than 5 %
    read = found(day)
    assert read.row.everything_at is not None and len(read.sheets) == 12
    assert len(acts(day, "recheck.everything")) == 1
    assert read.errors == 1 and not read.is_done
    with pytest.raises(Refusal, match="re-check is not done"):
        locking.refuse_unless_signed(db.session(), day.skill)
    number = next(each for each in read.sheets if each.id == one.id).findings[0].id
    with pytest.raises(Refusal, match="No reason"):
        rechecking.answer(day.skill, number, " ", actor_id=chief)
    for _ in range(2):
        rechecking.answer(day.skill, number, "录像显示只到三边", actor_id=chief)
    assert len(acts(day, "recheck.stands")) == 1
    assert found(day).errors == 0, "what the chief judge turned down was no error"
    check_again(day)
    assert found(day).is_done


def test_a_sheet_that_goes_back_and_is_marked_anew_is_checked_again(marked):
    day, chief = marked, marked.judges["chief"]
    rechecking.draw(day.skill, actor_id=chief)
    one = next(one for one in found(day).sheets if one.sheet.sub.code == "A1")
    work = one.sheet.code
    note(day, one.id, BAD)
    sign(day, (work, "A1"))
    signing.send_back(
        day.skill, [one.sheet.key], reason="抽查发现差错", actor_id=chief, key="back-" + work
    )
    own = kept.whole(db.session(), day.skill).works[day.entries[work]]
    mark = own.marks[day.aspects["A1.02"]]
    day.give(day.post(work, "A1.02", 100 - mark.value, base=mark.measured.head.id))
    state = {each.id: each.state for each in found(day).sheets}
    assert state[one.id] == "changed"
    entry, sub = one.sheet.key
    upto = kept.whole(db.session(), day.skill).works[entry].last[sub]
    day.give(day.confirm(work, "A1", upto), judge="wang")
    check_again(day)
    assert found(day).is_done and found(day).errors == 1
    assert ledger.walk(db.session(), day.skill).ok


@pytest.mark.parametrize(
    ("sub", "aspect", "value", "why"),
    [
        ("A1", "A1.01", "abc", "is not a number"),
        ("A2", "A2.01", "9.00", "0 or 1.00"),
        ("A2", "A2.01", "0.70", "0 or 1.00"),
        ("A1", "A1.04", "-0.20", "0 to 1.00"),
        ("A1", "A1.04", "0.805", "more than two decimals"),
        ("A1", "A1.04", "1.0", "nothing differs"),
        ("B1", "B1.01", "1.50", "none that the votes can give; it is one of 0.00, 0.22"),
        ("B1", "B1.01", "2", "nothing differs"),
    ],
)
def test_what_cannot_be_a_mark_is_no_finding_and_nothing_comes_of_it(
    marked, sub, aspect, value, why
):
    day = marked
    rechecking.draw(day.skill, actor_id=day.judges["chief"])
    one = first(day, sub)
    with pytest.raises(Refusal, match=why):
        note(day, one.id, [{"aspect": aspect, "value": value, "reason": "理由"}])
    read = found(day)
    assert read.errors == 0 and read.row.everything_at is None
    assert not first(day, sub).findings and not acts(day, "recheck.find")


def test_a_finding_may_be_taken_back_by_who_made_it_until_it_is_answered(marked):
    day, chief = marked, marked.judges["chief"]
    rechecking.draw(day.skill, actor_id=chief)
    one = first(day)
    note(day, one.id, BAD)
    with pytest.raises(Refusal, match="already waits for the chief judge"):
        note(day, one.id, who="chief")
    assert found(day).errors == 1 and not found(day).is_unfounded
    note(day, one.id)  # by who made it: all agrees
    read, again = found(day), first(day)
    assert again.state == "agrees" and again.is_replaced(again.findings[0])
    assert read.errors == 0 and read.row.everything_at is not None, "what was decided stays"
    assert read.is_unfounded
    (_, last) = acts(day, "recheck.find")
    assert last.body["instead_of"] == again.findings[0].id
    with pytest.raises(Refusal, match="taken back"):
        rechecking.answer(day.skill, again.findings[0].id, "录像显示五种", actor_id=chief)
    note(day, one.id, [{**BAD[0], "value": "0.6"}])
    number = first(day).findings[-1].id
    rechecking.answer(day.skill, number, "录像显示五种", actor_id=chief)
    assert first(day).state == "stands" and found(day).errors == 0


def test_who_stands_aside_from_a_work_does_not_check_it_again_either(marked):
    day = marked
    rechecking.draw(day.skill, actor_id=day.judges["chief"])
    one = first(day)
    assert rechecking.may_check(day.judges["zhao"], book(day).found, one.sheet)
    recusals.recuse(
        day.skill, day.judges["zhao"], work=one.sheet.code, reason="同校",
        actor_id=day.judges["chief"], key="aside-zhao",
    )  # fmt: skip
    with pytest.raises(Refusal, match="stand aside"):
        note(day, one.id, who="zhao")


def test_results_go_from_hand_to_hand_and_must_be_published_again(marked):
    day, chief, office = marked, marked.judges["chief"], marked.judges["stranger"]
    sign_off(day)
    marking.lock(day.skill, actor_id=chief)
    with pytest.raises(Refusal, match="cannot take that step"):
        result_versions.step(day.skill, 1, "published", actor_id=office)
    first = rule_on_ties(day)
    result_versions.step(day.skill, first, "handed_over", actor_id=chief)
    with pytest.raises(Refusal, match="cannot take them in"):
        result_versions.step(day.skill, first, "received", actor_id=chief)
    for state in ("received", "published", "published"):
        result_versions.step(day.skill, first, state, actor_id=office)
    assert len(acts(day, "results.published")) == 1
    assert db.session.get_one(Skill, day.skill, populate_existing=True).release == "confirmed"
    assert result_versions.impact_since_published(db.session(), day.skill) == []
    entry, aspect = day.entries["K-118"], day.aspects["A1.01"]
    best = result_versions.impact_of(db.session(), day.skill, entry, aspect, 150)
    assert best and {one.code: one.is_better for one in best}["K-118"] in (True, None)
    assert result_versions.impact_of(db.session(), day.skill, entry, aspect, 151) is None
    number = locking.ask_unlock(
        day.skill, "sheet", sub=day.subs["A1"], day=None, work="K-118", reason="录错",
        actor_id=chief, key="unlock-published",
    )  # fmt: skip
    locking.agree(number, actor_id=office)
    assert result_versions.of_skill(db.session(), day.skill)[0].state == "must_republish"
    mark = kept.whole(db.session(), day.skill).works[entry].marks[aspect]
    (answer,) = day.give(day.post("K-118", "A1.01", 150, base=mark.measured.head.id))
    day.give(day.confirm("K-118", "A1", answer.id), judge="wang")
    assert result_versions.impact_since_published(db.session(), day.skill) == best
    sign_off(day)
    marking.lock(day.skill, actor_id=chief)
    last = rule_on_ties(day)
    for state, who in (("handed_over", chief), ("received", office), ("published", office)):
        result_versions.step(day.skill, last, state, actor_id=who)
    states = {one.version: one.state for one in result_versions.of_skill(db.session(), day.skill)}
    assert (states[last], states[first]) == ("published", "replaced")
