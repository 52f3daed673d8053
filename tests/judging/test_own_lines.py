"""Results on a team leader's page: what the public sees of the own entries, and nothing earlier."""

import pytest
from sqlalchemy import select

from competition.database import db
from competition.models import Delegation, Release
from judging import own_lines, results
from tests.judging.official import lock, mark_everything, rules, unblind
from tests.judging.seed import PEOPLE, Seeded, let_out, seed
from tests.judging.signed import rule_on_ties


@pytest.fixture
def day(context) -> Seeded:
    found = seed("T17")
    unblind(found)
    rules(found, ties=["criterion", "ruling"])
    let_out(found.skill, Release.CONFIRMED, actor_id=found.judges["chief"])
    return found


def own(code: str = "D-P41") -> dict:
    found = db.session.scalars(select(Delegation.name_zh).where(Delegation.code == code)).one()
    return dict(own_lines.of_delegation(found))


def publish(day: Seeded) -> None:
    db.session.rollback()
    results.publish(results.positions())
    db.session.rollback()


def test_a_leader_reads_the_own_lines_once_they_are_public(day: Seeded) -> None:
    let_out(day.skill, Release.HIDDEN, actor_id=day.judges["chief"])
    mark_everything(day, {}, {"A1.02": 0})
    lock(day)
    rule_on_ties(day)
    publish(day)
    assert own() == {}, "hidden stays hidden, also after the lock"
    let_out(day.skill, Release.CONFIRMED, actor_id=day.judges["chief"])
    publish(day)
    (line,) = own()[day.skill]
    assert (line.label_zh, line.place, line.total) == (PEOPLE[0][0], 1, "10.50")
    assert line.is_final
    assert PEOPLE[1][0] not in {one.label_zh for one in own()[day.skill]}, "their own only"
