"""What a box can do: an isolated place that one submission enters and nothing leaves unasked.

Theory of operation. A box is made for one submission and destroyed after it; no box is used twice.
Inside, two users that share nothing: the rig (ours: it serves the site, holds the checks, drives
the browser and writes the report) and the browser (theirs: every line a competitor wrote runs
there). They meet at three places only: the rig's web server on the loopback, which serves the site
and no more; the DevTools pipe; and the launcher's socket, over which the rig asks for a browser.

The host speaks to one process inside, the agent (agent.py), over a pipe. It puts files in, runs one
command at a time with a wall limit and a cap on its output, gets lines while the command runs, and
takes files out: regular ones, capped, no link followed. A command may be started ahead of its files
and waits, ready, for the run that tells it the rest. What comes out is a competitor's matter and
is treated as such. When the pipe closes, because the worker ended in whatever way, the agent ends,
and with it everything in the box.

Walls, from outside in: no network; no capability and no way to one; a read-only image; a system
call list of our own; limits on memory, processor, processes, disk and inodes; two uids that exist
nowhere else on the host; Chromium's own sandbox on top. A wall that falls leaves the others.

`BoxFailed` is always our own fault (verdict IE), never the competitor's: who catches it judges
again in another box.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol


class BoxFailed(Exception):
    """The box, not what ran in it, failed; the sentence is for the log and the organiser."""


class NoDocker(BoxFailed):
    """No daemon answers: submissions wait, everything else works."""


@dataclass(frozen=True)
class Walls:
    """How large a box is."""

    memory_mb: int
    processes: int
    disk_mb: int
    files: int
    cpus: float = 2.0
    browser: bool = True  # whether the browser's launcher is started in it
    runs_programs: bool = False  # whether files in it may be started: builds bring their tools
    beside: str | None = None  # the box whose loopback it shares, and nothing else of it


@dataclass(frozen=True)
class Put:
    """A file on its way in; the path lies below the box's own folder."""

    path: str
    size: int
    chunks: Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Command:
    """One program to run; `follow` is a file whose lines are told while it runs."""

    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: str
    wall_seconds: int
    output_bytes: int
    follow: str | None = None


@dataclass(frozen=True)
class Exit:
    """How it ended; a negative code is a signal."""

    code: int
    timed_out: bool
    output: str
    oom_kills: int
    wall_ms: int


class Box(Protocol):
    """Docker holds it today (docker_box.py); the protocol leaves room for another holder."""

    browser_sandbox: bool

    def put(self, files: Iterable[Put]) -> None: ...

    def ahead(self, command: Command) -> bool: ...

    def run(self, command: Command, on_line: Callable[[str], None]) -> Exit: ...

    def get(self, path: str, limit: int) -> bytes | None: ...

    def close(self) -> None: ...
