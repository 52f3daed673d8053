"""Calls that come together are served together: one of them does it for all.

For what costs less per head in company, like a transaction. Who comes while others are served
waits and is served with whoever has come meanwhile; nobody waits for company that is not there.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Given = TypeVar("Given")


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
        self._waiting: deque[tuple[Asked, Future[Given]]] = deque()
        self._serving = threading.Lock()

    def __call__(self, asked: Asked) -> Given:
        given: Future[Given] = Future()
        self._waiting.append((asked, given))
        with self._serving:
            if not given.done():
                time.sleep(0)  # gevent's: whoever is ready comes along
                while not given.done():
                    self._next()
        return given.result()

    def _next(self) -> None:
        """Serve those who have waited longest."""
        turns = [self._waiting.popleft()]
        weight = self._weight(turns[0][0])
        while self._waiting and weight + self._weight(self._waiting[0][0]) <= self._most:
            turns.append(self._waiting.popleft())
            weight += self._weight(turns[-1][0])
        try:
            served = self._serve([asked for asked, _ in turns])
            answers = list(zip(turns, served, strict=True))
        except BaseException as error:
            for _, given in turns:
                given.set_exception(error)
        else:
            for (_, given), answer in answers:
                given.set_result(answer)
