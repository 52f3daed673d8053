"""The programs we started: each has a file in var/run, and only those are ever stopped.

A process is known by its number and the moment it was born, so that a number that the system has
given to somebody else since is never taken for ours.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from setup.places import LOG, ROOT, RUNNING


@dataclass(frozen=True)
class Process:
    """One program in the background."""

    name: str
    pid: int
    born: int
    port: int = 0

    def alive(self) -> bool:
        return self.born > 0 and birth(self.pid) == self.born


def birth(pid: int) -> int:
    """When the process started, in ticks since the machine did; 0 when it is gone."""
    try:
        # The second field is the program's name in brackets, which may itself hold spaces.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return 0 if fields[0] == "Z" else int(fields[19])


def start(
    name: str,
    command: Sequence[str | Path],
    env: Mapping[str, str],
    *,
    port: int = 0,
    folder: Path = RUNNING,
    log: Path | None = None,
) -> Process:
    """Starts a program in its own session, its output going to a log of its name."""
    folder.mkdir(parents=True, exist_ok=True)
    log = log or log_of(name)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            [str(word) for word in command],
            cwd=ROOT,
            env=env,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    process = Process(name, child.pid, birth(child.pid), port)
    (folder / f"{name}.json").write_text(json.dumps(asdict(process)))
    return process


def log_of(name: str) -> Path:
    return LOG / f"{name}.log"


def running(name: str, folder: Path = RUNNING) -> Process | None:
    """The program of that name, if we started it and it still lives."""
    try:
        process = Process(**json.loads((folder / f"{name}.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return process if process.alive() else None


def stop(name: str, folder: Path = RUNNING, patience: float = 40.0) -> bool:
    """Asks the program to end, waits, and ends its whole session when it does not."""
    process = running(name, folder)
    if process:
        os.kill(process.pid, signal.SIGTERM)
        if not _gone(process, patience):
            os.killpg(process.pid, signal.SIGKILL)
            _gone(process, 5.0)
    (folder / f"{name}.json").unlink(missing_ok=True)
    return process is not None


def _gone(process: Process, patience: float) -> bool:
    deadline = time.monotonic() + patience
    while process.alive():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
