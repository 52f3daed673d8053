"""What this host is like, found out when a worker starts: `python -m sandbox.calibration`.

How fast its cores are against the machine that limits were set on, how steady, which cgroup version
counts, whether memory's peak can be told exactly, how many tests may be timed at once. A worker
writes it beside its results; a task's limits were set on some machine, too.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sandbox.cores import Cores

REFERENCE_MS: Final = 16.0  # what `work` takes on the 2-core machine of the house's measurements
ROUNDS: Final = 25
STEADY: Final = 10  # percent of jitter above which times deserve a look


@dataclass(frozen=True)
class Calibration:
    """Of one host at one time."""

    cores: int
    slots: int  # tests that may be timed at once, each on a core of its own if more than one
    work_ms: float  # processor time of the fixed work, the median
    speed_percent: int  # of the reference; more is faster
    jitter_percent: int  # from the least to the ninth of ten rounds
    lost_percent: int  # wall time of the rounds in which somebody else had the core
    cgroup: int  # version
    exact_memory: bool  # else peaks are told as "at least"
    direct_limits: bool  # else each limit takes the daemon 40 ms
    swap_mb: int

    @property
    def steady(self) -> bool:
        return self.jitter_percent <= STEADY


def work() -> int:
    """Arithmetic and memory, no system call; always the same."""
    table = list(range(4096))
    total = 1
    for _ in range(60_000):
        total = (total * 1_103_515_245 + 12_345) & 0x7FFFFFFF
        table[total & 4095] ^= total
    return total ^ table[total & 4095]


def calibrate(rounds: int = ROUNDS, cgroups: Path = Path("/sys/fs/cgroup")) -> Calibration:
    """About half a second."""
    work()
    cpu, wall = [], []
    for _ in range(rounds):
        began, before = time.perf_counter(), time.process_time()
        work()
        cpu.append((time.process_time() - before) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    cpu_ms = statistics.median(cpu)
    ninth = sorted(cpu)[len(cpu) * 9 // 10]
    cores = Cores()
    two = (cgroups / "cgroup.controllers").exists()
    writes = os.access(cgroups if two else cgroups / "memory", os.W_OK)
    return Calibration(
        cores=len(os.sched_getaffinity(0)),
        slots=cores.slots,
        work_ms=round(cpu_ms, 2),
        speed_percent=round(REFERENCE_MS / cpu_ms * 100),
        jitter_percent=round((ninth / min(cpu) - 1) * 100),
        lost_percent=max(0, round((sum(wall) / sum(cpu) - 1) * 100)),
        cgroup=2 if two else 1,
        exact_memory=writes and (not two or kernel() >= (6, 12)),
        direct_limits=writes,
        swap_mb=swap_mb(),
    )


def kernel(release: str = "") -> tuple[int, int]:
    major, minor = (release or platform.release()).split(".")[:2]
    return int(major), int("".join(filter(str.isdigit, minor)) or 0)


def swap_mb(table: Path = Path("/proc/swaps")) -> int:
    try:
        lines = table.read_text().splitlines()[1:]
    except OSError:
        return 0
    return sum(int(line.split()[2]) for line in lines) // 1024


if __name__ == "__main__":
    print(json.dumps(asdict(calibrate()), indent=1))  # noqa: T201 - a command
