"""The verbs of marking on both databases: what is taken, set aside, confirmed, decided, locked."""

import pytest
from sqlalchemy import func, select

from competition import ledger
from competition.database import db, writing
from competition.models import Grant, Release, Skill
from competition.rules.refusal import Refusal
from judging import cells, marking
from judging.admission import Post
from judging.models import Aspect, Confirmation, Observation
from tests.judging.seed import FULL, Seeded, judge_by_machine, let_out, seed

CODE = "K-073"


@pytest.fixture
def day(context) -> Seeded:
    return seed()


def mark(day: Seeded, aspect: str, code: str = CODE):
    found = cells.read(db.session, day.skill)
    return found.works[day.entries[code]].marks[day.aspects[aspect]]


def last(day: Seeded, sub: str, code: str = CODE) -> int:
    return cells.read(db.session, day.skill).works[day.entries[code]].last.get(day.subs[sub], 0)


def confirmed(day: Seeded) -> bool:
    return any(work.confirmed for work in cells.read(db.session, day.skill).works.values())


def revision(day: Seeded) -> int:
    return db.session.scalar(select(Skill.revision).where(Skill.id == day.skill))


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(Observation))


def refused(answer: marking.Answer) -> str:
    assert answer.state == "set_aside"
    assert answer.sentence is not None
    return answer.sentence["en"]


def vote(day: Seeded, judge: str, value: int | None, **more) -> marking.Answer:
    return day.give(day.post(CODE, "B1.01", value, judge=judge, **more), judge=judge)[0]


def test_a_mark_is_taken_once_with_one_ledger_row(day):
    before = revision(day)
    answer = day.give(day.post(CODE, "A1.01", 150))[0]
    assert answer.state == "taken"
    assert mark(day, "A1.01").value == 150
    assert revision(day) == before + 1
    assert ledger.walk(db.session, day.skill).ok


def test_a_batch_is_one_ledger_row_and_is_answered_in_its_order(day):
    before = revision(day)
    posts = [day.post(CODE, aspect, value) for aspect, value in FULL.items()]
    answers = day.give(*posts)
    assert [answer.key for answer in answers] == [post.key for post in posts]
    assert revision(day) == before + 1


def test_a_key_sent_twice_is_answered_as_the_first_time(day):
    first = day.post(CODE, "A1.01", 150, key="the-same-key")
    answer = day.give(first)[0]
    before = revision(day)
    again = day.post(CODE, "A1.01", 0, key="the-same-key")
    assert day.give(first, again) == [answer, answer]
    assert (rows(), revision(day), mark(day, "A1.01").value) == (1, before, 150)


def test_a_key_twice_in_one_batch_is_one_row(day):
    post = day.post(CODE, "A1.01", 150, key="the-same-key")
    answers = day.give(post, post)
    assert answers[0] == answers[1]
    assert rows() == 1


def test_a_set_aside_key_sent_again_is_answered_as_the_first_time(day):
    post = day.post(CODE, "A1.01", 149, key="out-of-range")
    first = day.give(post)[0]
    assert day.give(post)[0] == first
    assert rows() == 1


def test_a_key_of_another_judge_is_refused_and_not_answered_for_them(day):
    day.give(day.post(CODE, "A1.01", 150, key="the-same-key"))
    stolen = day.post(CODE, "A1.02", 100, key="the-same-key", judge="wang")
    answer = day.give(stolen, judge="wang")[0]
    assert (answer.state, answer.id) == ("refused", None)
    assert rows() == 1


def test_nothing_is_overwritten_by_a_correction(day):
    day.give(day.post(CODE, "A1.01", 150), day.post(CODE, "A1.01", 0))
    assert mark(day, "A1.01").value == 0
    assert list(db.session.scalars(select(Observation.value).order_by(Observation.id))) == [150, 0]


@pytest.mark.parametrize(
    ("aspect", "value", "says"),
    [
        ("A1.01", 149, "outside"),  # full mark or zero
        ("A1.01", -1, "outside"),
        ("A1.01", 151, "outside"),
        ("A1.04", 101, "outside"),
        ("B1.01", 4, "outside"),
        ("B1.01", -1, "outside"),
    ],
)
def test_a_value_out_of_range_is_kept_as_set_aside(day, aspect, value, says):
    with writing() as session:  # without a check that proposes, only zero and the full mark
        aspects = session.query(Aspect).filter_by(id=day.aspects[aspect])
        aspects.update({"is_automatic": False})
    post = day.post(CODE, aspect, value)
    assert says in refused(day.give(post)[0])
    row = db.session.scalars(select(Observation)).one()
    assert (row.state, row.value, row.posted["value"]) == ("set_aside", value, value)
    assert mark(day, aspect).value is None


def test_partial_marks_only_where_the_aspect_defines_them(day):
    assert day.give(day.post(CODE, "A1.04", 60))[0].state == "taken"
    assert "outside" in refused(day.give(day.post(CODE, "A2.01", 60))[0])


def test_every_refusal_is_stored_with_its_sentence_and_enters_the_ledger(day):
    before = revision(day)
    answers = day.give(
        day.post("K-999", "A1.01", 150),
        Post("no-such-aspect", CODE, day.judges["li"], 999_999, 100),
        day.post(CODE, "A1.01", 150, judge="wang"),  # another judge's name on li's device
    )
    assert [refused(answer)[:30] for answer in answers] == [
        "This skill has no work with th",
        "The scheme that counts has no ",
        "You are not on the panel of th",
    ]
    assert rows() == 3
    assert revision(day) == before + 1


def test_a_judge_who_left_the_panel_is_set_aside(day):
    with writing() as session:
        session.query(Grant).filter_by(account_id=day.judges["li"]).delete()
    assert "panel" in refused(day.give(day.post(CODE, "A1.01", 150))[0])


def test_a_conflict_is_set_aside_between_good_marks(day):
    answers = day.give(
        day.post(CODE, "A1.01", 150), day.post(CODE, "A1.02", 33), day.post(CODE, "A1.03", 50)
    )
    assert [answer.state for answer in answers] == ["taken", "set_aside", "taken"]


def test_a_check_alone_defines_no_partial_marks_but_checks_that_give_parts_do(day):
    """A1.01 to A1.03 and A2.02 have checks (`is_automatic`)."""
    part = day.post(CODE, "A2.02", 60)
    assert "outside" in refused(day.give(part)[0])
    judge_by_machine(day, "K-118", {"A1.01": 150, "A1.02": 0, "A2.02": 75})
    assert day.give(day.post(CODE, "A2.02", 60))[0].state == "taken", "of every work"
    assert day.give(day.post("K-118", "A2.02", 75))[0].state == "taken"
    assert "outside" in refused(day.give(day.post(CODE, "A1.01", 60))[0])
    assert "outside" in refused(day.give(day.post(CODE, "A1.02", 33))[0])


def test_a_batch_is_judged_like_the_same_posts_one_by_one(day):
    """What admission keeps in mind between two posts is what it would have read."""

    def posts(code: str) -> list[Post]:
        first = [day.post(code, aspect, value) for aspect, value in FULL.items()]
        again = [
            day.post(code, "A1.01", 0),
            day.post(code, "A1.02", None),
            day.post(code, "A1.02", 100),
            day.post(code, "B1.01", 2),
            day.post(code, "B1.01", None),
            day.post(code, "B1.01", 3),
            day.post(code, "B1.01", 3, round=2),
            day.post(code, "A2.01", 33),
        ]
        return first + again

    together = day.give(*posts("K-073"))
    apart = [day.give(post)[0] for post in posts("K-118")]
    assert [one.state for one in together] == [one.state for one in apart]
    found = cells.read(db.session, day.skill)
    for aspect in found.aspects:
        a, b = (found.works[day.entries[code]].marks[aspect.id] for code in ("K-073", "K-118"))
        assert (a.value, a.settled, a.source) == (b.value, b.settled, b.source)
    sheet = day.confirm("K-073", "A2", last(day, "A2", "K-073"))
    later = day.post("K-073", "A2.01", 0, judge="wang", base=mark(day, "A2.01").measured.head.id)
    stale = day.confirm("K-073", "A2", sheet.upto)
    states = [one.state for one in day.give(sheet, later, stale, judge="wang")]
    assert states == ["taken", "taken", "set_aside"]


def test_two_tablets_differ_and_the_chief_judge_decides(day):
    day.give(day.post(CODE, "A1.01", 150))
    day.give(day.post(CODE, "A1.01", 0, judge="wang"), judge="wang")
    assert not mark(day, "A1.01").settled
    chief = day.judges["chief"]
    where = (day.skill, CODE, day.aspects["A1.01"])
    with pytest.raises(Refusal, match="reason"):
        marking.decide(*where, 0, reason=" ", actor_id=chief, key="decide-1")
    with pytest.raises(Refusal, match="value that a judge gave"):
        marking.decide(*where, 75, reason="看录像", actor_id=chief, key="decide-1")
    marking.decide(*where, 0, reason="看录像", actor_id=chief, key="decide-1")
    marking.decide(*where, 0, reason="看录像", actor_id=chief, key="decide-1")
    assert (mark(day, "A1.01").value, mark(day, "A1.01").settled) == (0, True)
    assert rows() == 3
    with pytest.raises(Refusal, match="no difference"):
        marking.decide(*where, 150, reason="又改", actor_id=chief, key="decide-2")
    assert ledger.walk(db.session, day.skill).ok


def test_a_correction_on_top_of_what_was_seen_is_taken(day):
    first = day.give(day.post(CODE, "A1.01", 150))[0]
    day.give(day.post(CODE, "A1.01", 0, judge="wang", base=first.id), judge="wang")
    assert (mark(day, "A1.01").value, mark(day, "A1.01").settled) == (0, True)


def test_votes_are_sealed_until_the_last_one(day):
    for judge, value in (("li", 2), ("wang", 3)):
        assert vote(day, judge, value).state == "taken"
    assert mark(day, "B1.01").value is None
    vote(day, "zhao", 3)
    assert mark(day, "B1.01").value == 178  # 8/9 of 2.00


def test_a_vote_can_be_changed_and_taken_back_until_the_release(day):
    vote(day, "li", 0)
    vote(day, "li", 2)
    vote(day, "li", None)
    vote(day, "wang", 2)
    vote(day, "zhao", 2)
    assert not mark(day, "B1.01").settled
    vote(day, "li", 2)
    assert mark(day, "B1.01").value == 133
    assert "already released" in refused(vote(day, "li", 3))
    assert "already released" in refused(vote(day, "li", None))


def test_a_spread_above_one_asks_for_a_new_vote_with_reasons(day):
    for judge, value in (("li", 0), ("wang", 3), ("zhao", 2)):
        vote(day, judge, value)
    assert mark(day, "B1.01").ballot.needs_new_vote
    assert "already released" in refused(vote(day, "li", 2))
    assert "reason" in refused(vote(day, "li", 2, round=2))
    for judge in ("li", "wang", "zhao"):
        assert vote(day, judge, 2, round=2, reason="看到了粒子效果").state == "taken"
    assert mark(day, "B1.01").value == 133
    assert len(mark(day, "B1.01").ballot.rounds) == 2


def test_a_second_judge_confirms_the_sheet(day):
    day.mark_all(CODE)
    upto = last(day, "A1")
    own = day.confirm(CODE, "A1", upto, judge="li")
    assert "cannot confirm a sheet that you entered" in refused(day.give(own)[0])
    answer = day.give(day.confirm(CODE, "A1", upto), judge="wang")[0]
    assert answer.state == "taken"
    works = cells.read(db.session, day.skill).works
    assert {entry: work.confirmed for entry, work in works.items() if work.confirmed} == {
        day.entries[CODE]: {day.subs["A1"]: day.judges["wang"]}
    }


def test_a_confirmation_sent_twice_is_one_row(day):
    day.mark_all(CODE)
    post = day.confirm(CODE, "A1", last(day, "A1"))
    assert day.give(post, judge="wang") == day.give(post, judge="wang")
    assert db.session.scalar(select(func.count()).select_from(Confirmation)) == 1


def test_a_sheet_that_is_not_complete_is_not_confirmed(day):
    day.give(day.post(CODE, "A1.01", 150))
    answer = day.give(day.confirm(CODE, "A1", last(day, "A1")), judge="wang")[0]
    assert "not complete" in refused(answer)


def test_a_sheet_that_moved_is_not_confirmed_and_a_later_mark_ends_a_confirmation(day):
    day.mark_all(CODE)
    upto = last(day, "A1")
    day.give(day.post(CODE, "A1.03", 0))
    assert "changed since" in refused(day.give(day.confirm(CODE, "A1", upto), judge="wang")[0])
    day.give(day.confirm(CODE, "A1", last(day, "A1")), judge="wang")
    assert confirmed(day)
    day.give(day.post(CODE, "A1.03", 50))
    assert not confirmed(day)


def test_a_sheet_that_everybody_entered_takes_two_confirmations(day):
    day.mark_all(CODE)
    for judge, aspect, value in (("wang", "A1.03", 0), ("zhao", "A1.02", 0)):
        base = mark(day, aspect).measured.head.id
        day.give(day.post(CODE, aspect, value, judge=judge, base=base), judge=judge)
    upto = last(day, "A1")
    day.give(day.confirm(CODE, "A1", upto, judge="wang"), judge="wang")
    day.give(day.confirm(CODE, "A1", upto, judge="wang"), judge="wang")
    assert not confirmed(day)
    day.give(day.confirm(CODE, "A1", upto, judge="li"), judge="li")
    assert confirmed(day)


def test_a_proposal_is_confirmed_with_a_tap_and_overruled_with_a_reason(day):
    judge_by_machine(day, CODE)
    assert mark(day, "A1.01").value is None
    assert day.give(day.post(CODE, "A1.01", 150))[0].state == "taken"
    assert mark(day, "A1.01").source == "both"
    assert "reason is needed" in refused(day.give(day.post(CODE, "A1.02", 100))[0])
    reasoned = day.post(CODE, "A1.02", 100, reason="现场看到子弹")
    assert day.give(reasoned)[0].state == "taken"
    assert (mark(day, "A1.02").value, mark(day, "A1.02").source) == (100, "judge")


def test_a_new_run_takes_back_what_it_cannot_determine_and_leaves_judges_marks(day):
    judge_by_machine(day, CODE)
    day.give(day.post(CODE, "A1.01", 150))
    judge_by_machine(day, CODE, {"A1.02": 100})
    assert mark(day, "A1.01").value == 150
    assert mark(day, "A1.01").measured.proposal is None
    assert mark(day, "A1.02").measured.proposal.value == 100
    assert ledger.walk(db.session, day.skill).ok


def test_a_proposal_does_not_end_a_confirmation(day):
    day.mark_all(CODE)
    day.give(day.confirm(CODE, "A1", last(day, "A1")), judge="wang")
    judge_by_machine(day, CODE)
    assert confirmed(day)


def finish(day: Seeded) -> None:
    for code in day.entries:
        day.mark_all(code)
        for judge in ("li", "wang", "zhao"):
            votes = [day.post(code, aspect, 2, judge=judge) for aspect in ("B1.01", "B1.02")]
            day.give(*votes, judge=judge)
        for sub in ("A1", "A2"):
            day.give(day.confirm(code, sub, last(day, sub, code)), judge="wang")


def test_a_skill_locks_when_nothing_is_missing_and_then_sets_everything_aside(day):
    chief = day.judges["chief"]
    day.mark_all(CODE)
    assert {one.code for one in marking.missing(db.session, day.skill)} == set(day.entries)
    with pytest.raises(Refusal, match="not finished"):
        marking.lock(day.skill, actor_id=chief)
    finish(day)
    assert marking.missing(db.session, day.skill) == []
    marking.lock(day.skill, actor_id=chief)
    before = revision(day)
    marking.lock(day.skill, actor_id=chief)
    assert revision(day) == before
    assert "locked" in refused(day.give(day.post(CODE, "A1.01", 0))[0])
    assert "locked" in refused(day.give(day.confirm(CODE, "A1", 0), judge="wang")[0])
    assert mark(day, "A1.01").value == 150
    assert ledger.walk(db.session, day.skill).ok


def test_a_difference_and_an_open_vote_are_named_as_missing(day):
    day.mark_all(CODE)
    day.give(day.post(CODE, "A2.01", 0, judge="wang"), judge="wang")
    for judge, value in (("li", 0), ("wang", 3), ("zhao", 2)):
        vote(day, judge, value)
    todo = next(one for one in marking.missing(db.session, day.skill) if one.code == CODE)
    assert (todo.differing, todo.unmarked, todo.unconfirmed) == (("A2.01", "B1.01"), ("B1.02",), 2)


def test_the_same_release_twice_changes_nothing(day):
    chief = day.judges["chief"]
    let_out(day.skill, Release.CONFIRMED, actor_id=chief)
    before = revision(day)
    let_out(day.skill, Release.CONFIRMED, actor_id=chief)
    assert revision(day) == before
