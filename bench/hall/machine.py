"""What the measurements ask of the machine: cores, open files, processor time, memory."""

import os
import resource
from pathlib import Path

SERVER, LOAD = 0, 1  # who stays on which core
CORES = os.sched_getaffinity(0)


def keep_on(pid, core):
    """Put a process (0: this one) that has just begun, and all it starts, on one core."""
    cores = sorted(CORES)
    if len(cores) > 1:
        os.sched_setaffinity(pid, {cores[core % len(cores)]})


def open_files(wanted):
    """Let this process and those it starts open so many files, or say that it may not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = resource.RLIM_INFINITY if hard == resource.RLIM_INFINITY else max(hard, wanted)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, enough)), enough))
    except (ValueError, OSError):
        raise SystemExit(
            f"{wanted} files must be open at once, but the limit is {hard}. Raise it (ulimit -Hn"
            f" {wanted}, as root) or ask for fewer."
        ) from None


def cpu_ns(pids):
    """Nanoseconds of processor time that these processes have used, with all their threads."""
    used = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            used += int(task.read_text().split()[0])
    return used


def memory_kb(pids):
    """Kilobytes of memory that these processes hold."""
    return sum(
        int(line.split()[1])
        for pid in pids
        for line in Path(f"/proc/{pid}/status").read_text().splitlines()
        if line.startswith("VmRSS:")
    )
