"""After an import its entries are judged at once: once, and never in the way of the import."""

import pytest
from flask import Flask
from sqlalchemy import select

from competition import (
    eligibility,
    entry_locks,
    roster_batches,
    roster_claims,
    roster_judging,
    roster_undo,
    roster_worker,
    skill_rules,
)
from competition.database import db, writing
from competition.models import BatchState, Entry, EntryState, LedgerRow, RosterBatch, Skill
from competition.rules.refusal import Refusal
from competition.rules.skill_rules import PRESETS
from tests.competition import rostering as r

EMPLOYED = {"组别": "职工"}


@pytest.fixture
def ready(context: Flask) -> int:
    """A batch that waits to be imported: two in W17, which has rules, one in W01 without any."""
    r.founded()
    rules = PRESETS["provincial"] | {"quota": 9, "statuses": ["student"], "youngest": None}
    skill_rules.adopt(skill(), rules, reason="x", actor_id=1)
    rows = [r.person("张三", 1), r.person("李四", 2, **EMPLOYED), r.person("王五", 3, skill="W01")]
    batch_id = r.uploaded(rows)
    roster_batches.order_import(batch_id, actor_id=1)
    return batch_id


def skill(code: str = "W17") -> int:
    return db.session.scalars(select(Skill.id).where(Skill.code == code)).one()


def states(code: str = "W17") -> list[str]:
    db.session.rollback()
    asked = select(Entry.state).where(Entry.skill_id == skill(code)).order_by(Entry.id)
    return list(db.session.scalars(asked))


def expected() -> list[str]:
    """What judging by hand would say."""
    with db.session.no_autoflush:
        return [
            "eligible" if not one.broken else "not_eligible"
            for one in eligibility.judged(db.session(), skill())
        ]


def notes() -> list[dict[str, object]]:
    asked = select(LedgerRow.body).where(LedgerRow.act == "eligibility.judge")
    return list(db.session.scalars(asked.order_by(LedgerRow.id)))


def test_one_step_imports_and_judges(ready: int) -> None:
    assert roster_worker.step()
    batch = r.batch(ready)
    assert batch.state == BatchState.IMPORTED
    assert "progress" not in batch.counts and "tries" not in batch.counts
    assert states() == expected()
    assert "entered" not in states()
    assert states("W01") == ["entered"]  # no rules say anything of it
    (note,) = notes()
    assert note["roster"] == ready
    assert not roster_worker.step()


def test_broken_off_it_is_taken_up_again_and_changes_nothing_twice(
    ready: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = roster_claims.claim
    monkeypatch.setattr(roster_claims, "claim", lambda *which: None if which else claim())
    assert roster_worker.step()  # the worker is killed between the two
    assert r.batch(ready).state == BatchState.JUDGING
    assert states() == [EntryState.ENTERED] * 2
    roster_batches.order_import(ready, actor_id=1)  # a double tap
    with pytest.raises(Refusal, match="being judged"):
        roster_undo.order(ready, actor_id=1)
    assert roster_worker.step()
    assert (r.batch(ready).state, states()) == (BatchState.IMPORTED, expected())
    with writing() as session:
        session.get_one(RosterBatch, ready).state = BatchState.JUDGING
    assert roster_worker.step()
    assert len(notes()) == 1


def test_a_fault_in_judging_leaves_the_import(ready: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> list[object]:
        raise RuntimeError("broken")

    monkeypatch.setattr(roster_judging.eligibility, "verdicts", breaks)
    assert roster_worker.step()
    batch = r.batch(ready)
    assert batch.state == BatchState.IMPORTED
    assert "not all judged" in batch.sentence_en
    assert states() == [EntryState.ENTERED] * 2


def test_locked_in_between_the_entries_wait(ready: int, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = roster_claims.claim
    monkeypatch.setattr(roster_claims, "claim", lambda *which: None if which else claim())
    assert roster_worker.step()
    entry_locks.lock([skill()], actor_id=1)
    assert roster_worker.step()
    assert r.batch(ready).state == BatchState.IMPORTED
    assert states() == [EntryState.ENTERED] * 2


def test_what_was_imported_and_judged_is_undone_as_before(ready: int) -> None:
    assert roster_worker.step()
    roster_undo.order(ready, actor_id=1)
    assert roster_worker.step()
    assert r.batch(ready).state == BatchState.UNDONE
    assert states() == []
