"""The host's end of the two named pipes to a program box's agent.

Docker's own stream to a container passes through two daemons; a named pipe in a folder that is
mounted into the container passes through nobody. The folder is emptied and removed as soon as the
agent has opened both: nothing that runs in the box later finds them. The agent ends when our end
closes, whatever ends us.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import marshal
import os
import select
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from sandbox.box import BoxFailed
from sandbox.inside.wire import HEADER, MARSHAL

PREFIX: Final = "podium-box-"
PATIENCE: Final = 30.0  # seconds in which an agent must answer
CHUNK: Final = 1 << 18
CAPACITY: Final = 1 << 20  # the most that an ordinary user may ask for
LONGEST_MESSAGE: Final = 8_000_000

Message = dict[str, Any]


def places() -> list[Path]:
    """Where the folder may lie: what the Docker daemon sees, too, and preferably memory."""
    return [Path("/dev/shm"), Path(tempfile.gettempdir())]  # noqa: S108 - mkdtemp's own folders


def packed(message: Message) -> bytes:
    """A message's head as it goes over the pipe; its raw bytes follow."""
    body = marshal.dumps(message, MARSHAL)
    return len(body).to_bytes(HEADER, "big") + body


class BoxGone(BoxFailed):
    """The agent's end closed: whatever held the box has ended."""


class Pipes:
    """Made before the container, joined when it runs."""

    def __init__(self, owner: str) -> None:
        where = next(each for each in places() if os.access(each, os.W_OK))
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=where))
        (self.folder / "owner").write_text(owner)
        here = {name: self.folder / name for name in ("in", "out")}
        for path in here.values():
            os.mkfifo(path, 0o600)
        if os.geteuid() != 0:  # the agent is root, but without root's rights over others' files
            for path, mode in ((self.folder, 0o711), (here["in"], 0o666), (here["out"], 0o666)):
                path.chmod(mode)
        self.to = os.open(here["in"], os.O_RDWR | os.O_CLOEXEC)  # waits for nobody
        self.source = os.open(here["out"], os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self.ready = bytearray()

    def join(self) -> None:
        """The agent has said that it is there: from now on its end is bound to ours."""
        self.expect("ready")
        held, self.to = (
            self.to,
            os.open(self.folder / "in", os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC),
        )
        os.close(held)
        for end in (self.to, self.source):
            with contextlib.suppress(OSError):
                fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, CAPACITY)
        shutil.rmtree(self.folder, ignore_errors=True)

    def alive(self) -> bool:
        """Whether the agent's end is still open and, as it should, silent."""
        poll = select.poll()
        poll.register(self.source, select.POLLIN)
        return self.source >= 0 and not self.ready and not poll.poll(0)

    def close(self) -> None:
        for end in (self.to, self.source):
            if end >= 0:
                os.close(end)
        self.to = self.source = -1
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- messages ---------------------------------------------------------------------------------

    def send(self, message: Message, raw: Sequence[bytes] = ()) -> None:
        size = sum(map(len, raw))
        head = packed(message | {"size": size})
        if size < CHUNK:
            self._write(b"".join([head, *raw]))
            return
        for each in (head, *raw):
            self._write(each)

    def _write(self, data: bytes) -> None:
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self.to, left) :]
            except BlockingIOError:
                self._wait(self.to, select.POLLOUT, time.monotonic() + PATIENCE)
            except OSError as error:
                raise BoxFailed(f"The container went away: {self._last_words()}") from error

    def _last_words(self) -> str:
        """Why the agent ended, if it could say so."""
        with contextlib.suppress(BoxFailed, ValueError, KeyError):
            while True:
                self.receive(time.monotonic() + 1)
        return "its agent is gone"

    def expect(self, event: str, seconds: float = PATIENCE) -> tuple[Message, bytes]:
        message, raw = self.receive(time.monotonic() + seconds)
        if message["event"] != event:
            raise BoxFailed(f"The agent said {message['event']} instead of {event}.")
        return message, raw

    def receive(self, deadline: float) -> tuple[Message, bytes]:
        while (found := self.next_message()) is None:
            self._wait(self.source, select.POLLIN, deadline)
            self.read_more()
        return found

    def next_message(self) -> tuple[Message, bytes] | None:
        """A whole message out of what has been read."""
        ready = self.ready
        if len(ready) < HEADER:
            return None
        start = HEADER + int.from_bytes(ready[:HEADER], "big")
        if start > LONGEST_MESSAGE:
            raise BoxFailed("The agent's message is too long.")
        if len(ready) < start:
            return None
        message = json.loads(ready[HEADER:start])
        end = start + message["size"]
        if len(ready) < end:
            return None
        raw = bytes(memoryview(ready)[start:end])
        del ready[:end]
        if message["event"] == "failed":
            raise BoxFailed(f"The agent failed: {message['reason']}")
        return message, raw

    def read_more(self) -> None:
        try:
            piece = os.read(self.source, CHUNK)
        except BlockingIOError:
            return
        if not piece:
            raise BoxGone("The container ended by itself.")
        self.ready += piece

    def _wait(self, end: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(end, event)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise BoxFailed("The agent does not answer.")


def sweep_pipes(abandoned: Callable[[str], bool]) -> int:
    """Removes folders whose maker died before its box was joined; how many."""
    removed = 0
    for place in places():
        for folder in place.glob(f"{PREFIX}*"):
            with contextlib.suppress(OSError):
                if abandoned((folder / "owner").read_text()):
                    shutil.rmtree(folder, ignore_errors=True)
                    removed += 1
    return removed
