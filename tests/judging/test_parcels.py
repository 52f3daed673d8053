"""What several devices post at once: one commit, and answers in their order."""

import pytest
from sqlalchemy import select

from competition import ledger
from competition.database import db
from competition.rules.refusal import Refusal
from judging import cells, devices, kept, marking
from judging.marking import Parcel
from judging.models import Confirmation, Observation
from tests.judging.seed import seed
from tests.judging.test_marking import CODE, day, last, mark, revision, rows

__all__ = ["day"]  # a fixture


def test_parcels_that_come_together_are_one_commit_and_answered_in_their_order(day):
    other = seed("B17")
    parcels = [
        Parcel(one.skill, [one.post(CODE, aspect, 0, judge=judge)], one.judges[judge], None)
        for one, aspect, judge in (
            (other, "A1.01", "li"), (day, "A1.01", "li"), (other, "A1.02", "wang"),
            (day, "A1.02", "wang"),
        )
    ]  # fmt: skip
    before = revision(day), revision(other)
    answers = [answer for (answer,) in marking.record(parcels)]
    assert [answer.key for answer in answers] == [one.posts[0].key for one in parcels]
    assert {answer.state for answer in answers} == {"taken"}
    assert (revision(day), revision(other)) == (before[0] + 2, before[1] + 2)
    for one in (day, other):
        assert ledger.walk(db.session(), one.skill).ok
        assert mark(one, "A1.01").value == mark(one, "A1.02").value == 0
    told = kept.whole(db.session(), day.skill)
    assert told.works == cells.read(db.session(), day.skill).works

    li = day.judges["li"]
    tablet = devices.pair(li, day.skill, name="tablet").device_id
    devices.revoke(tablet, actor_id=day.judges["chief"])
    stands = revision(day)
    good = Parcel(day.skill, [day.post(CODE, "A2.01", 0)], li, None)
    bad = Parcel(day.skill, [day.post(CODE, "A1.03", 50)], li, tablet)
    with pytest.raises(Refusal, match="not paired"):
        marking.record([good, bad])
    assert (rows(), revision(day)) == (4, stands), "nothing of what came with it"
    assert kept.whole(db.session(), day.skill).works == told.works


def test_marks_and_confirmations_of_one_parcel_each_have_the_row_that_their_answer_names(day):
    day.mark_all(CODE)
    confirm = day.confirm(CODE, "A1", last(day, "A1"))
    posts = [day.post("K-391", aspect, 0, judge="wang") for aspect in ("A1.01", "A1.02", "A1.03")]
    given = marking.record([
        Parcel(day.skill, [posts[0], confirm, *posts[1:]], day.judges["wang"], None),
        Parcel(day.skill, [day.post("K-391", "A1.04", 100)], day.judges["li"], None),
    ])  # fmt: skip
    answers = {answer.key: answer.id for parcel in given for answer in parcel}
    observed = db.session.scalars(select(Observation).order_by(Observation.id.desc()).limit(4))
    confirmed = db.session.scalars(select(Confirmation)).all()
    kept_rows = [*observed, *confirmed]
    assert answers == {row.key: row.id for row in kept_rows}
    assert [answers[post.key] for post in posts] == sorted(answers[post.key] for post in posts)
    (first,) = {row.at for row in kept_rows if row.judge_id == day.judges["wang"]}
    assert first.tzinfo is not None
    assert kept.whole(db.session(), day.skill).works == cells.read(db.session(), day.skill).works


@pytest.mark.parametrize("number", [1, 2, 70])
def test_a_batch_that_is_sent_again_is_known_whatever_its_size(day, number):
    posts = [day.post(CODE, "A1.01", (150, 0)[at % 2]) for at in range(number)]
    parcel = Parcel(day.skill, posts, day.judges["li"], None)
    (first,) = marking.record([parcel])
    stands = revision(day)
    assert marking.record([parcel]) == [first]
    assert (rows(), revision(day)) == (number, stands)
