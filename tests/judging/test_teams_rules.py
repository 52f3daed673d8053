"""The panels of a skill: teams, what came before an appointment, and who stands aside when."""

import pytest

from judging.rules.panels import SUPERVISOR, PanelRule, Seat, seated
from judging.rules.teams import Aside, Panels, appointed

RULE = PanelRule(3, supervisor=True)
BEFORE = seated([1, 2, 3], RULE)


def test_without_appointments_the_panel_before_marks_on() -> None:
    assert appointed(BEFORE, (), RULE) is BEFORE


def test_what_was_given_before_the_first_appointment_stays_on_its_chairs() -> None:
    panel = appointed(BEFORE, [Seat(4, 1, since=10), Seat(5, 2, since=12)], RULE)
    assert [panel.holder(1, at) for at in (1, 10, 11, None)] == [1, 1, 4, 4]
    assert [panel.holder(2, at) for at in (10, 11, 12, 13)] == [2, None, None, 5]
    assert panel.holder(3, None) is None
    assert panel.present == {4, 5}


def test_a_team_without_a_supervisor_has_the_skills() -> None:
    whole = appointed(BEFORE, [Seat(9, SUPERVISOR, since=5)], RULE)
    team = appointed(whole, [Seat(4, 1, since=7)], RULE)
    assert team.supervisor(None) == 9
    own = appointed(whole, [Seat(4, 1, since=7), Seat(8, SUPERVISOR, since=7)], RULE)
    assert (own.supervisor(6), own.supervisor(8)) == (9, 8)


# windows of standing aside → who holds chair 1 at observations 1, 5, 6, 10, 11 and now
WINDOWS = [
    ([], [1, 1, 1, 1, 1, 1]),
    ([(0, None)], [None] * 6),
    ([(5, None)], [1, 1, None, None, None, None]),
    ([(5, 10)], [1, 1, None, None, 1, 1]),
    ([(0, 5)], [None, None, 1, 1, 1, 1]),
    ([(0, 5), (10, None)], [None, None, 1, 1, None, None]),
    ([(0, 10), (4, 6)], [None, None, None, None, 1, 1]),
    ([(5, 5)], [1, 1, 1, 1, 1, 1]),
]


@pytest.mark.parametrize(("windows", "holders"), WINDOWS)
def test_whoever_stands_aside_has_left_the_seat_for_so_long(
    windows: list[tuple[int, int | None]], holders: list[int | None]
) -> None:
    panels = Panels(BEFORE, {}, tuple(Aside(1, 77, *window) for window in windows))
    panel, recused = panels.of("A1", 77)
    assert [panel.holder(1, at) for at in (1, 5, 6, 10, 11, None)] == holders
    assert recused == frozenset()
    assert panels.of("A1", 78)[0] is BEFORE, "and nowhere else"


def test_from_the_start_and_from_all_works() -> None:
    aside = (Aside(1, 77, 5, None, from_start=True), Aside(2, None, 0), Aside(3, 77, 0, 9, True))
    panels = Panels(BEFORE, {}, aside)
    assert panels.of("A1", 77)[1] == {1}, "3 marks again: what was given counts again too"
    assert panels.sitting("A1", 77) == {3}
    assert panels.sitting("A1", 78) == {1, 3}
    assert [panels.stands_aside(judge, 78) for judge in (1, 2, 3)] == [False, True, False]
