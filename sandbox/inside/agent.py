"""Process 1 of a program box: files in, one program at a time, what it used and said out.

It speaks to the host over two pipes (wire.py) and ends when the host's end closes, which ends the
container: a dead worker leaves nothing behind. It is root without any right but to change its uid.
Standard library only.
"""

from __future__ import annotations

import gc
import os
import sys
import time

from sandbox.inside.child import restore_signals
from sandbox.inside.counters import Counters
from sandbox.inside.folder import WORK, Folder, free
from sandbox.inside.run import PAGE, Run
from sandbox.inside.wire import Wire

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

QUEUES = "/dev/mqueue"
SHARED = ("shm", "sem", "msg")
SETTLING = 2.0  # seconds in which the kernel gives back what a run held; mostly at once
SLACK = 512 * 1024  # bytes by which its own figure of what is held may be off


class Agent:
    """Answers requests one after the other."""

    def __init__(self, wire: Wire, uid: int) -> None:
        self.wire, self.uid = wire, uid
        self.counters = Counters()
        self.folder = Folder(uid)
        self.settled = self.held()

    def serve(self) -> None:
        self.prepare()
        self.wire.say({"event": "ready"})
        answers = {
            **{"put": self.put, "stdin": self.stdin, "run": self.run, "in": self.skip},
            **{"get": self.get, "products": self.products, "wipe": self.wipe},
        }
        while True:
            message = self.wire.message()
            answers[message["op"]](message)

    def prepare(self) -> None:
        """All of a run that can be done before it is asked for, from a settled state: what is given
        back only later would be taken off what the next program uses."""
        deadline = time.monotonic() + SETTLING
        while (held := self.held()) > self.settled + SLACK and time.monotonic() < deadline:
            time.sleep(0.001)
        self.settled = held
        self.next = Run(self.wire, self.counters, self.uid)
        self.child = self.next.child

    def held(self) -> int:
        """Bytes that the container holds beside cached files and the work folder."""
        files = (self.folder.empty[0] - free()[0]) * PAGE
        return self.counters.memory() - self.counters.file_cache() - files

    def run(self, message: dict[str, Any]) -> None:
        if not self.folder.clean():
            raise RuntimeError("the work folder could not be cleaned")
        self.child.fill(self.wire.pieces(message["size"]))
        self.next.go(message)
        self.child.close()
        self.prepare()

    def stdin(self, message: dict[str, Any]) -> None:
        """A long input comes before the run, so that carrying it is not counted."""
        self.child.fill(self.wire.pieces(message["size"]))
        self.wire.say({"event": "done", "errors": []})

    def skip(self, message: dict[str, Any]) -> None:
        """Input for a program that has ended meanwhile."""
        for _ in self.wire.pieces(message["size"]):
            pass

    def put(self, message: dict[str, Any]) -> None:
        errors = [] if self.folder.clean() else ["the work folder could not be cleaned"]
        for name, size in message["files"]:
            pieces = self.wire.pieces(size)
            try:
                self.folder.place(name, pieces)
            except (OSError, ValueError) as error:
                errors.append(f"{name}: {error}")
            for _ in pieces:
                pass  # what could not be written was sent all the same
        self.folder.tidy = free()
        self.wire.say({"event": "done", "errors": errors[:20]})

    def get(self, message: dict[str, Any]) -> None:
        data = self.folder.fetch(message["path"], message["limit"])
        self.wire.say({"event": "file", "found": data is not None}, data or b"")

    def products(self, message: dict[str, Any]) -> None:
        left: int = message["limit"]
        for name in self.folder.made():
            data = self.folder.fetch(name, left)
            if data is None:
                self.wire.say({"event": "end", "whole": False})
                return
            left -= len(data)
            self.wire.say({"event": "file", "name": name}, data)
        self.wire.say({"event": "end", "whole": True})

    def wipe(self, _: dict[str, Any]) -> None:
        """Whether nothing at all is left: no file, no process, no queue, no shared memory."""
        left = [] if self.folder.wipe() else ["files"]
        if {int(name) for name in os.listdir("/proc") if name.isdigit()} != {1, self.child.pid}:
            left.append("processes")
        for kind in SHARED:
            with open(f"/proc/sysvipc/{kind}") as table:
                if len(table.readlines()) > 1:
                    left.append(kind)
        if os.path.isdir(QUEUES) and os.listdir(QUEUES):
            left.append("queues")
        self.wire.say({"event": "wiped", "left": left})


def main(uid: int) -> None:
    os.umask(0o022)
    os.chmod(WORK, 0o1777)  # some versions of runc give a tmpfs the mode of the image's folder
    if os.path.isdir(QUEUES):
        os.chmod(QUEUES, 0o700)
    restore_signals()
    gc.disable()  # nothing here makes cycles, and a fork copies what the collector touches
    wire = Wire()
    try:
        Agent(wire, uid).serve()
    except Exception:
        import traceback

        wire.say({"event": "failed", "reason": traceback.format_exc()[-4000:]})
        sys.exit(1)
