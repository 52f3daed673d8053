"""What several devices post at once: one commit, and answers in their order."""

import pytest

from competition import ledger
from competition.database import db
from competition.rules.refusal import Refusal
from judging import cells, devices, kept, marking
from judging.marking import Parcel
from tests.judging.seed import seed
from tests.judging.test_marking import CODE, day, mark, revision, rows

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
