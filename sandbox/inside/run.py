"""One run of one program: its limits watched, its output taken, everybody killed, then the figures.

The CPU limit is held by looking at the container's counter as late as it could possibly be reached
on the processors there are. What a run leaves behind is killed by uid, all at once and without
forking: we become that uid for one call. Only when we have no child left, orphans included, is the
run over and counted.
"""

from __future__ import annotations

import os
import select
import time

from sandbox.inside.child import Child
from sandbox.inside.counters import Counters
from sandbox.inside.folder import free
from sandbox.inside.wire import CHUNK, Wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STDERR_KEPT = 16_384
SIGKILL = 9
PAGE = 4096
INODE = 1024  # bytes that a file or folder costs the kernel beside what is in it
PATIENCE = 5.0  # seconds in which what was killed must be gone
SAMPLE_MS = 20  # how often memory is looked at where its peak cannot be told
INPUT_AHEAD = 65_536  # bytes of a conversation that wait for a program that does not read


class Run:
    """From the time before the child is made to the figures of the program it became."""

    def __init__(self, wire: Wire, counters: Counters, uid: int) -> None:
        self.wire, self.counters, self.uid = wire, counters, uid
        self.idle, self.idle_cache = counters.memory(), counters.file_cache()
        self.idle_free = free()
        self.not_its = counters.cpu_ns() - time.process_time_ns()
        self.child = child = Child(uid)
        self.poll = select.poll()
        for each in (child.out, child.err, child.watch, wire.source):
            self.poll.register(each, select.POLLIN)
        self.out, self.err = bytearray(), bytearray()
        self.said, self.sent = 0, 0  # bytes of output; of them already sent to the host
        self.waiting = bytearray()  # input of a conversation, not yet taken
        self.last_input = False
        self.sampled = 0
        self.stopped = ""
        self.fell_silent = 0
        self.born, self.before_birth, self.trouble = False, 0, ""

    def go(self, order: dict[str, Any]) -> None:
        self.limits: dict[str, int] = order["limits"]
        self.talks: bool = order["talks"]
        self.cores = len(os.sched_getaffinity(0))
        self.samples = not order["peak_reset"]
        blocks, inodes = free()  # what was put or cleaned since
        self.idle += (self.idle_free[0] - blocks) * PAGE + (self.idle_free[1] - inodes) * INODE
        self.idle += -(-self.child.filled // PAGE) * PAGE
        self.peak_before = self.counters.peak()
        self.kills_before = self.counters.oom_kills()
        self.began = time.monotonic_ns()
        self.child.go(order["argv"], order["env"], self.limits, self.talks)
        self.watch()
        status, gone = self.end_everybody()
        for file in (self.child.out, self.child.err):
            self.take(file)
        self.answer(status, gone)

    # --- while it runs ----------------------------------------------------------------------------

    def watch(self) -> None:
        """Until the program ends or has to be ended."""
        if self.wire.ready:
            self.hear()  # it came with the order; no poll will tell
        while not self.stopped:
            for file, _ in self.poll.poll(self.may_sleep()):
                if file == self.child.watch:
                    return
                if file == self.wire.source:
                    self.hear()
                elif file == self.child.talk:
                    self.pass_input()
                else:
                    self.take(file)
            if self.samples:
                self.sampled = max(self.sampled, self.counters.memory())

    def cpu_ns(self) -> int:
        """What everybody in the container used, but we and the child before it was the program."""
        if not self.born:
            self.before_birth, self.trouble = self.child.before_birth()
            self.born = self.before_birth > 0
            self.not_its += self.before_birth
        return self.counters.cpu_ns() - time.process_time_ns() - self.not_its

    def main_cpu_ns(self) -> int:
        """The program's own clock, threads included: it is exact at any moment, the container's
        lags behind by a tick of the kernel."""
        try:
            return time.clock_gettime_ns((~self.child.pid << 3) | 2) - self.before_birth
        except OSError:
            return 0  # it has just ended

    def may_sleep(self) -> int:
        """Milliseconds in which no limit can be reached."""
        wall_ms = self.limits["wall_ms"] - (time.monotonic_ns() - self.began) // 1_000_000
        cpu_left = self.limits["cpu_ms"] * 1_000_000 - max(self.cpu_ns(), self.main_cpu_ns())
        if cpu_left <= 0:
            self.stopped = "cpu"
        elif wall_ms <= 0:
            self.stopped = "wall"
        elif self.counters.oom_kills() > self.kills_before:
            self.stopped = "memory"  # that decides, and what follows only wears the host out
        soonest = max(1, min(wall_ms, cpu_left // (self.cores * 1_000_000)))
        if self.stopped:
            return 0
        return min(soonest, SAMPLE_MS) if self.samples else soonest

    def take(self, file: int) -> None:
        """What is there to be read, up to the limit."""
        while True:
            try:
                piece = os.read(file, CHUNK)
            except BlockingIOError:
                return
            if not piece:
                if self.forget(file) and file == self.child.out:
                    self.fell_silent = time.monotonic_ns()
                    if self.talks:
                        self.wire.say({"event": "out"})
                return
            self.said += len(piece)
            if self.said > self.limits["output"]:
                self.stopped = self.stopped or "output"
                piece = piece[: max(0, len(piece) - (self.said - self.limits["output"]))]
            if file == self.child.err:
                self.err += piece[: STDERR_KEPT - len(self.err)]
            else:
                self.out += piece
                self.send_output()
            if self.stopped or len(piece) < CHUNK:
                return

    def forget(self, file: int) -> bool:
        """Not listened to any more; whether it had been."""
        try:
            self.poll.unregister(file)
        except KeyError:
            return False
        return True

    def send_output(self) -> None:
        """At once in a conversation, else when much has come together."""
        if self.out and (self.talks or len(self.out) >= CHUNK):
            self.wire.say({"event": "out"}, self.out)
            self.out.clear()

    def hear(self) -> None:
        """More input of a conversation, all that has come; its end, when one is empty."""
        while True:
            message = self.wire.message()
            if message["op"] != "in":
                raise RuntimeError("a request during a run")
            for piece in self.wire.pieces(message["size"]):
                self.waiting += piece
            self.last_input = self.last_input or message["size"] == 0
            if not self.wire.ready:
                break
        self.pass_input()

    def pass_input(self) -> None:
        child = self.child
        if child.talk < 0:
            self.waiting.clear()
            return
        try:
            while self.waiting:
                del self.waiting[: os.write(child.talk, self.waiting)]
        except BlockingIOError:
            pass
        except BrokenPipeError:  # it does not want to hear more
            self.waiting.clear()
            self.last_input = True
        self.forget(child.talk)
        if self.last_input and not self.waiting:
            child.end_input()
        if self.waiting:
            self.poll.register(child.talk, select.POLLOUT)
        wanted = select.POLLIN if len(self.waiting) < INPUT_AHEAD else 0
        self.poll.modify(self.wire.source, wanted)

    # --- when it is over --------------------------------------------------------------------------

    def end_everybody(self) -> tuple[int, bool]:
        """Nobody but us is left: the program's status, and whether all could be buried."""
        status, deadline = 0, time.monotonic() + PATIENCE
        while True:
            try:
                pid, found = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return status, True
            if pid == self.child.pid:
                status = found
            elif pid == 0:
                kill_all(self.uid)
                if time.monotonic() > deadline:
                    return status, False
                time.sleep(0.0005)

    def answer(self, status: int, gone: bool) -> None:
        cpu_ns, ended = self.cpu_ns(), time.monotonic_ns()
        peak, counted = self.counters.peak(), True
        if self.samples and peak <= self.peak_before:
            peak, counted = max(self.sampled, self.counters.memory()), False
        read = self.counters.file_cache() - self.idle_cache  # less than nothing: it was dropped
        code = os.waitstatus_to_exitcode(status)
        self.wire.say(
            {
                "event": "exit",
                "code": max(0, code),
                "signal": max(0, -code),
                "stopped": self.stopped,
                "cpu_ns": cpu_ns,
                "wall_ns": ended - self.began,
                "silent": self.fell_silent or ended,
                "idle": self.idle,
                "read": read,
                "peak": peak,
                "counted": counted,
                "oom_kills": self.counters.oom_kills() - self.kills_before,
                "trouble": self.trouble,
                "gone": gone,
                "err": len(self.err),
            },
            self.out,
            self.err,
        )


def kill_all(uid: int) -> None:
    """Every process of that uid, as that uid, in one call. Only in effect: were it our real uid as
    well, they could send us a signal in the meantime."""
    os.setresuid(-1, uid, -1)
    try:
        os.kill(-1, SIGKILL)
    except ProcessLookupError:
        pass
    finally:
        os.setresuid(-1, 0, -1)
