"""The host's side of a container's cgroup, version 1 or 2: limits set and peaks reset at once.

Docker's `update` does the same through two daemons in some 40 ms; a worker that may write there
(root) does it in a few microseconds, before each run if need be. One that may not goes through
Docker for limits, and the memory's peak becomes "at least".
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

ROOT: Final = Path("/sys/fs/cgroup")
NOWHERE: Final = Path("/nonexistent")


class Cgroup:
    """Of the container whose first process has this number on the host; of none, when 0."""

    def __init__(self, pid: int = 0, root: Path = ROOT, proc: Path = Path("/proc")) -> None:
        paths: dict[str, str] = {}
        with contextlib.suppress(OSError):
            for line in (proc / str(pid) / "cgroup").read_text().splitlines():
                _, names, path = line.split(":", 2)
                paths |= dict.fromkeys(names.split(","), path.strip("/"))
        self.two = (root / "cgroup.controllers").exists()

        def folder(controller: str) -> Path:
            path = paths.get("" if self.two else controller)
            if not path:
                return NOWHERE  # never the root's own, which is everybody's
            return root / path if self.two else root / controller / path

        self._memory, self._cpuset = folder("memory"), folder("cpuset")
        self._peak = self._open_peak()
        self._reset = b"reset" if self.two else b"0"

    def _open_peak(self) -> int:
        name = "memory.peak" if self.two else "memory.max_usage_in_bytes"
        try:
            return os.open(self._memory / name, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return -1

    def reset_peak(self) -> bool:
        """Whether the peak counts from now; version 2 from Linux 6.12 on."""
        if self._peak < 0:
            return False
        try:
            os.pwrite(self._peak, self._reset, 0)
        except OSError:
            os.close(self._peak)
            self._peak = -1
            return False
        return True

    def own_peak(self) -> int | None:
        """Version 2 resets for the descriptor that wrote, and for nobody else."""
        return int(os.pread(self._peak, 32, 0)) if self.two and self._peak >= 0 else None

    def limit_memory(self, size: int) -> bool:
        """Memory and swap together; whether we may."""
        one = ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes"]
        limits = [self._memory / name for name in (["memory.max"] if self.two else one)]
        try:
            for path in _order([path for path in limits if path.exists()], size):
                path.write_text(str(size))
        except OSError:
            return False
        return limits[0].exists()

    def drop(self) -> None:
        """What the kernel remembers for nobody in particular: names, pages of files."""
        name, much = ("memory.reclaim", str(1 << 30)) if self.two else ("memory.force_empty", "0")
        with contextlib.suppress(OSError):  # we may not, or there was less
            (self._memory / name).write_text(much)

    def pin(self, cores: str) -> bool:
        """Which cores it runs on, like "1" or "0-1"; whether we may."""
        try:
            (self._cpuset / "cpuset.cpus").write_text(cores)
        except OSError:
            return False
        return True

    def oom_kills(self) -> int:
        """How often the kernel has killed for memory; readable for a moment after the box ended."""
        name = "memory.events" if self.two else "memory.oom_control"
        try:
            words = (self._memory / name).read_text().split()
        except OSError:
            return 0
        return int(words[words.index("oom_kill") + 1]) if "oom_kill" in words else 0

    def close(self) -> None:
        if self._peak >= 0:
            os.close(self._peak)
        self._peak = -1


def _order(limits: list[Path], size: int) -> list[Path]:
    """Memory may never be above memory and swap: raised from the outer, lowered from the inner."""
    return limits[::-1] if limits and _limit(limits[0]) < size else limits


def _limit(path: Path) -> int:
    text = path.read_text().strip()
    return 1 << 62 if text == "max" else int(text)
