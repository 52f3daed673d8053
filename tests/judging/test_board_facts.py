"""What a board says besides marks is kept in memory: read again by the next act, and only then."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import event, update

from competition import ledger
from competition.database import db, writing
from competition.models import Release, Skill
from judging import board_facts, document
from tests.judging.seed import CODES, Seeded, let_out, seed


@pytest.fixture
def day(context: Flask) -> Seeded:
    found = seed()
    let_out(found.skill, Release.CONFIRMED, actor_id=found.judges["chief"])
    return found


@pytest.fixture
def asked(context: Flask) -> Iterator[Callable[[], int]]:
    """How many statements SQLAlchemy ran since this was last asked."""
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        ran.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)

    def since() -> int:
        found = len(ran)
        ran.clear()
        return found

    yield since
    event.remove(db.engine, "before_cursor_execute", note)


def body(day: Seeded) -> dict:
    db.session.rollback()
    (found,) = document.documents(db.session(), [day.skill])
    return found.body


def name(day: Seeded) -> str:
    return body(day)["skill"]["name_zh"]


def other_act(skill_id: int | None) -> None:
    with writing() as session:
        ledger.append(
            session, act="test.act", subject="test", body={}, actor_id=None, skill_id=skill_id
        )


def rename(day: Seeded) -> None:
    """Somebody changes a row by hand, and no act tells of it."""
    with writing() as session:
        session.execute(update(Skill).where(Skill.id == day.skill).values(name_zh="改名"))


def test_marks_move_the_sums_and_nothing_else_is_read(
    day: Seeded, asked: Callable[[], int]
) -> None:
    before = body(day)
    answers = day.give(day.post(CODES[0], "A2.01", 100), day.post(CODES[0], "A2.02", 150))
    day.give(day.confirm(CODES[0], "A2", answers[-1].id), judge="wang")
    db.session.rollback()
    asked()
    after = body(day)
    assert asked() == 0  # prepared statements go past SQLAlchemy
    assert after["progress"]["released"] == before["progress"]["released"] + 2
    assert after["skill"] == before["skill"] and after["clock"] == before["clock"]


@pytest.mark.parametrize("chain", ["skill", "competition"])
def test_another_act_has_everything_read_again(day: Seeded, chain: str) -> None:
    before = name(day)
    rename(day)
    day.give(day.post(CODES[0], "A2.01", 100))
    assert name(day) == before  # a mark alone does not
    other_act(day.skill if chain == "skill" else None)
    assert name(day) == "改名"


def test_nothing_is_older_than_its_time(day: Seeded, monkeypatch: pytest.MonkeyPatch) -> None:
    before = name(day)
    rename(day)
    assert name(day) == before
    monkeypatch.setattr(board_facts, "LONGEST", 0.0)
    assert name(day) == "改名"


def test_what_is_let_out_moves_at_once(day: Seeded) -> None:
    assert body(day)["release"] == "confirmed"
    let_out(day.skill, Release.HIDDEN, actor_id=day.judges["chief"])
    hidden = body(day)
    assert hidden["release"] == "hidden" and hidden["standings"] == []
    let_out(day.skill, Release.CONFIRMED, actor_id=day.judges["chief"])
    assert body(day)["standings"]


def test_an_older_look_does_not_bring_older_names_back(day: Seeded) -> None:
    """A transaction that began before an act sees the rows of before; who comes after does not."""
    first = board_facts.read(db.session(), [day.skill])[1][day.skill]
    found = board_facts._kept[db.engine].skills[day.skill]
    found.upto += 5  # as if somebody with a newer look had read it
    assert board_facts.read(db.session(), [day.skill])[1][day.skill] is not first
