"""The agent's end of the pipes to the host, and the form of a message, which the host's end shares.

A message is four bytes of length, a JSON object, then as many raw bytes as its "size" says: what
is large is never put into JSON, and never held as a whole while it passes through here.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from typing import Any, Final

PIPES: Final = "/podium"  # the host removes both pipes as soon as they are opened
HEADER: Final = struct.Struct(">I")
CHUNK: Final = 65_536


def frame(message: dict[str, Any]) -> bytes:
    """One message as it goes over the pipe, without the raw bytes that may follow."""
    body = json.dumps(message).encode()
    return HEADER.pack(len(body)) + body


class Wire:
    """Two pipes. When the host's end closes, we end, and with us the container."""

    def __init__(self, folder: str = PIPES) -> None:
        self.source = os.open(f"{folder}/in", os.O_RDONLY | os.O_CLOEXEC)
        self.sink = os.open(f"{folder}/out", os.O_WRONLY | os.O_CLOEXEC)
        self.ready = b""

    def message(self) -> dict[str, Any]:
        size = HEADER.unpack(self._exactly(HEADER.size))[0]
        found: dict[str, Any] = json.loads(self._exactly(size))
        return found

    def pieces(self, size: int) -> Iterator[bytes]:
        """The raw bytes of a message, as they come."""
        while size:
            piece = self.ready or self._more()
            piece, self.ready = piece[:size], piece[size:]
            size -= len(piece)
            yield piece

    def _exactly(self, size: int) -> bytes:
        while len(self.ready) < size:
            self.ready += self._more()
        taken, self.ready = self.ready[:size], self.ready[size:]
        return taken

    def _more(self) -> bytes:
        piece = os.read(self.source, CHUNK)
        if not piece:
            os._exit(0)
        return piece

    def say(self, message: dict[str, Any], *raw: bytes | bytearray) -> None:
        size = sum(map(len, raw))
        data = memoryview(b"".join([frame(message | {"size": size}), *raw]))
        while data:
            data = data[os.write(self.sink, data) :]
