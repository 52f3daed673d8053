"""Undoing a roster: what was before is put back, or with one doubt nothing is."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from competition import roster_undo, roster_worker
from competition.database import writing
from competition.models import (
    Affiliation,
    BatchState,
    Coach,
    Entry,
    EntryState,
    EvidenceFile,
    Member,
    Person,
    RosterRow,
)
from competition.moment import now
from tests.competition import rostering as r


@pytest.fixture
def office(context: Flask) -> int:
    return r.founded()


def test_undoing_takes_everything_away_and_again_is_harmless(office: int) -> None:
    batch_id = r.imported([r.person("张三", 1, 指导教师="王师傅"), r.person("李四", 2)])
    for _ in range(2):
        roster_undo.order(batch_id, actor_id=office)
        roster_worker.step()
    for model in (Entry, Member, Person, Coach, RosterRow):
        assert r.many(model) == 0
    assert r.many(Affiliation) == 1
    assert r.batch(batch_id).state == BatchState.UNDONE
    assert r.counts(r.imported([r.person("张三", 1)]))[0] == 1


def _approved() -> None:
    with writing() as session:
        session.execute(update(Entry).values(state=EntryState.APPROVED))


def _renamed() -> None:
    with writing() as session:
        session.execute(update(Person).values(name="张小三"))


def _evidence() -> None:
    with writing() as session:
        entry = session.scalars(select(Entry.id)).first()
        session.add(
            EvidenceFile(entry_id=entry, kind="work", sha256="0" * 64, name="a", size=1, at=now())
        )


def _later() -> None:
    r.imported([r.person("张三", 1, 单位="二中")])


@pytest.mark.parametrize("since", [_approved, _renamed, _evidence, _later, lambda: r.start("W17")])
def test_what_came_on_top_is_not_undone(office: int, since: Any) -> None:
    batch_id = r.imported([r.person("张三", 1)])
    since()
    roster_undo.order(batch_id, actor_id=office)
    assert roster_worker.step()
    batch = r.batch(batch_id)
    assert batch.state == BatchState.IMPORTED
    assert "第 2 行" in batch.sentence_zh and "row 2" in batch.sentence_en
    assert r.many(Entry) == 1


def test_entries_that_were_only_judged_are_undone(office: int) -> None:
    batch_id = r.imported([r.person("张三", 1)])
    with writing() as session:
        session.execute(update(Entry).values(state=EntryState.NOT_ELIGIBLE))
    roster_undo.order(batch_id, actor_id=office)
    roster_worker.step()
    assert r.many(Entry) == 0
