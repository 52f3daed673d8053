"""What a box for programs can do: run one that reads stdin and writes stdout, and measure it.

A program box is one container for one submission. Its work folder (`WORK`, also the current folder
and HOME of every run) is the only place a program can write to. Files that the host `put`s there
are read-only for the program and stay until `wipe`. What a run itself writes can be fetched
(`get`, `products`) until the next `run` or `put`, which first removes it: no test ever finds what
an earlier one left. A compiler is a run like any other; its products are fetched and put again, in
the same box or another.

`docker_pool.DockerPool` hands boxes out, `conversation.converse(player, judge)` lets two of them
talk (interactive problems), `timed` repeats a run whose CPU time is near the limit.

`Ran.verdict` says which limit was hit; where several were, the first of OLE, MLE, TLE, ILE, SIG,
RTE. What the box's own fault is (verdict IE) comes as `BoxFailed`, never as a `Ran`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, Protocol

from sandbox.verdict import Verdict

WORK: Final = "/work"
ENVIRONMENT: Final[Mapping[str, str]] = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": WORK,
    "TMPDIR": WORK,
    "LANG": "C.UTF-8",
}
MOST_PROCESSES: Final = 512
STDERR_KEPT: Final = 16_384  # bytes of what a program complains about that are kept as evidence
NEAR: Final = 10  # percent of the CPU limit within which a time is measured again
ATTEMPTS: Final = 3


@dataclass(frozen=True)
class ProgramWalls:
    """What is fixed when a box is made: how much its work folder holds."""

    disk_mb: int = 64
    inodes: int = 4096


@dataclass(frozen=True)
class ProgramLimits:
    """What one run may use; memory in MiB, output in KiB for stdout and stderr together."""

    cpu_ms: int
    memory_mb: int
    wall_ms: int = 0  # 0: three times the CPU limit and a second, the least that is allowed
    processes: int = 64
    open_files: int = 256
    output_kb: int = 8192
    stack_mb: int = 0  # 0: as much as memory
    file_mb: int = 0  # the largest file; 0: as much as the work folder holds

    @property
    def wall(self) -> int:
        return max(self.wall_ms, 3 * self.cpu_ms + 1000)


@dataclass(frozen=True)
class Ran:
    """What one run of one program came to; `verdict` is None when it ended by itself with 0."""

    verdict: Verdict | None
    exit_code: int  # of a program that ended by itself, else 0
    signal: int  # that ended it, else 0
    cpu_ms: float
    wall_ms: float
    memory_kb: int
    memory_at_least: bool  # the kernel could only say "as much as this or more"
    stdout: bytes
    stderr: bytes  # its first STDERR_KEPT bytes


class ProgramBox(Protocol):
    """Docker holds it (docker_program.py); no box but a wiped one is ever used twice."""

    def put(self, files: Mapping[str, bytes]) -> None:
        """Files below WORK, by relative name; readable and executable, replaced when there."""

    def run(
        self,
        argv: Sequence[str],
        limits: ProgramLimits,
        *,
        stdin: bytes = b"",
        env: Mapping[str, str] = ENVIRONMENT,
    ) -> Ran: ...

    def get(self, path: str, limit: int) -> bytes | None:
        """A regular file within the limit, no link followed; else None."""

    def products(self, limit: int) -> dict[str, bytes] | None:
        """All regular files that the last run made; None when they exceed the limit together."""

    def wipe(self) -> bool:
        """Everything put and written goes; True: proven clean."""

    def close(self) -> None: ...


class BoxPool(Protocol):
    """Hands out boxes started ahead of need (docker_pool.py)."""

    def take(
        self, image: str, person: str, walls: ProgramWalls = ProgramWalls(), *, timed: bool = True
    ) -> ProgramBox:
        """A box for one submission: a fresh one, or the same person's own, wiped and proven. Where
        there are cores enough, a timed one runs alone on its core, the others beside."""

    def give_back(self, box: ProgramBox) -> None:
        """The submission is judged: wiped for the same person's next one, or thrown away."""

    def close(self) -> None: ...


class Side(NamedTuple):
    """One of the two programs of an interactive problem."""

    box: ProgramBox
    argv: Sequence[str]
    limits: ProgramLimits
    env: Mapping[str, str] = ENVIRONMENT


class Conversation(NamedTuple):
    """An interactive run; whose output ended first tells whose fault a broken pipe is."""

    player: Ran
    judge: Ran
    player_first: bool


class Timed(NamedTuple):
    """The run that counts, and every attempt in order."""

    ran: Ran
    attempts: tuple[Ran, ...]


def timed(
    box: ProgramBox,
    argv: Sequence[str],
    limits: ProgramLimits,
    *,
    stdin: bytes = b"",
    env: Mapping[str, str] = ENVIRONMENT,
) -> Timed:
    """A run whose CPU time decides: near the limit it is measured again, and the least counts.

    The program is stopped at NEAR percent above the limit, so that one which is over it by a hair
    can be told from one that would run for ever; the latter is not tried again.
    """
    given = limits.cpu_ms
    further = replace(limits, cpu_ms=given + given * NEAR // 100, wall_ms=limits.wall)
    attempts: list[Ran] = []
    while True:
        attempts.append(_judged(box.run(argv, further, stdin=stdin, env=env), given))
        best = min(attempts, key=lambda each: each.cpu_ms)
        if len(attempts) == ATTEMPTS or not _near(attempts[-1], given, further.cpu_ms):
            return Timed(best, tuple(attempts))


def _judged(ran: Ran, cpu_ms: int) -> Ran:
    """Against the limit itself; a run that ended for another reason keeps its verdict."""
    late = ran.cpu_ms > cpu_ms and ran.verdict in (None, Verdict.ILE, Verdict.SIG, Verdict.RTE)
    return replace(ran, verdict=Verdict.TLE) if late else ran


def _near(ran: Ran, given: int, stopped_at: int) -> bool:
    decided_by_time = ran.verdict in (None, Verdict.TLE)
    return decided_by_time and given * (100 - NEAR) <= ran.cpu_ms * 100 < stopped_at * 100
