"""A WebSocket client made of a plain socket, which reads when the test says so and not before."""

import base64
import json
import os
import socket
import struct
from urllib.parse import urlsplit


class RawSocket:
    """One Socket.IO client. `stream` keeps what was read and not yet parsed."""

    def __init__(self, url, buffer=None):
        where = urlsplit(url)
        self.sock = socket.socket()
        if buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.sock.connect((where.hostname, where.port))
        self.sock.settimeout(10)
        key = base64.b64encode(os.urandom(16)).decode()
        self.sock.sendall(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {where.netloc}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        self.stream = b""
        while b"\r\n\r\n" not in self.stream:
            self.stream += self.sock.recv(1)
        head, self.stream = self.stream.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 101"), head

    def greet(self, room):
        """Connects the namespace and joins a room."""
        assert self.frame()[1].startswith(b"0{")
        self.say("40")
        assert self.frame()[1].startswith(b"40{")
        self.event("join", room)
        assert self.hear() == ["joined", room]

    def say(self, text, opcode=1):
        data, mask = text.encode(), os.urandom(4)
        head = bytes((0x80 | opcode, 0x80 | min(len(data), 126)))
        if len(data) > 125:
            head += struct.pack("!H", len(data))
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        self.sock.sendall(head + mask + masked)

    def event(self, *message):
        self.say("42" + json.dumps(message))

    def _take(self, size):
        while len(self.stream) < size:
            more = self.sock.recv(1 << 20)
            if not more:
                raise EOFError(f"closed with {len(self.stream)} bytes left")
            self.stream += more
        taken, self.stream = self.stream[:size], self.stream[size:]
        return taken

    def frame(self):
        """The next whole frame: its first byte, one of few, and its payload."""
        first, second = self._take(2)
        assert first in (0x81, 0x82, 0x88, 0x8A), f"{first:#x} cannot begin a frame"
        assert second < 0x80, "a server does not mask"
        size = second
        if second == 126:
            (size,) = struct.unpack("!H", self._take(2))
            assert size > 125
        elif second == 127:
            (size,) = struct.unpack("!Q", self._take(8))
            assert 65535 < size < 1 << 24
        return first, self._take(size)

    def hear(self):
        """The next event; pings are answered on the way."""
        while True:
            first, payload = self.frame()
            if first == 0x8A:
                continue
            assert first == 0x81, (first, payload[:80])
            text = payload.decode("utf-8")
            if text == "2":
                self.say("3")
            else:
                assert text.startswith("42"), text[:80]
                return json.loads(text[2:])

    def hear_until(self, number):
        """Every event up to the one that carries this number."""
        heard = []
        while not heard or (heard[-1][1] or {}).get("number") != number:
            heard.append(self.hear())
        return heard

    def close(self):
        self.sock.close()
