"""Cells kept in memory say what the rows say, whatever was posted, decided or broken off."""

import copy
import random
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from competition import grants
from competition.database import db
from competition.models import Grant, LedgerRow, Role
from competition.moment import now
from judging import cells, kept, marking, progress, recusals
from judging.admission import Post
from judging.aspects import aspects_of
from judging.models import Observation
from tests.judging.seed import Seeded, seed


@pytest.fixture
def day(context) -> Seeded:
    return seed()


def facts(found: cells.Cells) -> tuple:
    return (
        found.aspects,
        found.entries,
        found.panels,
        found.works,
        dict(progress.works(found)),
    )


def both(day: Seeded) -> tuple[cells.Cells, cells.Cells]:
    session = db.session()
    session.rollback()
    return kept.whole(session, day.skill), cells.read(session, day.skill)


def any_posts(day: Seeded, chance: random.Random, judge: str) -> list[Post]:
    """Some posts of a judge, such as the rules take and such as they refuse."""
    aspects = {one.code: one for one in aspects_of(db.session(), day.skill)}
    posts = []
    for _ in range(chance.randint(1, 6)):
        code = chance.choice(list(day.entries))
        if chance.random() < 0.25:
            sub = chance.choice(list(day.subs))
            last = cells.read(db.session(), day.skill).works[day.entries[code]].last
            upto = last.get(day.subs[sub], 0) + (chance.random() < 0.2)
            posts.append(day.confirm(code, sub, upto, judge=judge))
            continue
        aspect = aspects[chance.choice(list(day.aspects))]
        top = 3 if aspect.kind == "J" else aspect.max
        value = chance.choice((0, top, 1, top + 1, None))
        reason = chance.choice(("", "seen by eye"))
        posts.append(day.post(code, aspect.code, value, judge=judge, reason=reason))
    return posts


def test_a_thousand_posts_of_any_kind_leave_memory_and_rows_equal(day):
    chance = random.Random(7)
    for code in day.entries:
        day.mark_all(code)
        last = both(day)[0].works[day.entries[code]].last
        for sub in day.subs:
            day.give(
                day.confirm(code, sub, last.get(day.subs[sub], 0)),
                judge="wang",
            )
    memory, rows = both(day)
    assert any(work.confirmed for work in memory.works.values())
    assert facts(memory) == facts(rows)
    for _ in range(200):
        judge = chance.choice(list(day.judges))
        day.give(*any_posts(day, chance, judge), judge=judge)
        memory, rows = both(day)
        assert facts(memory) == facts(rows)
    states = {state for (state,) in db.session.execute(select(Observation.state))}
    assert states == {"taken", "set_aside"}


def test_what_was_broken_off_is_not_remembered(day, monkeypatch):
    day.give(day.post("K-073", "A1.01", 150))
    before = both(day)[0].works

    def fails(*_args, **_named):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(marking.ledger, "append", fails)
        with pytest.raises(RuntimeError):
            day.give(day.post("K-073", "A1.01", 0))
    memory, rows = both(day)
    assert memory.works == rows.works == before


def test_a_reader_keeps_what_it_saw_while_others_mark(day):
    held, _ = both(day)
    before = copy.deepcopy(held.works)
    day.give(day.post("K-073", "A1.01", 150))
    assert held.works == before
    assert both(day)[0].works != before


def test_another_panel_is_seen_at_once_although_no_mark_moved(day):
    assert both(day)[0].panels
    asked = select(Grant.id).where(Grant.skill_id == day.skill, Grant.role == Role.JUDGE)
    grants.end(db.session.scalars(asked.limit(1)).one(), reason="ill", actor_id=None)
    memory, rows = both(day)
    assert memory.panels == rows.panels
    assert facts(memory) == facts(rows)


def test_who_sits_on_the_panel_counts_at_once_although_marks_come_out_late(day):
    """In every process alike: the worker compares what another one has stored."""
    at = now()
    before = kept.late(db.session(), day.skill, 5, at)
    asked = select(Grant.id).where(Grant.skill_id == day.skill, Grant.role == Role.JUDGE)
    grants.end(db.session.scalars(asked.limit(1)).one(), reason="ill", actor_id=None)
    after = kept.late(db.session(), day.skill, 5, at)
    assert after.panels == kept.whole(db.session(), day.skill).panels != before.panels
    assert kept.late(db.session(), day.skill, 5, at) is after


def test_who_stands_aside_counts_at_once_although_marks_come_out_late(day):
    day.mark_all("K-073")
    at = now()
    session = db.session()
    session.execute(update(LedgerRow).values(at=at - timedelta(minutes=9)))
    session.execute(update(Observation).values(at=at - timedelta(minutes=9)))
    session.commit()
    before = kept.late(session, day.skill, 5, at)
    cell = day.entries["K-073"], day.aspects["A2.01"]
    assert before.mark(*cell).value == 100
    day.give(day.post("K-118", "A2.01", 100))
    assert kept.late(session, day.skill, 5, at) is before, "a mark comes out late"
    recusals.recuse(
        day.skill, day.judges["li"], reason="师生", from_start=True,
        actor_id=day.judges["chief"], key="recuse-1",
    )  # fmt: skip
    session.rollback()
    after = kept.late(session, day.skill, 5, at)
    assert after.mark(*cell).value is None
    assert kept.late(session, day.skill, 5, at) is after
