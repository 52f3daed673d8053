"""One judge on two tablets that did not see each other: both entries are kept, and which of them
comes in last decides nothing."""

import pytest

from competition.database import db
from competition.models import Skill
from judging import desk_needs, kept, scheme
from tests.judging.seed import Seeded, seed
from tests.judging.test_tablet import CODE, Tablet


@pytest.fixture
def day(sqlite_app) -> Seeded:
    with sqlite_app.app_context():
        return seed()


@pytest.fixture
def here(sqlite_app, day) -> Tablet:
    """The tablet that stayed in touch."""
    return Tablet(sqlite_app, day, "li")


@pytest.fixture
def back(sqlite_app, day) -> Tablet:
    """The judge's other tablet, which was away and comes back with what it showed then."""
    found = Tablet(sqlite_app, day, "li")
    found.numbers = iter(range(10_000, 20_000))
    return found


def needs(app, day: Seeded, kind: str) -> list[dict]:
    with app.app_context():
        skill = db.session.get_one(Skill, day.skill)
        cells, newest = kept.whole(db.session(), day.skill), scheme.current(day.skill)
        found = desk_needs.read(db.session(), skill, cells, newest, [])
        return [one for one in found if one["kind"] == kind]


def test_different_measurements_wait_for_the_chief_judge(sqlite_app, day, here, back):
    assert here.mark("A1.02", 0, base=None)["state"] == "taken"
    assert back.mark("A1.02", 100, base=None)["state"] == "taken"
    cell = here.cell("A1.02")
    assert (cell["head"]["value"], [one["value"] for one in cell["differing"]]) == (0, [100])
    (waits,) = needs(sqlite_app, day, "measurement")
    assert [one["text"] for one in waits["values"]] == ["0.00", "1.00"]


def test_who_saw_the_measurement_corrects_it_on_another_tablet(here, back):
    first = here.mark("A1.02", 0, base=None)["id"]
    back.mark("A1.02", 100, base=first)
    cell = here.cell("A1.02")
    assert (cell["head"]["value"], cell["differing"]) == (100, [])


def test_an_older_vote_that_comes_back_does_not_replace_the_newer(sqlite_app, day, here, back):
    here.mark("B1.01", 2, base=None)
    answer = back.mark("B1.01", 1, base=None)
    assert answer["state"] == "set_aside"
    assert "on another tablet meanwhile" in answer["sentence"]["en"]
    assert here.cell("B1.01")["mine"] == 2
    (shown,) = needs(sqlite_app, day, "set_aside")
    assert (shown["code"], shown["aspect"]) == (CODE, "B1.01")
    assert shown["value"] == "", "the round is not released"


def test_a_vote_is_changed_on_another_tablet_that_shows_it(here, back):
    here.mark("B1.01", 2, base=None)
    shown = back.cell("B1.01")
    assert shown["mine"] == 2
    assert back.mark("B1.01", 1, base=shown["mine_id"])["state"] == "taken"
    assert here.cell("B1.01")["mine"] == 1


def test_the_same_vote_from_both_tablets_and_one_after_it_was_taken_back_are_taken(here, back):
    here.mark("B1.01", 2, base=None)
    assert back.mark("B1.01", 2, base=None)["state"] == "taken"
    here.mark("B1.02", 2, base=None)
    here.mark("B1.02", None)
    assert back.mark("B1.02", 1, base=None)["state"] == "taken"
