"""Milestones: due days from the first day, and the colour on a day."""

from datetime import date, timedelta

import pytest

from competition.rules.preparation import MILESTONES, Colour, colour, due_days

DUE = date(2026, 6, 10)


@pytest.mark.parametrize(
    "is_done, days, wanted",
    [
        (True, -100, Colour.GREEN),
        (True, 100, Colour.GREEN),
        (False, -1, Colour.RED),
        (False, 0, Colour.AMBER),  # on its very day nothing is overdue yet
        (False, 7, Colour.AMBER),
        (False, 8, Colour.AHEAD),
    ],
)
def test_colours(is_done: bool, days: int, wanted: Colour) -> None:
    assert colour(is_done, DUE, DUE - timedelta(days=days)) is wanted


def test_days_count_back_from_the_first_day_unless_they_were_set() -> None:
    found = due_days(date(2026, 11, 23), {"scheme": DUE})
    assert found["scheme"] == DUE
    assert found["preflight"] == date(2026, 11, 20)
    assert list(found) == [one.name for one in MILESTONES]
    assert all(len(one.name) <= 20 for one in MILESTONES)  # its column


def test_milestones_name_checks_that_there_are() -> None:
    from competition.rules import preflight

    known = {name for name, *_ in preflight.CHECKS}
    for one in MILESTONES:
        assert one.checks <= known, one.name
