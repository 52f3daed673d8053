"""Rigs started ahead of need: a box with Playwright and its browsers up, which waits for a hand-in.

Each serves one submission and is then destroyed like any other box; nobody's work has been in it
before. One is started when the task was judged last or is about to be, never beside the first
checks of another submission, and none where memory is scarce. Who takes waits for one that is
being started, because it will stand before a second one would.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox import browser
from sandbox.box import BoxFailed, Walls
from sandbox.docker_box import DockerBox
from sandbox.task import Task

MOST: Final = 2  # that wait at a time, each for a task of its own
OLDEST: Final = 1800.0  # seconds that one waits; then it goes, and comes again when asked for
SPARE_MB: Final = 2048  # that must be free beside what a rig takes while it waits
WAITING_MB: Final = 700  # what it was seen to take, and a little more

Kind = tuple[str, Walls, int]  # image, walls, bytes of the largest file


@dataclass(frozen=True)
class Waiting:
    """One that stands ready or is being started."""

    box: Future[DockerBox]
    since: float


class RigPool:
    """One worker's; `take` and `prepare` are called by its own thread alone."""

    def __init__(self, free_mb: Callable[[], int] | None = None) -> None:
        self._free_mb = free_mb or available_mb
        self._waiting: dict[Kind, Waiting] = {}
        self._starting: DockerBox | None = None
        self._closed = threading.Event()
        self._hands = ThreadPoolExecutor(max_workers=1, thread_name_prefix="rigs")

    def take(self, image: str, task: Task, walls: Walls) -> DockerBox:
        """A box in these walls, its rig warm when one stands ready. Whoever takes closes it."""
        waiting = self._waiting.pop(_kind(image, task), None)
        if waiting is not None:
            try:
                if time.monotonic() - waiting.since <= OLDEST:
                    return _fit(waiting, walls)
            except BoxFailed:
                pass
            except BaseException:  # the worker is told to stop
                self._remove(waiting)
                raise
            self._remove(waiting)
        return fresh(image, walls)

    def prepare(self, image: str, task: Task) -> None:
        """One for the task's next submission, if there is none and there is room for it."""
        self.tend()
        kind = _kind(image, task)
        if kind in self._waiting or len(self._waiting) >= MOST or self._closed.is_set():
            return
        if self._free_mb() >= SPARE_MB + WAITING_MB:
            started = self._hands.submit(self._start, image, task)
            self._waiting[kind] = Waiting(started, time.monotonic())

    def stands(self, image: str, task: Task, patience: float) -> bool:
        """Whether one for this task is ready, within so many seconds."""
        waiting = self._waiting.get(_kind(image, task))
        if waiting is None or not wait([waiting.box], patience).done:
            return False
        return _stands(waiting)

    def tend(self) -> None:
        """Now and then: those go that nobody has wanted for long, that died or did not start."""
        for kind, waiting in list(self._waiting.items()):
            if time.monotonic() - waiting.since > OLDEST or not _stands(waiting):
                self._remove(self._waiting.pop(kind))

    def close(self) -> None:
        """All of them go."""
        self._closed.set()
        if (box := self._starting) is not None:
            with contextlib.suppress(BoxFailed):
                box.close()  # which ends the wait for it
        for waiting in self._waiting.values():
            self._remove(waiting)
        self._waiting.clear()
        self._hands.shutdown(wait=True)

    def _start(self, image: str, task: Task) -> DockerBox:
        if self._closed.is_set():
            raise BoxFailed("The worker ends.")
        box = fresh(image, browser.widest_walls(task))
        self._starting = box
        try:
            if self._closed.is_set() or not box.ahead(browser.ahead(task)):
                raise BoxFailed("The rig did not get ready.")
        except BaseException:
            box.close()
            raise
        finally:
            self._starting = None
        return box

    def _remove(self, waiting: Waiting) -> None:
        self._hands.submit(_close, waiting)


def fresh(image: str, walls: Walls) -> DockerBox:
    """A box with the folders that the rig expects, and nothing running in it."""
    box = DockerBox(image, walls)
    try:
        box.put(browser.folders())
    except BaseException:
        box.close()
        raise
    return box


def _kind(image: str, task: Task) -> Kind:
    return image, browser.widest_walls(task), task.limits.output_kb


def _stands(waiting: Waiting) -> bool:
    """Whether it lives, or may yet."""
    if not waiting.box.done():
        return True
    try:
        waiting.box.result().put(())  # answered by those only that live
    except BoxFailed:
        return False
    return True


def _fit(waiting: Waiting, walls: Walls) -> DockerBox:
    """The box, alive and with the memory that is due to this submission; else BoxFailed."""
    box = waiting.box.result()
    box.put(())  # answered by those only that live
    box.limit_memory(walls.memory_mb)
    return box


def _close(waiting: Waiting) -> None:
    with contextlib.suppress(BoxFailed):  # it never stood, or the daemon went away: see sweep
        waiting.box.result().close()


def available_mb(table: Path = Path("/proc/meminfo")) -> int:
    """Memory of this host that could be had now; 0 when it does not say."""
    try:
        rows = dict(line.split(":", 1) for line in table.read_text().splitlines())
        return int(rows["MemAvailable"].split()[0]) // 1024
    except (OSError, ValueError, KeyError, IndexError):
        return 0
