"""Calls that come together are served together: one of them does it for all.

For what costs less per head in company, like a transaction. Who comes while others are served
waits and is served with whoever has come meanwhile; nobody waits for company that is not there.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class _Turn(Generic[Asked, Given]):
    """One call: what it asks, and what came of it."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.given: list[Given] = []
        self.error: BaseException | None = None

    @property
    def is_served(self) -> bool:
        return bool(self.given) or self.error is not None


class Together(Generic[Asked, Given]):
    """Calls of `serve`, which gives one answer for each of those it is asked for, in their order.
    `weight` says how much one asks; `most` is how much is served at once. What `serve` raises,
    every one of them gets."""

    def __init__(
        self,
        serve: Callable[[Sequence[Asked]], Sequence[Given]],
        weight: Callable[[Asked], int],
        most: int,
    ) -> None:
        self._serve, self._weight, self._most = serve, weight, most
        self._waiting: deque[_Turn[Asked, Given]] = deque()
        self._serving = threading.Lock()

    def __call__(self, asked: Asked) -> Given:
        turn: _Turn[Asked, Given] = _Turn(asked)
        self._waiting.append(turn)
        with self._serving:
            if not turn.is_served:
                time.sleep(0)  # gevent's: whoever is ready comes along
                while not turn.is_served:
                    self._next()
        if turn.error is not None:
            raise turn.error
        return turn.given[0]

    def _next(self) -> None:
        """Serve those who have waited longest."""
        turns = [self._waiting.popleft()]
        asked = self._weight(turns[0].asked)
        while self._waiting and asked + self._weight(self._waiting[0].asked) <= self._most:
            turns.append(self._waiting.popleft())
            asked += self._weight(turns[-1].asked)
        try:
            served = self._serve([turn.asked for turn in turns])
            for turn, given in zip(turns, served, strict=True):
                turn.given.append(given)
        except BaseException as error:
            for turn in turns:
                turn.error = error
