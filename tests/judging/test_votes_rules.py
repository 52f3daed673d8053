"""The rules of votes: rounds, sealing, spread, and the mark of a judgement."""

from dataclasses import dataclass, field
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.rules.panels import seated
from judging.rules.votes import ballot, half_up

_ids = iter(range(1, 10**9))


@dataclass(frozen=True)
class V:
    judge: int | None
    value: int | None
    round: int = 1
    reason: str = ""
    id: int = field(default_factory=lambda: next(_ids))


JUDGES = (1, 2, 3)
PANEL = seated(JUDGES)


def test_sealed_until_every_judge_of_the_panel_has_voted():
    votes = ballot([V(1, 2), V(2, 3)], PANEL)
    assert not votes.complete
    assert votes.mark(200) is None
    assert ballot([V(1, 2), V(2, 3), V(3, 2)], PANEL).complete


@pytest.mark.parametrize(
    ("given", "maximum", "mark"),
    [
        ((2, 2, 2), 150, 100),
        ((3, 3, 3), 200, 200),
        ((0, 0, 0), 200, 0),
        ((1, 1, 2), 100, 44),  # 4/9 of 1.00 = 0.444…
        ((2, 2, 1), 90, 50),  # 5/9 of 0.90 = 0.50
        ((1, 0, 0), 150, 17),  # 1/9 of 1.50 = 0.1666…
        ((0, 1, 1), 25, 6),  # 2/9 of 0.25 = 0.0555…
    ],
)
def test_the_mark_is_the_sum_of_votes_by_three_per_judge(given, maximum, mark):
    votes = ballot([V(judge, value) for judge, value in zip(JUDGES, given, strict=True)], PANEL)
    assert votes.agreed
    assert votes.mark(maximum) == mark


@pytest.mark.parametrize("given", [(0, 2, 2), (3, 1, 2), (0, 3, 3)])
def test_a_spread_above_one_asks_for_a_new_vote(given):
    votes = ballot([V(judge, value) for judge, value in zip(JUDGES, given, strict=True)], PANEL)
    assert votes.needs_new_vote
    assert votes.mark(100) is None
    assert votes.open_round == 2


def test_both_rounds_are_kept_and_the_second_counts():
    first = [V(1, 0), V(2, 3), V(3, 2)]
    second = [V(1, 2, 2, "看到了"), V(2, 2, 2, "同意"), V(3, 2, 2, "同意")]
    votes = ballot(first + second, PANEL)
    assert [one.votes for one in votes.rounds] == [{1: 0, 2: 3, 3: 2}, {1: 2, 2: 2, 3: 2}]
    assert votes.current.reasons[1] == "看到了"
    assert votes.mark(300) == 200


def test_a_new_vote_that_is_not_complete_stays_sealed():
    votes = ballot([V(1, 0), V(2, 3), V(3, 2), V(1, 2, 2)], PANEL)
    assert (votes.open_round, votes.complete, votes.mark(100)) == (2, False, None)


def test_a_later_vote_replaces_and_none_takes_back():
    assert ballot([V(1, 0), V(1, 2)], PANEL).current.votes == {1: 2}
    assert ballot([V(1, 2), V(1, None)], PANEL).current.votes == {}


def test_votes_from_outside_the_panel_count_for_nothing():
    votes = ballot([V(1, 2), V(2, 2), V(3, 2), V(9, 0), V(None, 0)], PANEL)
    assert votes.agreed


def test_without_a_panel_nothing_is_ever_complete():
    assert not ballot([], seated(())).complete
    assert not ballot([V(1, 2)], seated(())).complete


@given(
    st.integers(3, 7).flatmap(
        lambda size: st.tuples(
            st.lists(st.integers(0, 3), min_size=size, max_size=size), st.integers(1, 400)
        )
    )
)
def test_the_mark_is_the_nearest_hundredth_of_the_exact_share(case):
    given, maximum = case
    panel = tuple(range(1, len(given) + 1))
    seen = [V(judge, value) for judge, value in zip(panel, given, strict=True)]
    votes = ballot(seen, seated(panel))
    exact = Fraction(sum(given) * maximum, 3 * len(given))
    if max(given) - min(given) > 1:
        assert votes.mark(maximum) is None
    else:
        mark = votes.mark(maximum)
        assert mark is not None
        assert abs(exact - mark) <= Fraction(1, 2)
        assert 0 <= mark <= maximum


@given(st.integers(0, 10**6), st.integers(1, 10**4))
def test_halves_go_up(numerator, denominator):
    assert half_up(numerator, denominator) == int(Fraction(numerator, denominator) + Fraction(1, 2))
