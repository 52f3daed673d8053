"""Panels by worked examples: every size, with and without trimming, with a judge missing, a
supervisor who steps in, and replacements. All figures were computed by hand from
marking-rules.md: sum of the votes that count × max ÷ (3 × their number), half up."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competition.rules import skill_rules
from judging.rules.panels import SIZES, SUPERVISOR, Panel, PanelRule, Seat, counting, seated
from judging.rules.votes import ballot

AGAIN, WAITS = "a new vote", "no mark yet"
EMPTY = None  # a chair on which nobody sits


@dataclass(frozen=True)
class V:
    id: int
    judge: int | None
    value: int | None
    round: int = 1
    reason: str = ""


def vote(panel: Panel, votes: list[int], recused: frozenset[int] = frozenset()):
    """The ballot after judges 1, 2, … of the panel gave these votes."""
    return ballot([V(n, n, value) for n, value in enumerate(votes, start=1)], panel, recused)


# size, trim, votes given, max in hundredths, votes that count, mark
# Fewer votes than the size: the other chairs are empty and nobody steps in.
EXAMPLES = [
    # three judges: a ninth of the max for each point
    (3, 0, [0, 0, 0], 200, [0, 0, 0], 0),
    (3, 0, [1, 1, 1], 200, [1, 1, 1], 67),  # 600/9 = 66.67
    (3, 0, [2, 2, 2], 200, [2, 2, 2], 133),  # 1200/9 = 133.33
    (3, 0, [3, 3, 3], 200, [3, 3, 3], 200),
    (3, 0, [0, 0, 1], 100, [0, 0, 1], 11),  # 100/9 = 11.11
    (3, 0, [0, 1, 1], 100, [0, 1, 1], 22),  # 200/9 = 22.22
    (3, 0, [2, 1, 1], 100, [1, 1, 2], 44),  # 400/9 = 44.44
    (3, 0, [1, 2, 2], 150, [1, 2, 2], 83),  # 750/9 = 83.33
    (3, 0, [3, 2, 2], 150, [2, 2, 3], 117),  # 1050/9 = 116.67
    (3, 0, [2, 3, 3], 75, [2, 3, 3], 67),  # 600/9 = 66.67
    (3, 0, [1, 2, 2], 90, [1, 2, 2], 50),
    (3, 0, [1, 0, 0], 150, [0, 0, 1], 17),  # 150/9 = 16.67
    (3, 0, [0, 1, 2], 100, [0, 1, 2], AGAIN),
    (3, 0, [1, 3, 3], 100, [1, 3, 3], AGAIN),
    (3, 0, [0, 3, 3], 100, [0, 3, 3], AGAIN),
    # three with trimming: three votes always count, nothing is dropped
    (3, 1, [2, 2, 3], 90, [2, 2, 3], 70),
    # one of three is missing: a sixth for each point
    (3, 0, [2, 3], 200, [2, 3], 167),  # 1000/6 = 166.67
    (3, 0, [1, 1], 100, [1, 1], 33),  # 200/6 = 33.33
    (3, 0, [0, 1], 50, [0, 1], 8),  # 50/6 = 8.33
    (3, 0, [1, 2], 25, [1, 2], 13),  # 75/6 = 12.5, half up
    (3, 0, [0, 2], 100, [0, 2], AGAIN),
    (3, 0, [2], 100, [2], WAITS),
    # four judges: a twelfth
    (4, 0, [0, 0, 0, 0], 100, [0, 0, 0, 0], 0),
    (4, 0, [1, 1, 2, 2], 25, [1, 1, 2, 2], 13),  # 150/12 = 12.5, half up
    (4, 0, [2, 2, 2, 3], 200, [2, 2, 2, 3], 150),
    (4, 0, [3, 3, 3, 2], 100, [2, 3, 3, 3], 92),  # 1100/12 = 91.67
    (4, 0, [3, 3, 3, 3], 40, [3, 3, 3, 3], 40),
    (4, 0, [0, 0, 1, 0], 100, [0, 0, 0, 1], 8),  # 100/12 = 8.33
    (4, 0, [0, 1, 1, 1], 50, [0, 1, 1, 1], 13),  # 150/12 = 12.5, half up
    (4, 0, [1, 1, 1, 2], 70, [1, 1, 1, 2], 29),  # 350/12 = 29.17
    (4, 0, [1, 2, 2, 3], 100, [1, 2, 2, 3], AGAIN),
    (4, 0, [0, 1, 2, 2], 100, [0, 1, 2, 2], AGAIN),
    # four with trimming: two would be left, so nothing is dropped
    (4, 1, [2, 2, 3, 3], 100, [2, 2, 3, 3], 83),  # 1000/12 = 83.33
    (4, 1, [1, 2, 2, 3], 100, [1, 2, 2, 3], AGAIN),
    # one of four is missing
    (4, 0, [2, 2, 3], 100, [2, 2, 3], 78),  # 700/9 = 77.78
    (4, 0, [1, 1, 1], 100, [1, 1, 1], 33),  # 300/9 = 33.33
    (4, 0, [0, 1, 2], 100, [0, 1, 2], AGAIN),
    (4, 0, [2, 2], 100, [2, 2], WAITS),
    # five judges: a fifteenth
    (5, 0, [1, 1, 1, 1, 1], 100, [1, 1, 1, 1, 1], 33),  # 500/15 = 33.33
    (5, 0, [2, 2, 3, 2, 2], 150, [2, 2, 2, 2, 3], 110),
    (5, 0, [3, 2, 3, 2, 3], 100, [2, 2, 3, 3, 3], 87),  # 1300/15 = 86.67
    (5, 0, [0, 0, 0, 0, 1], 100, [0, 0, 0, 0, 1], 7),  # 100/15 = 6.67
    (5, 0, [0, 1, 1, 1, 1], 45, [0, 1, 1, 1, 1], 12),
    (5, 0, [1, 1, 2, 2, 2], 80, [1, 1, 2, 2, 2], 43),  # 640/15 = 42.67
    (5, 0, [1, 2, 2, 2, 3], 100, [1, 2, 2, 2, 3], AGAIN),
    # one of five is missing
    (5, 0, [2, 2, 2, 3], 200, [2, 2, 2, 3], 150),
    (5, 0, [1, 1, 2, 2], 25, [1, 1, 2, 2], 13),  # 150/12 = 12.5, half up
    (5, 0, [2, 2, 2], 100, [2, 2, 2], WAITS),
    # five, highest and lowest dropped: three count
    (5, 1, [1, 2, 2, 2, 3], 90, [2, 2, 2], 60),
    (5, 1, [0, 2, 2, 3, 3], 90, [2, 2, 3], 70),
    (5, 1, [0, 0, 1, 2, 3], 90, [0, 1, 2], AGAIN),
    (5, 1, [3, 0, 1, 0, 1], 90, [0, 1, 1], 20),
    (5, 1, [3, 3, 3, 3, 3], 125, [3, 3, 3], 125),
    (5, 1, [2, 2, 2, 3, 3], 100, [2, 2, 3], 78),  # 700/9 = 77.78
    (5, 1, [1, 1, 2, 1, 1], 60, [1, 1, 1], 20),
    (5, 1, [3, 3, 0, 3, 3], 200, [3, 3, 3], 200),
    (5, 1, [0, 0, 3, 0, 0], 100, [0, 0, 0], 0),
    # … and one is missing: nothing is dropped, four count
    (5, 1, [2, 3, 2, 2], 200, [2, 2, 2, 3], 150),
    (5, 1, [0, 2, 2, 2], 200, [0, 2, 2, 2], AGAIN),
    (5, 1, [1, 1, 2, 2], 25, [1, 1, 2, 2], 13),  # 150/12 = 12.5, half up
    # seven judges: a twenty-first
    (7, 0, [2, 2, 2, 2, 2, 2, 2], 100, [2] * 7, 67),  # 1400/21 = 66.67
    (7, 0, [1, 1, 1, 2, 2, 2, 2], 100, [1, 1, 1, 2, 2, 2, 2], 52),  # 1100/21 = 52.38
    (7, 0, [3, 3, 3, 2, 2, 2, 2], 84, [2, 2, 2, 2, 3, 3, 3], 68),
    (7, 0, [0, 0, 0, 0, 0, 0, 1], 105, [0, 0, 0, 0, 0, 0, 1], 5),
    (7, 0, [1, 2, 2, 2, 2, 2, 3], 105, [1, 2, 2, 2, 2, 2, 3], AGAIN),
    # one of seven is missing: an eighteenth
    (7, 0, [2, 2, 2, 3, 3, 3], 90, [2, 2, 2, 3, 3, 3], 75),
    (7, 0, [1, 1, 1, 1, 1, 2], 100, [1, 1, 1, 1, 1, 2], 39),  # 700/18 = 38.89
    (7, 0, [0, 0, 0, 0, 0, 1], 27, [0, 0, 0, 0, 0, 1], 2),  # 27/18 = 1.5, half up
    (7, 0, [2, 2, 2, 2, 2], 100, [2, 2, 2, 2, 2], WAITS),
    # seven, one dropped at each end: five count
    (7, 1, [0, 2, 2, 2, 2, 3, 3], 150, [2, 2, 2, 2, 3], 110),
    (7, 1, [1, 2, 2, 2, 2, 2, 3], 75, [2, 2, 2, 2, 2], 50),
    (7, 1, [0, 0, 2, 2, 2, 2, 2], 75, [0, 2, 2, 2, 2], AGAIN),
    # … and one is missing: four count
    (7, 1, [0, 2, 2, 3, 3, 3], 120, [2, 2, 3, 3], 100),
    (7, 1, [1, 1, 1, 2, 2, 3], 100, [1, 1, 2, 2], 50),
    # seven, two dropped at each end: three count
    (7, 2, [0, 1, 2, 2, 3, 3, 3], 90, [2, 2, 3], 70),
    (7, 2, [3, 3, 2, 1, 1, 0, 0], 45, [1, 1, 2], 20),
    (7, 2, [0, 0, 0, 1, 3, 3, 3], 45, [0, 1, 3], AGAIN),
    # … and one is missing: two would be left, so one is dropped at each end and four count
    (7, 2, [0, 2, 2, 2, 3, 3], 120, [2, 2, 2, 3], 90),
    (7, 2, [0, 0, 1, 2, 2, 3], 120, [0, 1, 2, 2], AGAIN),
]


def test_there_are_at_least_sixty_examples_of_every_kind():
    assert len(EXAMPLES) >= 60
    kinds = {(size, trim, len(votes) < size) for size, trim, votes, *_ in EXAMPLES}
    for size in SIZES:
        assert {(size, 0, False), (size, 0, True)} <= kinds
    assert {(5, 1, True), (5, 1, False), (7, 2, True), (7, 2, False)} <= kinds


@pytest.mark.parametrize(("size", "trim", "votes", "maximum", "counted", "mark"), EXAMPLES)
def test_worked_example(size, trim, votes, maximum, counted, mark):
    panel = seated(range(1, len(votes) + 1), PanelRule(size, trim))
    found = vote(panel, votes)
    assert list(found.counting) == counted
    assert found.mark(maximum) == (None if mark in (AGAIN, WAITS) else mark)
    assert found.needs_new_vote == (mark == AGAIN)
    assert found.too_few == (mark == WAITS)


@pytest.mark.parametrize(
    ("spread", "votes", "mark"),
    [
        (0, [2, 2, 2], 67),  # 600/9 = 66.67
        (0, [2, 2, 3], AGAIN),
        (2, [1, 2, 3], 67),
        (2, [0, 2, 3], AGAIN),
        (3, [0, 3, 3], 67),
    ],
)
def test_how_far_votes_may_differ_is_data(spread, votes, mark):
    found = vote(seated((1, 2, 3), PanelRule(3, widest_spread=spread)), votes)
    assert found.mark(100) == (None if mark == AGAIN else mark)


# Judges 1 to size sit on their chairs, 99 supervises.
SUPERVISES = 99


def supervised(size: int, trim: int = 0, *, empty: int = 0) -> Panel:
    panel = seated(range(1, size + 1 - empty), PanelRule(size, trim, supervisor=True))
    return replace(panel, seats=(*panel.seats, Seat(SUPERVISES, SUPERVISOR)))


@pytest.mark.parametrize(
    ("size", "trim", "votes", "supervisors", "maximum", "mark"),
    [
        (3, 0, [2, 3], 3, 90, 80),  # 2+3+3 = 8 ninths
        (3, 0, [1, 1], 2, 90, 40),
        (3, 0, [1, 1], 3, 90, AGAIN),
        (4, 0, [1, 1, 2], 2, 120, 60),  # 6 twelfths
        (5, 0, [2, 2, 2, 2], 3, 150, 110),  # 11 fifteenths
        (5, 1, [1, 2, 2, 3], 2, 90, 60),  # 2, 2, 2 count
        (5, 1, [2, 2, 2, 3], 0, 90, 60),  # 0 and 3 are dropped
        (7, 0, [1, 1, 1, 1, 1, 1], 2, 105, 40),  # 8 twenty-firsts
        (7, 2, [0, 1, 2, 2, 3, 3], 3, 90, 70),  # 2, 2, 3 count
    ],
)
@pytest.mark.parametrize("why", ["missing", "conflicted"])
def test_the_supervisor_steps_in_for_one_judge(why, size, trim, votes, supervisors, maximum, mark):
    """For an empty seat as for a judge who is recused from this work: all votes are there."""
    panel = supervised(size, trim, empty=why == "missing")
    recused = frozenset({size}) if why == "conflicted" else frozenset()
    found = vote(panel, votes, recused)
    assert not found.complete
    assert set(found.asked) == {*range(1, size), SUPERVISES}
    seen = [V(n, n, value) for n, value in enumerate(votes, start=1)]
    seen.append(V(size, SUPERVISES, supervisors))
    found = ballot(seen, panel, recused)
    assert found.current.chairs[SUPERVISES] == size
    assert found.mark(maximum) == (None if mark == AGAIN else mark)


def test_a_supervisor_who_is_not_needed_has_no_vote():
    panel = supervised(3)
    seen = [V(1, 1, 2), V(2, SUPERVISES, 0), V(3, 2, 2), V(4, 3, 2)]
    found = ballot(seen, panel)
    assert found.panel == (1, 2, 3)
    assert found.mark(90) == 60


def test_a_supervisor_in_conflict_does_not_step_in():
    """Nobody is left to: the votes of the other two count."""
    found = vote(supervised(3), [2, 3], frozenset({3, SUPERVISES}))
    assert found.panel == (1, 2)
    assert found.mark(60) == 50  # 5 sixths


def test_without_a_supervisor_in_the_rule_nobody_steps_in():
    panel = supervised(3, empty=1)
    panel = replace(panel, rule=replace(panel.rule, supervisor=False))
    assert vote(panel, [2, 3]).mark(60) == 50


def test_a_supervisor_stands_for_one_judge_only():
    """Two judges of five are out: the supervisor and three others make four, one is missing."""
    panel = supervised(5, empty=1)
    recused = frozenset({2})
    seen = [V(1, 1, 2), V(2, 3, 2), V(3, 4, 2), V(4, SUPERVISES, 3)]
    found = ballot(seen, panel, recused)
    assert found.panel == (1, 3, 4, SUPERVISES)
    assert found.mark(120) == 90  # 9 twelfths


def test_two_missing_judges_are_one_too_many():
    found = vote(supervised(3, empty=1), [2], frozenset({2, SUPERVISES}))
    assert found.too_few
    assert found.mark(90) is None


def test_too_few_judges_are_told_before_anybody_votes():
    panel = Panel(PanelRule(3), (Seat(1, 1),))
    for seen, votes in (([], 0), ([V(1, 1, 2)], 1)):
        found = ballot(seen, panel)
        assert (found.too_few, len(found.current.votes), found.wanted) == (True, votes, 2)
    enough = ballot([], Panel(PanelRule(3), (Seat(1, 1), Seat(2, 2))))
    assert (enough.too_few, enough.wanted) == (False, 2)


def test_the_votes_of_a_recused_judge_are_passed_over_whenever_they_were_given():
    panel = seated((1, 2, 3))
    seen = [V(1, 1, 0), V(2, 2, 3), V(3, 3, 3)]
    assert ballot(seen, panel).needs_new_vote
    found = ballot(seen, panel, {1})
    assert found.current.votes == {2: 3, 3: 3}
    assert found.mark(90) == 90


# Replacements: ids of observations are the moments


def replaced(size: int = 3, *, after: int, by: int = 50) -> Panel:
    """Judge 3 leaves after observation `after`, and another takes the chair."""
    panel = seated(range(1, size + 1))
    seats = [replace(s, until=after) if s.judge == 3 else s for s in panel.seats]
    return replace(panel, seats=(*seats, Seat(by, 3, since=after)))


def test_the_first_judges_vote_stays_and_the_seat_is_not_asked_again():
    panel = replaced(after=2)
    found = ballot([V(1, 3, 2), V(2, 1, 2), V(3, 50, 0), V(4, 2, 3)], panel)
    assert found.current.votes == {3: 2, 1: 2, 2: 3}
    assert found.mark(90) == 70


def test_where_the_first_judge_had_not_voted_the_replacement_does():
    panel = replaced(after=2)
    found = ballot([V(1, 1, 2), V(2, 2, 2)], panel)
    assert found.panel == (1, 2, 50)
    assert not found.complete
    found = ballot([V(1, 1, 2), V(2, 2, 2), V(3, 50, 3)], panel)
    assert found.mark(90) == 70


def test_nothing_that_was_released_opens_again():
    seen = [V(1, 1, 2), V(2, 2, 2), V(3, 3, 2)]
    assert ballot(seen, replaced(after=3)).mark(90) == 60
    left = replace(seated((1, 2, 3)), seats=(Seat(1, 1), Seat(2, 2), Seat(3, 3, 0, 1)))
    assert ballot(seen[:2], left).mark(90) == 60  # released with two, one seat empty
    filled = replace(left, seats=(*left.seats, Seat(50, 3, since=2)))
    assert ballot([*seen[:2], V(9, 50, 0)], filled).mark(90) == 60
    waits = replace(left, seats=(*left.seats, Seat(50, 3, since=1)))
    assert not ballot(seen[:2], waits).complete


def test_a_new_round_belongs_to_who_sits_then():
    panel = replaced(after=3)
    first = [V(1, 1, 0), V(2, 2, 2), V(3, 3, 3)]
    found = ballot(first, panel)
    assert found.needs_new_vote
    assert found.asked == (1, 2, 50)
    again = [V(4, 1, 2, 2), V(5, 3, 3, 2), V(6, 2, 2, 2), V(7, 50, 2, 2)]
    found = ballot(first + again, panel)
    assert [one.votes for one in found.rounds] == [{1: 0, 2: 2, 3: 3}, {1: 2, 2: 2, 50: 2}]
    assert found.mark(90) == 60


def test_a_supervisors_vote_in_place_of_a_judge_stays_when_a_new_one_comes():
    seats = (Seat(1, 1), Seat(2, 2), Seat(50, 3, since=2), Seat(SUPERVISES, SUPERVISOR))
    panel = Panel(PanelRule(3, supervisor=True), seats)
    found = ballot([V(1, SUPERVISES, 2), V(2, 1, 2), V(3, 2, 3)], panel)
    assert found.panel == (1, 2, SUPERVISES)
    assert found.mark(90) == 70


def test_a_vote_after_the_release_changes_nothing():
    seen = [V(1, 1, 2), V(2, 2, 2), V(3, 3, 2), V(4, 3, 0)]
    assert ballot(seen, seated((1, 2, 3))).mark(90) == 60


@given(st.lists(st.integers(0, 3), min_size=1, max_size=9), st.integers(0, 3))
def test_trimming_keeps_three_and_drops_as_many_above_as_below(votes, trim):
    kept = counting(votes, PanelRule(len(votes), trim))
    assert len(kept) >= min(3, len(votes))
    dropped = len(votes) - len(kept)
    assert dropped % 2 == 0
    assert dropped <= 2 * trim
    ordered = sorted(votes)
    assert list(kept) == ordered[dropped // 2 : len(ordered) - dropped // 2]


def test_the_sizes_are_those_of_a_skills_rules():
    assert SIZES == skill_rules.PANEL_SIZES
