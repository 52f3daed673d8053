"""Signing, sending back, locking, unlocking by two, the star: the verbs, on both databases."""

import pytest
from flask import Flask

from competition import ledger
from competition.database import db, writing
from competition.models import Account, LedgerRow, Person, Skill
from competition.moment import now
from competition.rules.refusal import Refusal
from judging import closed, kept, locking, marking, result_versions, signing
from judging.models import Reopening, Signature
from tests.judging import official
from tests.judging.seed import Seeded, seed
from tests.judging.signed import check_again, proof, seen, sheet, sign, sign_off

WORK = "K-073"


@pytest.fixture
def marked(context: Flask) -> Seeded:
    """Everything is marked and confirmed; the skill's rules ask for sign-off."""
    day = seed()
    official.rules(day)
    official.mark_everything(day, {"A1.01": 0})
    return day


def acts(day: Seeded) -> list[str]:
    rows = db.session.query(LedgerRow).filter_by(skill_id=day.skill).order_by(LedgerRow.number)
    return [row.act for row in rows]


def give(day: Seeded, aspect: str = "A1.01", value: int = 150) -> marking.Answer:
    found = kept.whole(db.session(), day.skill)
    head = found.works[day.entries[WORK]].marks[day.aspects[aspect]].measured.head
    return day.give(day.post(WORK, aspect, value, base=head.id))[0]


def star(day: Seeded) -> set[str]:
    db.session.rollback()
    found = kept.whole(db.session(), day.skill)
    entry = day.entries[WORK]
    return {one.code for one in found.aspects if found.has_star(entry, one)}


def second(day: Seeded, name: str = "stranger") -> int:
    return day.judges[name]


def test_judges_then_the_chief_judge_and_the_sheet_takes_no_more_marks(marked):
    day, one = marked, (WORK, "A1")
    with pytest.raises(Refusal, match="cannot be signed yet"):
        signing.sign_as_chief(day.skill, seen(day, one), proof(day, "chief"))
    with pytest.raises(Refusal, match="not on the panel"):
        signing.sign_as_judge(day.skill, seen(day, one), proof(day, "stranger"))
    assert signing.sign_as_judge(day.skill, seen(day, one), proof(day, "li")) == 1
    before = len(acts(day))
    assert signing.sign_as_judge(day.skill, seen(day, one), proof(day, "li")) == 0
    assert len(acts(day)) == before, "a repeated signature is none"
    refused = give(day)
    assert refused.state == "set_aside" and "已签字" in refused.sentence["zh"]
    assert give(day, "A2.01", 0).state == "taken", "another sheet of the work is open"
    sign(day, one)
    assert sheet(day, *one).standing.state == "signed"
    assert {row.role for row in db.session.query(Signature)} == {"judge", "chief"}
    assert ledger.walk(db.session(), day.skill).ok


def test_a_sheet_that_moved_since_it_was_looked_at_is_not_signed(marked):
    day, one = marked, (WORK, "A1")
    looked = seen(day, one)
    give(day)
    with pytest.raises(Refusal, match=r"changed since|cannot be signed"):
        signing.sign_as_judge(day.skill, looked, proof(day, "li"))
    with pytest.raises(Refusal, match="cannot be signed yet"):
        signing.sign_as_judge(day.skill, seen(day, one), proof(day, "li"))  # to be confirmed anew
    with pytest.raises(Refusal, match="no such sheet"):
        signing.sign_as_judge(day.skill, {(1, 999_999): "x"}, proof(day, "li"))
    assert not db.session.query(Signature).count()


def test_sent_back_with_a_reason_and_marked_anew_bears_a_star(marked):
    day, one = marked, (WORK, "A1")
    key = sheet(day, *one).key
    chief = day.judges["chief"]
    with pytest.raises(Refusal, match="no signed sheet"):
        signing.send_back(day.skill, [key], reason="录错", actor_id=chief, key="b" * 12)
    sign(day, one)
    with pytest.raises(Refusal, match="No reason"):
        signing.send_back(day.skill, [key], reason=" \0 ", actor_id=chief, key="b" * 12)
    for _ in range(2):
        signing.send_back(day.skill, [key], reason="A1.01 录错", actor_id=chief, key="b" * 12)
    assert acts(day).count("sheet.send_back") == 1
    assert star(day) == set(), "nothing was given anew yet"
    assert sheet(day, *one).standing.judges, "all signatures of the sheet ended"
    assert give(day).state == "taken"
    assert star(day) == {"A1.01"}
    fresh = closed.read(db.session(), day.skill, day.entries.values())
    assert fresh == kept.whole(db.session(), day.skill).closed


def test_a_skill_with_rules_locks_only_after_recheck_and_signatures(marked):
    day, chief = marked, marked.judges["chief"]
    with pytest.raises(Refusal, match="re-check is not done"):
        marking.lock(day.skill, actor_id=chief)
    check_again(day)
    with pytest.raises(Refusal, match="12 sheets are not signed off"):
        marking.lock(day.skill, actor_id=chief)
    sign(day)
    marking.lock(day.skill, actor_id=chief)
    (first,) = result_versions.of_skill(db.session(), day.skill)
    assert (first.version, first.state) == (1, "locked")
    assert [line["place"] for line in first.lines][:1] == [1]


def test_locks_of_a_sub_criterion_and_a_day(marked):
    day, chief = marked, marked.judges["chief"]
    with pytest.raises(Refusal, match="not signed off"):
        locking.lock_sheets(day.skill, sub=day.subs["A1"], day=None, actor_id=chief)
    sign(day, *((code, sub) for code in day.entries for sub in ("A1", "A2")))
    for _ in range(2):
        locking.lock_sheets(day.skill, sub=day.subs["A1"], day=None, actor_id=chief)
        locking.lock_sheets(day.skill, sub=None, day="1", actor_id=chief)
    assert acts(day).count("sheets.lock") == 2
    with pytest.raises(Refusal, match="nothing to lock"):
        locking.lock_sheets(day.skill, sub=None, day="9", actor_id=chief)
    key = sheet(day, WORK, "A1").key
    with pytest.raises(Refusal, match="is locked"):
        signing.send_back(day.skill, [key], reason="x", actor_id=chief, key="c" * 12)


def unlock(day: Seeded, scope: str = "sheet", on: str | None = None) -> int:
    asked = {"sub": day.subs["A1"], "day": on, "work": WORK, "reason": "A1.01 录错"}
    return locking.ask_unlock(
        day.skill, scope, **asked, actor_id=day.judges["chief"], key=f"ask-{scope}"
    )


def test_two_people_unlock_and_what_is_marked_then_bears_a_star(marked):
    day = marked
    sign_off(day)
    marking.lock(day.skill, actor_id=day.judges["chief"])
    number = unlock(day)
    assert unlock(day) == number, "asked twice is asked once"
    with pytest.raises(Refusal, match="cannot agree"):
        locking.agree(number, actor_id=day.judges["chief"])
    assert give(day).state == "set_aside", "nothing is open until the second person agrees"
    for _ in range(2):
        locking.agree(number, actor_id=second(day))
    assert acts(day).count("unlock.agree") == 1
    assert db.session.get_one(Skill, day.skill, populate_existing=True).locked_at is None
    assert give(day).state == "taken" and star(day) == {"A1.01"}
    assert give(day, "A2.01", 0).state == "set_aside", "the sheets beside it stay signed"
    (first,) = result_versions.of_skill(db.session(), day.skill)
    assert first.state == "withdrawn"
    entry, sub = sheet(day, WORK, "A1").key
    upto = kept.whole(db.session(), day.skill).works[entry].last[sub]
    day.give(day.confirm(WORK, "A1", upto), judge="wang")
    sign_off(day)
    marking.lock(day.skill, actor_id=day.judges["chief"])
    assert [one.version for one in result_versions.of_skill(db.session(), day.skill)] == [2, 1]
    assert ledger.walk(db.session(), day.skill).ok


def test_the_same_request_is_asked_once_and_needs_nobody_once_its_sheet_is_open(marked):
    day, chief = marked, marked.judges["chief"]
    sign_off(day)
    marking.lock(day.skill, actor_id=chief)
    number = unlock(day)
    asked = {"sub": day.subs["A1"], "day": None, "work": WORK, "actor_id": chief}
    again = locking.ask_unlock(day.skill, "sheet", **asked, reason="A1.01 录错", key="ask-again")
    assert again == number
    with pytest.raises(Refusal, match="asked for already"):
        locking.ask_unlock(day.skill, "sheet", **asked, reason="另一个理由", key="ask-other")
    whole, other = unlock(day, "sub"), unlock(day, "skill")
    locking.agree(other, actor_id=second(day))
    assert locking.pending(db.session(), [day.skill]) == [], "all of it is open now"
    rows = [db.session.get_one(Reopening, one) for one in (number, whole)]
    assert all(row.dropped_at and row.agreed_at is None for row in rows)
    assert acts(day).count("unlock.drop") == 2
    assert len(locking.history(db.session(), day.skill)) == 1, "the star is told once"


def test_a_request_for_what_is_open_is_neither_taken_nor_agreed_to(marked):
    day, chief = marked, marked.judges["chief"]
    sign_off(day)
    locking.lock_sheets(day.skill, sub=day.subs["A1"], day=None, actor_id=chief)
    with pytest.raises(Refusal, match="nothing to lock"):
        unlock(day, "skill")
    with writing() as session:  # one that was asked before this was refused
        row = Reopening(
            key="ask-long-ago", skill_id=day.skill, scope="sheet", entry_id=day.entries[WORK],
            subs=[day.subs["A1"]], reason="x", asked_by=chief, asked_at=now(),
        )  # fmt: skip
        session.add(row)
    number = unlock(day, "sub")
    locking.drop(row.id, actor_id=chief)
    locking.agree(number, actor_id=second(day))
    with writing() as session:
        session.get_one(Reopening, row.id).dropped_at = None
    with pytest.raises(Refusal, match="open already"):
        locking.agree(row.id, actor_id=second(day))


def test_one_human_with_two_accounts_is_one_person(marked):
    day = marked
    sign_off(day)
    marking.lock(day.skill, actor_id=day.judges["chief"])
    with writing() as session:
        person = Person(name="陈裁判长")
        session.add(person)
        for name in ("chief", "stranger"):
            session.get_one(Account, day.judges[name]).person = person
    number = unlock(day, "skill")
    with pytest.raises(Refusal, match="cannot agree"):
        locking.agree(number, actor_id=second(day))
    locking.drop(number, actor_id=day.judges["chief"])
    locking.drop(number, actor_id=day.judges["chief"])
    with pytest.raises(Refusal, match="dropped"):
        locking.agree(number, actor_id=day.judges["li"])
    assert db.session.get_one(Reopening, number).agreed_at is None
    with pytest.raises(Refusal, match="nothing to lock"):
        unlock(day, "day", on="9")
