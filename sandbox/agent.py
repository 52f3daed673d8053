#!/usr/bin/python3 -IB
"""The small program inside the box, its process 1: files in, one command at a time, files out.

Frames go over stdin and stdout: four bytes of length, a JSON object, then as many raw bytes as its
"size" says. Requests: put (no answer; what went wrong is told at the next sync), sync, run, get,
and ahead, which starts a command before there is work for it; the next run is what it waits for.
The agent runs under the rig's uid without any capability and writes nowhere but below ROOT. It
ends when stdin closes, which ends the container: a dead worker leaves nothing behind. Standard
library only; it also lends the frame's form to the host's side.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import selectors
import signal
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

ROOT: Final = Path("/box")  # a tmpfs that only the rig's uid may enter
HEADER: Final = struct.Struct(">I")
LONGEST_MESSAGE: Final = 8_000_000
CHUNK: Final = 65_536
TICK: Final = 0.02  # seconds between looks at the followed file
BEGINS: Final = 10.0  # seconds in which what was started ahead must say that it goes to work


def frame(message: dict[str, Any]) -> bytes:
    """One message as it goes over the pipe, without the raw bytes that may follow."""
    body = json.dumps(message).encode()
    return HEADER.pack(len(body)) + body


class Agent:
    """Answers requests one after the other until stdin closes."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self.source, self.sink = source, sink
        self.put_errors: list[str] = []
        self.waiting: subprocess.Popen[bytes] | None = None

    def serve(self) -> None:
        self.say({"event": "ready"})
        answers = {
            "put": self.put,
            "sync": self.sync,
            "ahead": self.ahead,
            "run": self.run,
            "get": self.get,
        }
        while True:
            message = json.loads(self.read(HEADER.unpack(self.read(HEADER.size))[0]))
            answers[message["op"]](message)

    def read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            piece = self.source.read(min(size - len(data), CHUNK))
            if not piece:
                os._exit(0)  # the worker is gone; so are we, and with us the container
            data += piece
        return data

    def say(self, message: dict[str, Any], raw: bytes = b"") -> None:
        self.sink.write(frame(message) + raw)
        self.sink.flush()

    # --- files ------------------------------------------------------------------------------------

    def put(self, message: dict[str, Any]) -> None:
        left, out = message["size"], -1
        try:
            path = below_root(message["path"])
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            out = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except (OSError, ValueError) as error:
            self.put_errors.append(f"{message['path']}: {error}")
        while left:
            piece = self.read(min(left, CHUNK))
            left -= len(piece)
            try:
                while out >= 0 and piece:
                    piece = piece[os.write(out, piece) :]
            except OSError as error:
                self.put_errors.append(f"{message['path']}: {error}")
                os.close(out)
                out = -1
        if out >= 0:
            os.close(out)

    def sync(self, _: dict[str, Any]) -> None:
        self.say({"event": "synced", "errors": self.put_errors[:20]})
        self.put_errors = []

    def get(self, message: dict[str, Any]) -> None:
        """A regular file, links followed nowhere on the way, not one byte above the limit."""
        try:
            fd = open_without_links(below_root(message["path"]))
        except (OSError, ValueError) as error:
            self.say({"event": "missing", "reason": str(error)})
            return
        try:
            status = os.fstat(fd)
            fits = stat.S_ISREG(status.st_mode) and status.st_size <= message["limit"]
            data = bytearray()
            while fits and (piece := os.read(fd, min(CHUNK, message["limit"] - len(data)))):
                data += piece
        finally:
            os.close(fd)
        if fits:
            self.say({"event": "file", "size": len(data)}, bytes(data))
        else:
            self.say({"event": "missing", "reason": "not a regular file within the limit"})

    # --- one command ------------------------------------------------------------------------------

    def ahead(self, message: dict[str, Any]) -> None:
        """Started now; the answer comes when it says that it is ready, or ends."""
        self.waiting = start(message, stdin=subprocess.PIPE)
        output = self.waiting.stdout
        assert output is not None
        if self.source in select.select([self.source, output], [], [])[0]:
            self.read(1)  # see run
            raise RuntimeError("a request while a command starts")
        self.say({"event": "waiting", "ready": output.readline() == b"ready\n"})

    def set_to_work(self, message: dict[str, Any]) -> subprocess.Popen[bytes] | None:
        """What was started ahead, told the environment of this run; None when there is none."""
        process, self.waiting = self.waiting, None
        if process is None:
            return None
        assert process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(message["env"]).encode())
            process.stdin.close()
            if begun(process):
                return process
        kill_session(process.pid)  # it has ended or is about to, its children perhaps not
        return None

    def run(self, message: dict[str, Any]) -> None:
        began, killed_before = time.monotonic(), oom_kills()
        limit = message["output_bytes"]
        process = self.set_to_work(message) or start(message)
        followed = Followed(message.get("follow"), limit)
        output, timed_out, status = bytearray(), False, None
        assert process.stdout is not None
        with selectors.DefaultSelector() as ears:
            ears.register(process.stdout, selectors.EVENT_READ)
            ears.register(self.source, selectors.EVENT_READ)
            while status is None:
                for key, _ in ears.select(TICK):
                    if key.fileobj is self.source:
                        self.read(1)  # only ever the end of the pipe: nobody speaks during a run
                        raise RuntimeError("a request during a run")
                    piece = os.read(process.stdout.fileno(), CHUNK)
                    output += piece[: max(0, limit - len(output))]
                    if not piece:
                        ears.unregister(process.stdout)
                for line in followed.lines():
                    self.say({"event": "line", "text": line})
                if not timed_out and time.monotonic() - began > message["wall_seconds"]:
                    timed_out = True
                    kill_session(process.pid)
                status = reap(process.pid)
        kill_session(process.pid)
        for line in followed.lines():
            self.say({"event": "line", "text": line})
        self.say(
            {
                "event": "exit",
                "code": os.waitstatus_to_exitcode(status),
                "timed_out": timed_out,
                "output": output.decode("utf-8", "replace"),
                "oom_kills": oom_kills() - killed_before,
                "wall_ms": int((time.monotonic() - began) * 1000),
            }
        )


class Followed:
    """A growing file, read line by line while a command writes it; total bytes capped."""

    def __init__(self, path: str | None, limit: int) -> None:
        self.path = below_root(path) if path else None
        self.file: BinaryIO | None = None
        self.rest, self.left = b"", limit

    def lines(self) -> Iterator[str]:
        if self.file is None and self.path is not None:
            try:
                self.file = os.fdopen(open_without_links(self.path), "rb")
            except OSError:
                return
        if self.file is None:
            return
        data = self.file.read(self.left)
        self.left -= len(data)
        *whole, self.rest = (self.rest + data).split(b"\n")
        for line in whole:
            yield line.decode("utf-8", "replace")


def begun(process: subprocess.Popen[bytes]) -> bool:
    """Whether what was started ahead says that it goes to work."""
    output = process.stdout
    assert output is not None
    return bool(select.select([output], [], [], BEGINS)[0]) and output.readline() == b"begun\n"


def start(message: dict[str, Any], stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    limit = message["output_bytes"]
    return subprocess.Popen(
        message["argv"],
        cwd=message["cwd"],
        env=message["env"],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
        start_new_session=True,
        preexec_fn=lambda: limit_self(limit),  # noqa: PLW1509 - no threads here
    )


def below_root(path: str) -> Path:
    """The path in the box's own folder; anything that would leave it is refused."""
    full = Path(os.path.normpath(ROOT / path))
    if not full.is_relative_to(ROOT) or full == ROOT:
        raise ValueError("outside the box's folder")
    return full


def open_without_links(path: Path) -> int:
    folder = os.open(ROOT, os.O_PATH | os.O_DIRECTORY)
    try:
        *parents, name = path.relative_to(ROOT).parts
        for part in parents:
            deeper = os.open(part, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = deeper
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    finally:
        os.close(folder)


def limit_self(file_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))


def kill_session(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def reap(wanted: int) -> int | None:
    """Buries every dead child, orphans too (we are process 1); the wanted one's status, if dead."""
    found = None
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        if pid == wanted:
            found = status


def oom_kills() -> int:
    """How often the kernel has killed for memory in this container, cgroup version 2 or 1."""
    for path in ("/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"):
        try:
            words = Path(path).read_text().split()
        except OSError:
            continue
        if "oom_kill" in words:
            return int(words[words.index("oom_kill") + 1])
    return 0


if __name__ == "__main__":
    os.umask(0o077)
    ROOT.chmod(0o700)  # some versions of runc give a tmpfs the mode of the image's folder
    Agent(os.fdopen(0, "rb", buffering=0), sys.stdout.buffer).serve()
