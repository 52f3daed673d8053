"""The next program, forked ahead of need: a child that waits for its order and then becomes it.

Forking a Python process, and the pages it copies with its first steps, cost more than all the rest
of a run; so both are done while nobody waits: the child even rehearses its last steps. It has given
up every right before its order comes: the slot's uid, no group, no capability, first in line when
memory runs out. Its stdin is memory of root's that is sealed: it can be opened again, by a program
that likes `/dev/stdin`, but not written.
"""

from __future__ import annotations

import fcntl
import marshal
import os
import resource
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, NoReturn

WORK = "/work"
SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
NICE = 10  # within the container: the agent gets a processor at once when a limit is near
TAKEN_BY_PYTHON = (2, 13, 25)  # SIGINT, SIGPIPE, SIGXFSZ


class Child:
    """One program from before its birth until it is buried."""

    def __init__(self, uid: int) -> None:
        self.stdin = os.memfd_create("stdin", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        self.filled = 0
        hears, self.talk = os.pipe()
        self.out, out = os.pipe()
        self.err, err = os.pipe()
        reads, self.order = os.pipe()
        self.birth, birth = os.pipe()
        for each, mode in ((self.stdin, 0o444), (hears, 0o444), (out, 0o222), (err, 0o222)):
            os.fchmod(each, mode)  # root's, but the program may open its own streams again
        for each in (self.talk, self.out, self.err, self.birth):
            os.set_blocking(each, False)
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.order)  # or its end would never come
            become(uid, [self.stdin, hears], (out, err), reads, birth)
        for each in (hears, out, err, reads, birth):
            os.close(each)
        self.watch = os.pidfd_open(self.pid)

    def fill(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            left = memoryview(piece)
            while left:
                written = os.pwrite(self.stdin, left, self.filled)
                self.filled += written
                left = left[written:]

    def go(self, argv: list[str], env: dict[str, str], limits: dict[str, int], talks: bool) -> None:
        fcntl.fcntl(self.stdin, fcntl.F_ADD_SEALS, SEALS)
        order = [int(talks), rlimits(limits), found(argv[0], env), argv, env]
        data = memoryview(marshal.dumps(order))
        while data:
            data = data[os.write(self.order, data) :]
        os.close(self.order)

    def end_input(self) -> None:
        if self.talk >= 0:
            os.close(self.talk)
        self.talk = -1

    def before_birth(self) -> tuple[int, str]:
        """Nanoseconds that the child used up before it was the program, and why it could not
        become it, if so."""
        try:
            words = os.read(self.birth, 4096).decode("utf-8", "replace").partition(" ")
        except BlockingIOError:
            return 0, ""
        return int(words[0] or 0), words[2]

    def close(self) -> None:
        self.end_input()
        for each in (self.stdin, self.out, self.err, self.birth, self.watch):
            os.close(each)


def become(
    uid: int, stdins: list[int], output: tuple[int, int], reads: int, birth: int
) -> NoReturn:
    """In the child: everything that can be done before the order comes, and then the rest."""
    try:
        place = os.open("/proc/self/oom_score_adj", os.O_WRONLY)  # open() takes five times as long
        os.write(place, b"1000")
        os.close(place)
        os.nice(NICE)
        os.setsid()
        os.dup2(output[0], 1)
        os.dup2(output[1], 2)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        os.chdir(WORK)
        rehearse(stdins)
        text = b""
        while piece := os.read(reads, 65_536):
            text += piece
        if text:  # else the agent is gone
            obey(marshal.loads(text), stdins, birth)
    except BaseException as error:
        os.write(birth, f" {type(error).__name__}: {error}".encode("utf-8", "replace")[:4096])
    finally:
        os._exit(127)


def obey(order: list[Any], stdins: list[int], birth: int) -> None:
    talks, limits, path, argv, env = order
    os.dup2(stdins[talks], 0)
    for kind, value in limits:
        resource.setrlimit(kind, (value, value))
    if birth >= 0:
        os.write(birth, b"%d" % time.process_time_ns())
    os.execve(path, argv, env)


def rehearse(stdins: list[int]) -> None:
    """An order that changes nothing: the pages it touches are our own from here on."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    limits = [(resource.RLIMIT_CORE, hard)]
    order = [0, limits, "/nowhere/nothing", ["nothing"], {"PATH": "/nowhere"}]
    try:
        obey(marshal.loads(marshal.dumps(order)), stdins, -1)
    except OSError:
        pass


def restore_signals() -> None:
    """Python ignores two signals, and what is ignored stays so in every program; a third would
    raise KeyboardInterrupt here. What process 1 does not handle never reaches it."""
    import _signal  # type: ignore[import-not-found] # what signal itself stands on

    for number in TAKEN_BY_PYTHON:
        _signal.signal(number, _signal.SIG_DFL)


def found(name: str, env: dict[str, str]) -> str:
    """Where the program of this name lies."""
    if "/" not in name:
        for folder in env.get("PATH", "/usr/bin:/bin").split(":"):
            if os.access(f"{folder}/{name}", os.X_OK):
                return f"{folder}/{name}"
    return name


def rlimits(limits: dict[str, int]) -> list[tuple[int, int]]:
    """What one process may use, beside what the container's cgroup counts for all of them."""
    return [
        (resource.RLIMIT_CPU, limits["cpu_ms"] // 1000 + 2),
        (resource.RLIMIT_STACK, limits["stack"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_FSIZE, limits["file"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ]
