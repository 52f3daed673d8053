"""Work that can wait gives way to what somebody waits for, and goes on in a rush, too."""

from unittest.mock import patch

import pytest

from competition import urgent as module
from competition.urgent import LONGEST, TURN, Rest, urgent


class Clock:
    """Time that passes only where somebody rests."""

    def __init__(self) -> None:
        self.at = 0.0
        self.rests = 0

    def monotonic(self) -> float:
        return self.at

    def sleep(self, _seconds: float) -> None:
        self.rests += 1
        self.at += 0.001
        if self.rests == self.leaves_after:
            urgent.__exit__()

    leaves_after = 0


@pytest.fixture
def clock():
    clock = Clock()
    with patch.object(module, "time", clock):
        yield clock


def test_nobody_rests_before_the_turn_is_over(clock: Clock) -> None:
    rest = Rest()
    clock.at = TURN
    with urgent:
        rest.if_due()
    assert clock.rests == 0


def test_the_hub_goes_on_once_where_nothing_is_urgent(clock: Clock) -> None:
    rest = Rest()
    clock.at = 2 * TURN
    rest.if_due()
    rest.if_due()  # a new turn has begun
    assert clock.rests == 1


def test_what_is_urgent_goes_first_until_it_is_done(clock: Clock) -> None:
    rest = Rest()
    clock.at, clock.leaves_after = 2 * TURN, 5
    urgent.__enter__()
    rest.if_due()
    assert (clock.rests, urgent.under_way) == (5, 0)


def test_in_a_rush_what_can_wait_goes_on_all_the_same(clock: Clock) -> None:
    rest = Rest()
    clock.at = 2 * TURN
    with urgent:
        rest.if_due()
    assert clock.at == pytest.approx(2 * TURN + LONGEST, abs=0.002)
    assert urgent.under_way == 0
