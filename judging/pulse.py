"""Whether ten thousand clients are still there: one greenlet asks them all, a part at a time.

Stock Engine.IO keeps a greenlet for every client, sleeping until its next ping, and a task that
looks at each of them: with 10,000 clients these cost more than the boards. Here a ping is three
bytes that stand ready, handed to the socket like a board. A client without a wire is pinged by
stock, and only looked at here.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

import gevent
from socketio import Server

from competition.offload import Rest
from judging.wire import Wire

PING = b"\x81\x012"  # the Engine.IO packet "2" in a WebSocket text frame
BEAT = 0.1  # seconds; with one of a second a board now and then waited for a thousand answers


class Pulse:
    """The pings of one web process. Every client belongs to a part, asked in its own tenth of a
    second of the server's ping interval; who has not answered by its next turn is gone."""

    def __init__(self, server: Server, wires: Mapping[str, Wire]) -> None:
        self.eio = server.eio
        self.wires = wires
        self.parts: list[set[str]] = [
            set() for _ in range(max(1, round(self.eio.ping_interval / BEAT)))
        ]
        self.turn = 0
        self.begun = False

    def arrives(self, sid: str) -> None:
        """A client is asked from now on."""
        found = self.eio.sockets.get(sid)
        if found is None:
            return
        if sid in self.wires:
            found.last_ping = None
            found.schedule_ping = _heard(found)  # engineio calls it when the answer comes
            found.poll = _next_packets(found)
        min(self.parts, key=len).add(sid)
        if not self.begun:
            self.begun = True
            gevent.spawn(self._run)

    def _run(self) -> None:
        while True:
            gevent.sleep(self.eio.ping_interval / len(self.parts))
            self.turn = (self.turn + 1) % len(self.parts)
            part, rest = self.parts[self.turn], Rest()
            for sid in list(part):
                rest.if_due()
                if not self._ask(sid):
                    part.discard(sid)

    def _ask(self, sid: str) -> bool:
        """Whether the client is worth asking again."""
        found = self.eio.sockets.get(sid)
        if found is None or found.closed or found.closing:
            self.eio.sockets.pop(sid, None)
            return False
        wire = self.wires.get(sid)
        if wire is None:
            return bool(found.check_ping_timeout())
        if found.last_ping is not None:  # it had a whole interval to answer
            found.close(wait=False, abort=False, reason=self.eio.reason.PING_TIMEOUT)
            return False
        found.last_ping = time.time()
        wire.small(PING)
        return True


def _heard(found: Any) -> Callable[[], None]:  # noqa: ANN401 - engineio has no types
    def heard() -> None:
        found.last_ping = None

    return heard


def _next_packets(found: Any) -> Callable[[], list[Any]]:  # noqa: ANN401 - engineio has no types
    """For the greenlet that writes what stock sends: it waits as long as it takes. Stock hangs up
    when nothing was written for a while, but pings no longer come that way."""

    def next_packets() -> list[Any]:
        packet = found.queue.get()
        found.queue.task_done()
        return [] if packet is None else [packet]

    return next_packets
