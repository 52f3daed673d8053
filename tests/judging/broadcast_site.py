"""A bare socket server with our Audience, started by gunicorn as `podium serve` starts the site.

`/fly?event=board&room=hall&size=50000&times=100&pause=0.02` broadcasts; each message carries its
number. `/state` says what the audience holds.
"""

import json
import os
from functools import partial
from urllib.parse import parse_qsl

import gevent
import socketio
from geventwebsocket.websocket import Stream

from judging.broadcast import Audience
from judging.pulse import PING

if os.environ.get("STRANGE"):
    # Another gevent-websocket than the one we know: it writes through something of its own.
    plain = Stream.__init__

    def strange(self, handler):
        plain(self, handler)
        self.write = partial(handler.socket.sendall)

    Stream.__init__ = strange

PINGED = (PING.hex(), "")
audience = Audience(latest=("board",))
server = socketio.Server(
    async_mode="gevent",
    client_manager=audience,
    transports=["websocket"],
    # long enough that a crowded machine, on which a test takes seconds more, gives up on nobody
    ping_interval=float(os.environ.get("PING", "20")),
    ping_timeout=float(os.environ.get("PING", "20")),
)
number = 0


@server.on("join")
def join(sid, room):
    server.enter_room(sid, room)
    server.emit("joined", room, to=sid)


@server.on("binary")
def binary(sid):
    server.emit("board", {"bytes": b"\x00\xff"}, to=sid)


def fly(event, room, size, times, pause):
    global number  # noqa: PLW0603
    for _ in range(int(times)):
        number += 1
        server.emit(event, {"number": number, "rows": "榜" * (int(size) // 3)}, to=room)
        gevent.sleep(float(pause))
    return {"last": number}


def state():
    wires = list(audience.wires.values())
    return {
        "wires": len(wires),
        "busy": sum(wire.busy for wire in wires),
        "owed": sum(key != PINGED for wire in wires for key in wire.owed or ()),
        "sockets": len(server.eio.sockets),
        "environ": len(server.environ),
        "joined": len(audience.joined),
        "rooms": sum(map(len, audience.rooms.get("/", {}).values())),
    }


def pages(environ, start_response):
    asked = dict(parse_qsl(environ["QUERY_STRING"]))
    answer = fly(**asked) if environ["PATH_INFO"] == "/fly" else state()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]


app = socketio.WSGIApp(server, pages)
