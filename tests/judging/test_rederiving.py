"""Boards made mark by mark are compared with their rows, and mended where they differ."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from competition.database import db, writing
from competition.models import LedgerRow, Release
from judging import kept, rederiving, results
from judging.models import PublicBoard
from tests.judging.seed import CODES, Seeded, let_out, seed


@pytest.fixture
def day(context: Flask) -> Seeded:
    found = seed()
    let_out(found.skill, Release.CONFIRMED, actor_id=found.judges["chief"])
    answers = found.give(found.post(CODES[0], "A2.01", 100), found.post(CODES[0], "A2.02", 150))
    found.give(found.confirm(CODES[0], "A2", answers[-1].id), judge="wang")
    return found


@pytest.fixture
def at_once() -> threading.Event:
    """Nobody waits for the second look."""
    event = threading.Event()
    event.set()
    return event


def total() -> str:
    (shot,) = results.publish(results.positions()).values()
    return max(line["total"] for line in shot.body["standings"])


def told() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(LedgerRow.act).where(LedgerRow.act == "board.differs")))


def test_a_board_that_says_what_its_rows_say_is_left_alone(
    day: Seeded, at_once: threading.Event
) -> None:
    assert total() == "2.50"
    assert rederiving.step(0, at_once) == day.skill
    assert rederiving.step(day.skill, at_once) == 0  # and from the beginning
    assert not told()


def test_a_board_that_differs_is_told_and_made_from_its_rows(
    day: Seeded, at_once: threading.Event
) -> None:
    session = db.session()
    revision = kept.revision_of(session, day.skill)
    cells = kept.whole(session, day.skill).copy()
    entry, aspect = next(
        (entry, aspect)
        for entry, work in cells.works.items()
        for aspect, mark in work.marks.items()
        if mark.value == 150
    )
    cells.works[entry].marks[aspect] = cells.works[entry].marks[aspect]._replace(value=950)
    kept.keep(session, day.skill, revision, cells)  # as if a mark had been folded in wrongly
    assert total() == "10.50"
    assert rederiving.step(0, at_once) == day.skill
    assert told() == ["board.differs"]
    assert total() == "2.50"
    assert rederiving.step(0, at_once) in (0, day.skill) and len(told()) == 1


def test_a_board_that_is_not_made_yet_is_no_difference(
    day: Seeded, at_once: threading.Event
) -> None:
    assert total() == "2.50"
    day.give(day.post(CODES[1], "A2.01", 100))  # the site has not looked since
    assert rederiving.step(0, at_once) == 0
    assert not told()


def test_a_difference_that_is_gone_at_the_second_look_is_none(
    day: Seeded, at_once: threading.Event
) -> None:
    assert total() == "2.50"
    with writing() as writer:
        row = writer.get_one(PublicBoard, day.skill)
        row.body = {**row.body, "max": "1.00"}
    seen: list[float | None] = []

    class Mended(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            seen.append(timeout)
            with writing() as writer:
                row = writer.get_one(PublicBoard, day.skill, populate_existing=True)
                row.sequence += 1
                row.body = rederiving.documents(writer, [day.skill])[0].body
            return False

    assert rederiving.step(0, Mended()) == day.skill
    assert seen == [rederiving.AGAIN] and not told()
