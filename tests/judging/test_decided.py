"""Who may confirm a sheet on which the chief judge decided between two values."""

import pytest

from competition.database import db
from judging import cells, marking
from tests.judging.seed import Seeded, seed

CODE = "K-073"


@pytest.fixture
def day(sqlite_app) -> Seeded:
    with sqlite_app.app_context():
        yield seed()


def decide(day: Seeded, aspect: str, value: int) -> None:
    where = (day.skill, CODE, day.aspects[aspect])
    marking.decide(*where, value, reason="seen", actor_id=day.judges["chief"], key="decide-01")


def confirm(day: Seeded, judge: str) -> str:
    work = cells.read(db.session, day.skill).works[day.entries[CODE]]
    post = day.confirm(CODE, "A2", work.last[day.subs["A2"]], judge=judge)
    return day.give(post, judge=judge)[0].state


def is_confirmed(day: Seeded) -> bool:
    work = cells.read(db.session, day.skill).works[day.entries[CODE]]
    return day.subs["A2"] in work.confirmed


def test_whose_value_was_chosen_has_entered_it(day):
    day.mark_all(CODE, judge="li")
    day.give(day.post(CODE, "A2.01", 0, judge="wang"), judge="wang")
    decide(day, "A2.01", 0)
    assert [confirm(day, judge) for judge in ("wang", "li")] == ["set_aside", "set_aside"], (
        "of Li the rest of the sheet stands"
    )
    assert not is_confirmed(day)
    assert confirm(day, "zhao") == "taken" and is_confirmed(day)


def test_whose_value_was_not_chosen_may_confirm(day):
    day.give(day.post(CODE, "A2.01", 0, judge="wang"), judge="wang")
    day.give(day.post(CODE, "A2.01", 100, judge="zhao"), judge="zhao")
    decide(day, "A2.01", 100)
    day.give(day.post(CODE, "A2.02", 150))
    found = cells.read(db.session, day.skill)
    entered = found.enterers(day.entries[CODE], day.subs["A2"])
    assert entered == {day.judges[one] for one in ("chief", "zhao", "li")}
    assert confirm(day, "wang") == "taken" and is_confirmed(day)


def test_who_corrected_the_value_before_the_decision_has_not_entered_it(day):
    for judge, value in (("wang", 60), ("zhao", 20), ("wang", 40), ("li", 60)):
        day.give(day.post(CODE, "A1.04", value, judge=judge), judge=judge)
    decide(day, "A1.04", 60)
    found = cells.read(db.session, day.skill)
    entered = found.enterers(day.entries[CODE], day.subs["A1"])
    assert entered == {day.judges["chief"], day.judges["li"]}
