"""The agent's end of the pipes to the host, and the form of a message, which the host's end shares.

A message is four bytes of length, a head, then as many raw bytes as the head's "size" says: what is
large is never put into the head, and never held as a whole while it passes through here. The head
is marshal's towards the box, which trusts its host and starts faster without a JSON module, and
JSON towards the host, which does not trust the box.
"""

from __future__ import annotations

import marshal
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

PIPES = "/podium"  # the host removes both pipes as soon as they are opened
HEADER = 4  # bytes that say how long the head is
MARSHAL = 2  # the version that every Python 3 reads
CHUNK = 65_536


class Wire:
    """Two pipes. When the host's end closes, we end, and with us the container."""

    def __init__(self, folder: str = PIPES) -> None:
        self.source = os.open(f"{folder}/in", os.O_RDONLY | os.O_CLOEXEC)
        self.sink = os.open(f"{folder}/out", os.O_WRONLY | os.O_CLOEXEC)
        self.ready = b""

    def message(self) -> dict[str, Any]:
        size = int.from_bytes(self._exactly(HEADER), "big")
        found: dict[str, Any] = marshal.loads(self._exactly(size))
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
        head = as_json(message | {"size": sum(map(len, raw))}).encode("ascii")
        data = memoryview(b"".join([len(head).to_bytes(HEADER, "big"), head, *raw]))
        while data:
            data = data[os.write(self.sink, data) :]


def as_json(value: dict[str, Any] | Sequence[Any] | str | bool | int) -> str:
    """The little of JSON that a head needs; every letter escaped but the plainest."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return f'"{value}"' if value.isascii() and value.isalnum() else f'"{_escaped(value)}"'
    if isinstance(value, dict):
        return f"{{{', '.join(f'{as_json(key)}: {as_json(value[key])}' for key in value)}}}"
    return f"[{', '.join(map(as_json, value))}]"


def _escaped(text: str) -> str:
    units = text.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[n]:02x}{units[n + 1]:02x}" for n in range(0, len(units), 2))
