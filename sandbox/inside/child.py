"""The next program, forked ahead of need: a child that waits for its order and then becomes it.

Forking a Python process costs more than all the rest of a run; so it is done while nobody waits.
The child gives up every right before it becomes the program: the slot's uid, no group, no
capability, its own limits, first in line when memory runs out. Its stdin is memory of root's that
is sealed: it can be opened again, by a program that likes `/dev/stdin`, but not written.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import signal
from collections.abc import Iterable
from typing import Any, Final, NoReturn

WORK: Final = "/work"
SEALS: Final = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL


class Child:
    """One program from before its birth until it is buried."""

    def __init__(self) -> None:
        self.stdin = os.memfd_create("stdin", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        self.filled = 0
        hears, self.talk = os.pipe()
        self.out, out = os.pipe()
        self.err, err = os.pipe()
        reads, self.order = os.pipe()
        self.trouble, trouble = os.pipe()
        for each, mode in ((self.stdin, 0o444), (hears, 0o444), (out, 0o222), (err, 0o222)):
            os.fchmod(each, mode)  # root's, but the program may open its own streams again
        for each in (self.talk, self.out, self.err, self.trouble):
            os.set_blocking(each, False)
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.order)  # or its end would never come
            become({"hears": hears, "stdin": self.stdin}, out, err, reads, trouble)
        for each in (hears, out, err, reads, trouble):
            os.close(each)
        self.watch = os.pidfd_open(self.pid)

    def fill(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            left = memoryview(piece)
            while left:
                written = os.pwrite(self.stdin, left, self.filled)
                self.filled += written
                left = left[written:]

    def go(self, order: dict[str, Any]) -> None:
        fcntl.fcntl(self.stdin, fcntl.F_ADD_SEALS, SEALS)
        data = memoryview(json.dumps(order).encode())
        while data:
            data = data[os.write(self.order, data) :]
        os.close(self.order)

    def end_input(self) -> None:
        if self.talk >= 0:
            os.close(self.talk)
        self.talk = -1

    def complaint(self) -> str:
        """Why the program could not be started, if so."""
        try:
            return os.read(self.trouble, 4096).decode("utf-8", "replace")
        except BlockingIOError:
            return ""

    def close(self) -> None:
        self.end_input()
        for each in (self.stdin, self.out, self.err, self.trouble, self.watch):
            os.close(each)


def become(stdins: dict[str, int], out: int, err: int, reads: int, trouble: int) -> NoReturn:
    """In the child: everything that can be done before the order comes, and then the rest."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)  # Python ignores them
        os.setsid()
        os.dup2(out, 1)
        os.dup2(err, 2)
        text = b""
        while piece := os.read(reads, 65_536):
            text += piece
        if not text:
            os._exit(0)  # the agent is gone
        order = json.loads(text)
        os.dup2(stdins[order["stdin"]], 0)
        for kind, value in order["rlimits"]:
            resource.setrlimit(kind, (value, value))
        uid = order["uid"]
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        os.chdir(WORK)
        os.execvpe(order["argv"][0], order["argv"], order["env"])
    except BaseException as error:
        os.write(trouble, f"{type(error).__name__}: {error}".encode("utf-8", "replace")[:4096])
    finally:
        os._exit(127)


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
