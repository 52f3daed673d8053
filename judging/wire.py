"""The way out to one client: whole WebSocket frames, whoever writes them.

A slow reader never holds up the others and never loses a byte in the middle of a frame. What did
not fit is finished by a greenlet of its own, and what comes meanwhile is owed: per room the latest
message wins, and where a message is only a change, "resync" asks the client to fetch the whole.
"""

import json
import socket
from typing import Any

import gevent
from gevent.event import Event

FAREWELL = 5.0  # seconds in which a client may take the last frames of a session
RESYNC = "resync"

Frame = bytes
Key = tuple[str, str]  # event and room


def frame(event: str, data: object) -> Frame:
    """One Socket.IO event in an Engine.IO message in a WebSocket text frame (RFC 6455)."""
    text = json.dumps([event, data], ensure_ascii=False, separators=(",", ":"))
    payload = b"42" + text.encode("utf-8", "replace")
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


class Wire:
    """The way out to one client: whole frames one after the other, whoever writes them."""

    __slots__ = ("broken", "busy", "owed", "send", "sock")

    def __init__(self, sock: Any) -> None:  # noqa: ANN401 - a gevent socket; gevent has no types
        self.sock = sock
        self.send = sock._sock.send  # the real, non-blocking one
        self.busy = False  # somebody is in the middle of a frame
        self.broken = False  # a frame was cut off: nothing may follow it
        self.owed: dict[Key | Event, Frame] | None = None

    def write(self, data: bytes) -> None:
        """For gevent-websocket, which writes whole frames: waits until this one is out."""
        if self.broken:
            raise BrokenPipeError("the stream ended in the middle of a frame")
        if not self.busy:
            self._drain(data)
        else:
            done = Event()
            self._owe(done, data)
            done.wait()
        if self.broken:
            raise BrokenPipeError("the stream ended in the middle of a frame")

    def finish(self, rest: bytes) -> None:
        """A non-blocking send() took only the beginning of a frame."""
        self.busy = True
        gevent.spawn(self._drain, rest)

    def put(self, data: bytes) -> bool:
        """Hand a frame to the socket at once, all or a part of it. False when it takes nothing
        more: the client is gone, which its reader notices in a moment."""
        try:
            sent = self.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            return False
        if sent != len(data):
            self.finish(data[sent:])
        return True

    def small(self, data: bytes) -> None:
        """A frame that is never replaced by a newer one, and never waited for."""
        if not self.busy:
            self.put(data)
        elif not self.broken:
            self._owe((data.hex(), ""), data)

    def owe(self, key: Key, data: Frame, *, whole: bool) -> None:
        """Keep a frame until the client has read enough. A `whole` one replaces an older one."""
        if self.broken:
            return
        owed = self.owed or {}
        if whole or (key not in owed and (RESYNC, "") not in owed):
            self._owe(key, data)
        else:
            owed.pop(key, None)
            self._owe((RESYNC, ""), frame(RESYNC, None))

    def hang_up(self) -> None:
        """The session is over: end the reader, and a write that nobody takes any more."""
        try:
            self.sock.settimeout(FAREWELL)
            self.sock.shutdown(socket.SHUT_RDWR if self.busy else socket.SHUT_RD)
        except OSError:
            pass  # it is closed already

    def _owe(self, key: Key | Event, data: bytes) -> None:
        if self.owed is None:
            self.owed = {}
        self.owed[key] = data

    def _drain(self, data: bytes) -> None:
        """Send `data` and then what is owed; only here a send may wait for the client."""
        self.busy = True
        try:
            self.sock.sendall(data)
            while self.owed:
                key = next(iter(self.owed))
                self.sock.sendall(self.owed.pop(key))
                if isinstance(key, Event):
                    key.set()
            self.busy = False
        except BaseException as error:
            self.broken = True
            self.hang_up()
            if not isinstance(error, OSError):
                raise
        finally:
            waiting, self.owed = self.owed, None
            for key in waiting or ():
                if isinstance(key, Event):
                    key.set()
