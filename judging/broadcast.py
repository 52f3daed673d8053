"""From one message to ten thousand screens: encoded and framed once, one send() to each.

`Audience` is the client manager of the socket server: `socketio.emit` to a room comes here. Stock
Socket.IO wakes a greenlet per recipient, which encodes and frames the message again; here the
emitter's own greenlet hands the finished frame to every socket with one non-blocking send().

What a slow reader is owed, `wire` knows; whether a client is still there, `pulse`.

It touches internals of engineio and gevent-websocket. A client whose connection does not look as
expected is served by stock Socket.IO (tests/judging/test_broadcast.py holds the pinned versions).
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import gevent
from socketio import Manager, Server

from competition.offload import give_way
from judging.pulse import Pulse
from judging.wire import Frame, Key, Wire, frame

TURN = 256  # sends between two looks at what else waits: some 3 ms
Crowd = list[tuple[str, Wire | None]]  # who is in a room, and the way to each
FRAMES = 128  # kept, of some kilobytes: every skill's board and those over all skills


class Audience(Manager):  # type: ignore[misc] # python-socketio has no types
    """Who is in which room, and the fast way to them.

    `latest` names the events whose message is whole in itself, so that a newer one replaces it;
    `kept` those whose message is given again and again and never changed: it is framed once.
    """

    def __init__(self, latest: Iterable[str] = (), kept: Iterable[str] = ()) -> None:
        super().__init__()
        self.latest = frozenset(latest)
        self.kept = frozenset(kept)
        self.framed: dict[tuple[str, int], tuple[object, Frame]] = {}
        self.wires: dict[str, Wire] = {}
        self.pulse: Pulse | None = None
        self.joined: defaultdict[str, set[str | None]] = defaultdict(set)
        self.crowds: dict[str | None, Crowd] = {}

    def set_server(self, server: Server) -> None:
        """Called once by the server that this manager serves."""
        super().set_server(server)
        if server.eio.async_mode == "gevent":
            server.eio.on("connect", self._arrives)
            server.eio.on("disconnect", self._leaves)
            server.eio.start_service_task = False  # the pulse looks after everybody
            self.pulse = Pulse(server, self.wires)

    def _arrives(self, eio_sid: str, environ: dict[str, Any]) -> Any:  # noqa: ANN401 - engineio's
        wire = self._wire(environ)
        if wire is not None:
            self.wires[eio_sid] = wire
        if self.pulse is not None:
            self.pulse.arrives(eio_sid)
        return self.server._handle_eio_connect(eio_sid, environ)

    def _leaves(self, eio_sid: str, reason: str) -> None:
        wire = self.wires.pop(eio_sid, None)
        self.server._handle_eio_disconnect(eio_sid, reason)
        if wire is not None:
            wire.hang_up()

    @staticmethod
    def _wire(environ: dict[str, Any]) -> Wire | None:
        """Put a wire between gevent-websocket and its socket, before anything is written."""
        ws: Any = environ.get("wsgi.websocket")
        try:
            sock = ws.handler.socket
            if type(sock) is not gevent.socket.socket or ws.raw_write != sock.sendall:
                return None  # TLS, or a version we do not know: stock will do
            wire = Wire(sock)
            ws.raw_write = wire.write
        except AttributeError:
            return None
        return wire

    def emit(  # noqa: PLR0917 - python-socketio calls it so
        self,
        event: str,
        data: object,
        namespace: str,
        room: str | None = None,
        skip_sid: object = None,
        callback: object = None,
        to: str | None = None,
        **kwargs: Any,  # noqa: ANN401 - python-socketio's signature
    ) -> None:
        """Send an event to a room, a client, or everybody; python-socketio calls this."""
        room = to or room
        plain = isinstance(data, dict | list | str | None)
        if not self.wires or skip_sid or callback or namespace != "/" or not plain:
            super().emit(event, data, namespace, room, skip_sid, callback, **kwargs)
            return
        members = self._crowd(namespace, room)
        if not members:
            return
        try:
            ready = self._framed(event, data)
        except TypeError:  # binary somewhere inside
            super().emit(event, data, namespace, room, skip_sid, callback, **kwargs)
            return
        for sid in self._send((event, room or ""), ready, members):
            super().emit(event, data, namespace, sid)

    def _crowd(self, namespace: str, room: str | None) -> Crowd:
        """Who is in a room. To look up ten thousand costs a tenth of sending to them, so those of a
        full room are remembered until somebody comes or goes."""
        found = self.crowds.get(room)
        if found is None:
            participants = self.get_participants(namespace, room)
            found = [(sid, self.wires.get(eio_sid)) for sid, eio_sid in participants]
            if len(found) >= TURN:
                self.crowds[room] = found
        return found

    def _framed(self, event: str, data: object) -> Frame:
        """The frame of a message. A board goes to everybody who comes before the next one, so its
        frame is kept beside the very object that it was made of."""
        if event not in self.kept:
            return frame(event, data)
        known = self.framed.get((event, id(data)))
        if known is None:
            while len(self.framed) >= FRAMES:
                self.framed.pop(next(iter(self.framed)))
            known = self.framed[event, id(data)] = data, frame(event, data)
        return known[1]

    def _send(self, key: Key, data: Frame, members: Crowd) -> list[str]:
        """Send a frame to every member that has a wire; gives those that have none."""
        whole = key[0] in self.latest
        without = []
        for begin in range(0, len(members), TURN):
            if begin:
                give_way()  # marks are waiting
            for sid, wire in members[begin : begin + TURN]:
                if wire is None:
                    without.append(sid)
                elif wire.busy:
                    wire.owe(key, data, whole=whole)
                else:
                    wire.put(data)
        return without

    # Rooms, kept by client as well: stock looks through all of them when one client leaves or asks,
    # and every client is a room of its own.

    def basic_enter_room(
        self, sid: str, namespace: str, room: str | None, eio_sid: str | None = None
    ) -> None:
        super().basic_enter_room(sid, namespace, room, eio_sid)
        self.joined[sid].add(room)
        self.crowds.pop(room, None)

    def basic_leave_room(self, sid: str, namespace: str, room: str | None) -> None:
        super().basic_leave_room(sid, namespace, room)
        self.joined[sid].discard(room)
        self.crowds.pop(room, None)

    def get_rooms(self, sid: str, namespace: str) -> list[str]:
        return [room for room in self.joined.get(sid, ()) if room is not None]

    def basic_disconnect(self, sid: str, namespace: str, **kwargs: Any) -> None:  # noqa: ANN401
        for room in self.joined.pop(sid, ()):
            super().basic_leave_room(sid, namespace, room)
            self.crowds.pop(room, None)
        self.callbacks.pop(sid, None)
        for pending in (self.pending_connect, self.pending_disconnect):
            waiting = pending.get(namespace, [])
            if sid in waiting:
                waiting.remove(sid)
            if not waiting:
                pending.pop(namespace, None)
