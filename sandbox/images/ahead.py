"""Images are built beside the worker's other work, and only those that something needs.

`Ahead.image(name)` gives the id of an image or, while there is none, starts building it and raises
NotReady, whose sentences say why a hand-in waits. A build that failed is tried again later.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from sandbox.box import BoxFailed
from sandbox.images.build import Tell, build, ready

LOOK_EVERY: Final = 5.0  # seconds for which an image that is there is not asked for again
TRY_AGAIN: Final = 60.0  # seconds after a build that failed


class NotReady(BoxFailed):
    """The image a hand-in needs is not there yet; nothing is wrong with the hand-in."""

    def __init__(self, name: str, failure: str = "") -> None:
        self.name, self.failure = name, failure
        if failure:
            self.zh = f"判题环境“{name}”没有建成，正在重试。"
            self.en = f'The environment "{name}" could not be built; it is tried again. {failure}'
        else:
            self.zh = f"判题环境“{name}”正在准备，完成后自动判题。"
            self.en = f'The environment "{name}" is being prepared; judging goes on by itself.'
        super().__init__(self.en)


class Ahead:
    """One thread builds, one image after the other; `done` is called after each that is new."""

    def __init__(self, tell: Tell, done: Callable[[str], None] = lambda _: None) -> None:
        self._tell, self._done = tell, done
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[str, float]] = {}
        self._failed: dict[str, tuple[str, float]] = {}
        self._waiting: list[str] = []
        self._thread: threading.Thread | None = None

    def image(self, name: str) -> str:
        """The id of the image as its recipe stands now, or NotReady."""
        found, at = self._seen.get(name, ("", 0.0))
        if found and time.monotonic() - at < LOOK_EVERY:
            return found
        if (there := ready(name)) is not None:
            self._seen[name] = there, time.monotonic()
            return there
        self.want(name)
        raise NotReady(name, self._failed.get(name, ("", 0.0))[0])

    def want(self, name: str) -> None:
        """Built soon, unless that has just failed."""
        with self._lock:
            if self._is_hopeless(name):
                return
            self._waiting.append(name)
            if self._thread is None:
                self._thread = threading.Thread(target=self._build, name="images", daemon=True)
                self._thread.start()

    def hopeless(self, name: str) -> bool:
        """Whether asking for the image now would only raise NotReady again."""
        with self._lock:
            return self._is_hopeless(name)

    def _is_hopeless(self, name: str) -> bool:
        at = self._failed.get(name, ("", -TRY_AGAIN))[1]
        return name in self._waiting or time.monotonic() - at < TRY_AGAIN

    def building(self) -> tuple[str, ...]:
        """What is being built or waits for it."""
        with self._lock:
            return tuple(self._waiting)

    def _build(self) -> None:
        while (name := self._next()) is not None:
            try:
                build(self._tell, (name,))
                self._failed.pop(name, None)
                self._done(name)
            except Exception as error:  # whatever it was, hand-ins must learn that it failed
                self._failed[name] = str(error), time.monotonic()
            with self._lock:
                self._waiting.remove(name)

    def _next(self) -> str | None:
        """Under the lock, so that nothing is wanted just as the thread ends."""
        with self._lock:
            if not self._waiting:
                self._thread = None
                return None
            return self._waiting[0]
