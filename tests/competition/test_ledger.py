"""The ledger: chains in order, and every kind of tampering noticed at its row."""

import json
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, select, update

from app import main
from competition import founding, ledger
from competition.database import db, writing
from competition.models import Competition, LedgerRow, Skill
from competition.rules.refusal import Refusal
from tests.competition.test_founding import GIVEN
from tests.conftest import settings_for


@pytest.fixture
def empty_chain(context: Flask) -> int:
    """The id of the one skill of a small competition."""
    day = date(2026, 11, 23)
    skill = Skill(
        code="W17", name_zh="网站", name_en="Web", sector_zh="信", sector_en="IT", track="world"
    )
    db.session.add(Competition(name_zh="大赛", name_en="Skills", starts_on=day, ends_on=day))
    db.session.add(skill)
    db.session.commit()
    return skill.id


@pytest.fixture
def skill_id(empty_chain: int) -> int:
    """The same with three acts in the skill's chain and one in the competition's."""
    act(None, 0)
    for number in range(3):
        act(empty_chain, number)
    return empty_chain


def act(skill_id: int | None, number: int) -> int:
    with writing() as session:
        return ledger.append(
            session,
            act="test.act",
            subject=f"thing:{number}",
            body={"note": "赛段", "number": number},
            actor_id=None,
            skill_id=skill_id,
        )


def test_numbers_and_the_skills_revision_go_together(skill_id: int) -> None:
    rows = db.session.scalars(select(LedgerRow).where(LedgerRow.skill_id == skill_id)).all()
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows] == ["", rows[0].hash, rows[1].hash]
    skill = db.session.get(Skill, skill_id)
    assert skill is not None
    assert (skill.revision, skill.ledger_head) == (3, rows[2].hash)
    walk = ledger.walk(db.session(), skill_id)
    assert (walk.ok, walk.rows, walk.head) == (True, 3, rows[2].hash)


def change(**values: Any) -> Callable[[int], None]:
    def tamper(skill_id: int) -> None:
        db.session.execute(
            update(LedgerRow)
            .where(LedgerRow.skill_id == skill_id, LedgerRow.number == 2)
            .values(**values)
        )

    return tamper


def remove(number: int) -> Callable[[int], None]:
    def tamper(skill_id: int) -> None:
        db.session.execute(
            delete(LedgerRow).where(LedgerRow.skill_id == skill_id, LedgerRow.number == number)
        )

    return tamper


def rehash_second(skill_id: int) -> None:
    """Somebody who knows how a hash is made changes a row and its hash."""
    row = db.session.scalar(
        select(LedgerRow).where(LedgerRow.skill_id == skill_id, LedgerRow.number == 2)
    )
    assert row is not None
    row.body = {"number": 100}
    row.hash = ledger.digest(ledger.row_of(row))


def shift_time(skill_id: int) -> None:
    row = db.session.scalar(
        select(LedgerRow).where(LedgerRow.skill_id == skill_id, LedgerRow.number == 2)
    )
    assert row is not None
    row.at -= timedelta(seconds=1)


@pytest.mark.parametrize(
    ("tamper", "bad"),
    [
        (change(body={"note": "赛段", "number": 9}), 2),
        (change(subject="thing:7"), 2),
        (change(act="test.other"), 2),
        (change(hash="0" * 64), 2),
        (shift_time, 2),
        (rehash_second, 3),  # the row after it no longer follows
        (remove(1), 1),
        (remove(2), 2),
        (remove(3), 3),  # cut off at the end: the skill's head knows
    ],
)
def test_tampering_is_found_at_its_row(
    skill_id: int, tamper: Callable[[int], None], bad: int
) -> None:
    tamper(skill_id)
    db.session.commit()
    db.session.expire_all()
    walk = ledger.walk(db.session(), skill_id)
    assert (walk.ok, walk.bad) == (False, bad)
    assert walk.zh and walk.en
    assert ledger.walk(db.session(), None).ok  # the other chain is whole


def test_an_act_that_fails_leaves_no_row(skill_id: int) -> None:
    with pytest.raises(RuntimeError), writing() as session:
        ledger.append(session, act="a", subject="b", body={}, actor_id=None, skill_id=skill_id)
        raise RuntimeError
    assert ledger.walk(db.session(), skill_id).rows == 3
    assert act(skill_id, 3) == 4
    with pytest.raises(Refusal, match="No such skill"):
        act(10**6, 0)


def test_writers_at_once_make_one_chain(context: Flask, empty_chain: int) -> None:
    db.session.rollback()
    numbers: list[int] = []

    def write() -> None:
        with context.app_context():
            numbers.extend(act(empty_chain, number) for number in range(10))
            db.session.remove()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == list(range(1, 41))
    assert ledger.walk(db.session(), empty_chain).rows == 40


# The command


@pytest.fixture
def verify(sqlite_url: str, tmp_path: Path) -> Callable[..., Any]:
    from tests.conftest import opened

    with opened(sqlite_url, tmp_path) as app, app.app_context():
        founding.found(founding.read(GIVEN))
    runner = CliRunner(env=settings_for(sqlite_url, tmp_path))
    return lambda *words: runner.invoke(main, ["ledger", "verify", *words])


def test_verify_walks_all_chains(verify: Callable[..., Any]) -> None:
    done = verify("--json")
    report = json.loads(done.stdout)
    assert (done.exit_code, report["ok"], len(report["chains"])) == (0, True, 65)
    assert report["chains"][0] | {"head": ""} == {
        "chain": "competition",
        "rows": 1,
        "head": "",
        "bad": None,
        "why": "",
    }
    one = json.loads(verify("--json", "--skill", "w17").stdout)
    assert [chain["chain"] for chain in one["chains"]] == ["W17"]
    unknown = verify("--json", "--skill", "X1")
    assert unknown.exit_code == 1
    assert json.loads(unknown.stdout)["ok"] is False


def test_verify_names_the_bad_row(
    verify: Callable[..., Any], sqlite_url: str, tmp_path: Path
) -> None:
    from tests.conftest import opened

    with opened(sqlite_url, tmp_path) as app, app.app_context():
        db.session.execute(update(LedgerRow).values(subject="competition:2"))
        db.session.commit()
        assert db.session.scalar(select(Competition.id))
    done = verify("--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["chains"][0]["bad"] == 1
    plain = verify()
    assert plain.exit_code == 1
    assert "Row 1 was changed" in plain.output
