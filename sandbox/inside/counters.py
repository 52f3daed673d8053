"""What the kernel has counted for this container: processor time and memory, cgroup v1 or v2.

`wait4` misses children that left the session, `ru_maxrss` takes the largest child instead of the
sum; the container's own cgroup misses nobody. Files are opened once and read again in place.
"""

from __future__ import annotations

import os


class Counters:
    """The container sees its own cgroup, read-only, at the usual place."""

    def __init__(self, root: str = "/sys/fs/cgroup") -> None:
        self.two = os.path.exists(f"{root}/cgroup.controllers")
        one, two = f"{root}/memory/memory", f"{root}/memory"
        self._cpu = opened(f"{root}/cpu.stat" if self.two else f"{root}/cpuacct/cpuacct.usage")
        self._used = opened(f"{two}.current" if self.two else f"{one}.usage_in_bytes")
        self._peak = opened(f"{two}.peak" if self.two else f"{one}.max_usage_in_bytes")
        self._parts = opened(f"{two}.stat" if self.two else f"{one}.stat")
        self._events = opened(f"{two}.events" if self.two else f"{one}.oom_control")

    def cpu_ns(self) -> int:
        if not self.two:
            return number(self._cpu)
        return named(text(self._cpu), b"usage_usec") * 1000

    def memory(self) -> int:
        return number(self._used)

    def peak(self) -> int:
        """The highest there was since the host reset it; 0 where the kernel keeps none."""
        return number(self._peak)

    def file_cache(self) -> int:
        """Pages of files that were read and stay for whoever reads them next; not the tmpfs."""
        parts = text(self._parts)
        if self.two:
            return named(parts, b"file") - named(parts, b"shmem")
        return named(parts, b"total_cache") - named(parts, b"total_shmem")

    def oom_kills(self) -> int:
        return named(text(self._events), b"oom_kill")


def opened(path: str) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return -1


def text(file: int) -> bytes:
    return os.pread(file, 16_384, 0) if file >= 0 else b""


def number(file: int) -> int:
    return int(text(file) or 0)


def named(lines: bytes, name: bytes) -> int:
    """The figure in a line like `oom_kill 0`, or 0."""
    _, found, rest = (b"\n" + lines).partition(b"\n" + name + b" ")
    return int(rest.partition(b"\n")[0]) if found else 0
