"""Calls that come together are served together, and each gets what it asked for."""

import threading
from collections.abc import Sequence

import pytest

from competition.together import Together

WAIT = 30  # seconds


class Counter:
    """Somebody who serves: doubles numbers, refuses negative ones; holds on while `shut`."""

    def __init__(self) -> None:
        self.served: list[list[int]] = []
        self.began, self.open = threading.Event(), threading.Event()

    def __call__(self, asked: Sequence[int]) -> list[int]:
        self.served.append(list(asked))
        self.began.set()
        assert self.open.wait(WAIT)
        if min(asked) < 0:
            raise ValueError(min(asked))
        return [2 * one for one in asked]


class Crowd:
    """Threads that ask one after the other while the first is being served."""

    def __init__(self, counter: Counter, most: int) -> None:
        self.counter = counter
        self.together = Together(counter, lambda _one: 1, most)
        self.given: dict[int, int | str] = {}

    def ask(self, number: int) -> None:
        try:
            self.given[number] = self.together(number)
        except ValueError as error:
            self.given[number] = f"refused for {error}"

    def come(self, *numbers: int) -> list[list[int]]:
        threads = [threading.Thread(target=self.ask, args=[number]) for number in numbers]
        for waiting, thread in enumerate(threads):
            thread.start()
            assert self.counter.began.wait(WAIT)
            while len(self.together._waiting) < waiting:
                thread.join(0.001)
        self.counter.open.set()
        for thread in threads:
            thread.join(WAIT)
        return self.counter.served


def test_who_comes_meanwhile_is_served_at_once_and_in_order() -> None:
    crowd = Crowd(Counter(), most=32)
    assert crowd.come(1, 2, 3, 4) == [[1], [2, 3, 4]]
    assert crowd.given == {1: 2, 2: 4, 3: 6, 4: 8}


def test_no_more_are_served_at_once_than_is_allowed_unless_one_is_more() -> None:
    crowd = Crowd(Counter(), most=2)
    assert crowd.come(1, 2, 3, 4) == [[1], [2, 3], [4]]
    weighed = Together(list, lambda _one: 500, most=2)
    assert weighed(7) == 7


def test_who_is_served_with_what_is_refused_hears_of_it_and_nobody_else() -> None:
    crowd = Crowd(Counter(), most=2)
    assert crowd.come(1, 2, -3, 4) == [[1], [2, -3], [4]]
    assert crowd.given == {1: 2, 2: "refused for -3", -3: "refused for -3", 4: 8}


def test_a_server_that_forgets_somebody_is_not_believed() -> None:
    short = Together(lambda asked: [], lambda _one: 1, most=2)
    with pytest.raises(ValueError, match="shorter"):
        short(1)
