"""Which cores timed tests run on: one core for one test, whichever process of this host asks.

With n cores there are n - 1 slots: the site, the daemon and what is not timed need one, too. With a
single slot nothing is pinned: a test then shares both cores with what little else there is. A
lease is a lock on a file, so the kernel gives it back when a worker dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from pathlib import Path
from typing import Final

FOLDER: Final = Path("/dev/shm/podium-cores")  # noqa: S108 - only locks; what it says is not read
PATIENCE: Final = 60.0  # seconds to wait for a core before going beside


class Cores:
    """Of this host, as far as we may use them."""

    def __init__(self, cores: set[int] | None = None, folder: Path = FOLDER) -> None:
        there = sorted(cores or os.sched_getaffinity(0))
        self.timed = there[1:] if len(there) > 2 else []
        self.beside = ",".join(map(str, there[:1] if self.timed else there))
        self.folder = folder
        if self.timed:
            folder.mkdir(exist_ok=True, parents=True)
            with contextlib.suppress(PermissionError):  # another account made it
                folder.chmod(0o1777)

    @property
    def slots(self) -> int:
        """How many tests may be timed at once."""
        return max(1, len(self.timed))

    def lease(self, patience: float = PATIENCE) -> Lease | None:
        """A core for one test alone; None where there is none to be had alone."""
        deadline = time.monotonic() + patience
        while self.timed:
            for core in self.timed:
                if (found := self._try(core)) is not None:
                    return found
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        return None

    def _try(self, core: int) -> Lease | None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        file = os.open(self.folder / str(core), flags, 0o666)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return None
        return Lease(core, file)


class Lease:
    """One core, until it is given back."""

    def __init__(self, core: int, file: int) -> None:
        self.core, self._file = core, file

    def give_back(self) -> None:
        if self._file >= 0:
            os.close(self._file)
        self._file = -1
