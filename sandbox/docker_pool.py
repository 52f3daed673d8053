"""Program boxes started ahead of need, so that a submission waits for none.

Each submission gets a fresh box; after it the box is wiped, and where the wipe is proven it may
serve the same person's next submission, no one else's. Starting and removing are done by a thread
beside; only when nothing is ready does the caller wait for a start.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from sandbox.box import BoxFailed
from sandbox.cores import Cores, Lease
from sandbox.docker_box import abandoned, sweep
from sandbox.docker_program import DockerProgramBox
from sandbox.pipes import sweep_pipes
from sandbox.programs import ProgramBox, ProgramWalls

KEPT_SECONDS: Final = 300.0  # how long a wiped box waits for its person
MOST_KEPT: Final = 8
MOST_KINDS: Final = 8  # kinds of box that are started ahead; the one not asked for longest goes
RETRY: Final = 2.0  # seconds after a start that failed

Kind = tuple[str, ProgramWalls]


@dataclass
class Kept:
    """A wiped box, and the only person it may serve."""

    box: DockerProgramBox
    person: str
    since: float


class DockerPool:
    """See programs.BoxPool; `ahead` boxes of each kind are ready, `images` from the beginning."""

    def __init__(
        self, images: Iterable[str] = (), *, ahead: int = 1, cores: Cores | None = None
    ) -> None:
        sweep_pipes(abandoned)
        self.cores = cores or Cores()
        self._ahead = ahead
        self._lock = threading.Lock()
        self._ready: defaultdict[Kind, list[DockerProgramBox]] = defaultdict(list)
        self._starting: defaultdict[Kind, int] = defaultdict(int)
        self._asked: dict[Kind, float] = {}
        self._kept: list[Kept] = []
        self._out: dict[int, tuple[DockerProgramBox, str, Lease | None]] = {}
        self._closed = False
        self._hands = ThreadPoolExecutor(max_workers=2, thread_name_prefix="boxes")
        for image in images:
            self._start_ahead((image, ProgramWalls()))

    # --- out and back -----------------------------------------------------------------------------

    def take(
        self, image: str, person: str, walls: ProgramWalls = ProgramWalls(), *, timed: bool = True
    ) -> DockerProgramBox:
        kind = (image, walls)
        lease = self.cores.lease() if timed else None
        try:
            box = self._own(kind, person) or self._fresh(kind)
            if self.cores.timed:
                box.pin(str(lease.core) if lease else self.cores.beside)
        except BaseException:
            if lease:
                lease.give_back()
            raise
        with self._lock:
            self._out[id(box)] = box, person, lease
        self._start_ahead(kind)
        return box

    def give_back(self, box: ProgramBox) -> None:
        with self._lock:
            mine, person, lease = self._out.pop(id(box))
        if lease:
            lease.give_back()
        clean = False
        with contextlib.suppress(BoxFailed):
            clean = mine.wipe()
        if clean:
            with self._lock:
                self._kept.append(Kept(mine, person, time.monotonic()))
        else:
            self._remove(mine)
        self._forget_old()

    def _own(self, kind: Kind, person: str) -> DockerProgramBox | None:
        with self._lock:
            for kept in self._kept:
                if kept.person == person and (kept.box.image, kept.box.walls) == kind:
                    self._kept.remove(kept)
                    break
            else:
                return None
        return self._if_alive(kept.box)

    def _fresh(self, kind: Kind) -> DockerProgramBox:
        while True:
            with self._lock:
                ready = self._ready[kind]
                box = ready.pop(0) if ready else None
            if box is None:
                return DockerProgramBox(*kind)
            if (alive := self._if_alive(box)) is not None:
                return alive

    def _if_alive(self, box: DockerProgramBox) -> DockerProgramBox | None:
        if box.pipes.alive():
            return box
        self._remove(box)
        return None

    # --- beside -----------------------------------------------------------------------------------

    def _start_ahead(self, kind: Kind) -> None:
        with self._lock:
            self._asked[kind] = time.monotonic()
            missing = self._ahead - len(self._ready[kind]) - self._starting[kind]
            if missing <= 0 or self._closed:
                return
            self._starting[kind] += missing
            for _ in range(missing):
                self._hands.submit(self._start, kind)

    def _start(self, kind: Kind) -> None:
        """A start that fails is tried again when one is asked for: whoever takes hears why."""
        try:
            box = None if self._closed else DockerProgramBox(*kind)
        except BoxFailed:
            box = None
            time.sleep(0 if self._closed else RETRY)
        with self._lock:
            self._starting[kind] -= 1
            if box is not None and not self._closed:
                self._ready[kind].append(box)
                return
        if box is not None:
            box.close()

    def _remove(self, box: DockerProgramBox) -> None:
        if self._closed:
            _close(box)
        else:
            self._hands.submit(_close, box)

    def _forget_old(self) -> None:
        """Wiped boxes that waited too long, and kinds that are no longer asked for."""
        gone: list[DockerProgramBox] = []
        with self._lock:
            oldest = time.monotonic() - KEPT_SECONDS
            while self._kept and (self._kept[0].since < oldest or len(self._kept) > MOST_KEPT):
                gone.append(self._kept.pop(0).box)
            while len(self._asked) > MOST_KINDS:
                kind = min(self._asked, key=self._asked.__getitem__)
                del self._asked[kind]
                gone += self._ready.pop(kind, [])
        for box in gone:
            self._remove(box)

    def close(self) -> None:
        """Every box goes, those that are out as well."""
        with self._lock:
            self._closed = True
            boxes = [each.box for each in self._kept]
            boxes += [box for ready in self._ready.values() for box in ready]
            for box, _, lease in self._out.values():
                boxes.append(box)
                if lease:
                    lease.give_back()
            self._kept, self._out = [], {}
            self._ready.clear()
        self._hands.shutdown(wait=True)
        for box in boxes:
            _close(box)


def _close(box: DockerProgramBox) -> None:
    with contextlib.suppress(BoxFailed):  # the daemon went away: sweep_programs finds it later
        box.close()


def sweep_programs() -> int:
    """What workers that were killed have left behind; how much."""
    return sweep() + sweep_pipes(abandoned)
