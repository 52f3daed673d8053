"""A roster is prepared before its transaction opens: what moves in between is noticed in it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from competition import (
    ledger,
    roster_batches,
    roster_claims,
    roster_import,
    roster_undo,
    roster_worker,
    seen,
)
from competition.among import among
from competition.database import db, writing
from competition.models import BatchState, Entry, Person, Skill
from tests.competition import rostering as r


@pytest.fixture
def office(context: Flask) -> int:
    return r.founded()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often an import and an undo were prepared."""
    found: list[str] = []
    for module in (roster_import, roster_undo):
        prepare = module._work

        def counted(*given: object, prepare: Callable[..., object] = prepare) -> object:
            found.append(prepare.__module__)
            return prepare(*given)

        monkeypatch.setattr(module, "_work", counted)
    return found


def between(monkeypatch: pytest.MonkeyPatch, phase: str, happens: Callable[[], object]) -> None:
    """Let something happen once, after a batch was prepared and before it is written."""
    tell = roster_claims.tell

    def told(held: roster_claims.Claim, now_in: str, done: int, of: int) -> None:
        tell(held, now_in, done, of)
        if now_in == phase:
            monkeypatch.setattr(roster_claims, "tell", tell)
            happens()
            db.session.remove()

    monkeypatch.setattr(roster_claims, "tell", told)


def an_act() -> None:
    with writing() as session:
        ledger.append(session, act="test", subject="test", body={}, actor_id=None)


def test_another_import_in_between(
    office: int, looks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = r.uploaded([r.person("张三", 1), r.person("李四", 2)])
    second = r.uploaded([r.person("张三", 1, home="大庆市"), r.person("王五", 3)])
    for batch_id in (first, second):
        roster_batches.order_import(batch_id, actor_id=office)

    def faster() -> None:
        claim = roster_claims.claim(second)
        assert claim is not None and roster_worker.do(claim)

    between(monkeypatch, "import", faster)
    assert roster_worker.step()
    assert (r.counts(second), r.counts(first)) == ((2, 0, 0, 0), (1, 0, 0, 1))
    assert r.kinds(first, 2) == ["entered_elsewhere"]
    assert (r.many(Person), r.many(Entry)) == (3, 3)
    assert len(looks) == 3


def test_acts_of_others_change_nothing(
    office: int, looks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for phase in ("import", "undo"):
        between(monkeypatch, phase, an_act)
        if phase == "import":
            batch_id = r.imported([r.person("张三", 1, 指导教师="王师傅")])
        else:
            roster_undo.order(batch_id, actor_id=office)
            assert roster_worker.step()
    assert r.batch(batch_id).state == BatchState.UNDONE
    assert looks == ["competition.roster_import", "competition.roster_undo"]


def test_a_skill_that_starts_in_between_takes_nobody(
    office: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = r.uploaded([r.person("张三", 1), r.person("李四", 2, "W19")])
    roster_batches.order_import(batch_id, actor_id=office)
    between(monkeypatch, "import", lambda: r.start("W17"))
    assert roster_worker.step()
    assert (r.counts(batch_id), r.kinds(batch_id, 2)) == ((1, 0, 0, 1), ["has_started"])


def test_what_somebody_changes_before_the_undo_is_kept(
    office: int, looks: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = r.imported([r.person("张三", 1)])

    def renamed() -> None:
        with writing() as session:
            session.execute(update(Person).values(name="张小三"))

    between(monkeypatch, "undo", renamed)
    roster_undo.order(batch_id, actor_id=office)
    assert roster_worker.step()
    assert r.batch(batch_id).state == BatchState.IMPORTED
    assert "none was undone" in r.batch(batch_id).sentence_en
    assert r.many(Person) == 1 and len(looks) == 3


def test_thousands_of_values_and_odd_ones_are_found(office: int) -> None:
    odd = ['"引号"', "O'Brien, [x]", "\\"]
    with writing() as session:
        session.add_all(Person(name=name) for name in odd)
    look = seen.Seen(db.session())
    numbers = range(40_000)
    assert len(look.rows(select(Skill.code).where(among(Skill.id, numbers)))) == r.many(Skill)
    asked = select(Person.name).where(among(Person.name, odd)).order_by(Person.id)
    assert [name for (name,) in look.rows(asked)] == odd
    assert look.rows(select(Person.id).where(among(Person.id, ()))) == []
    assert look.still_so(db.session())
