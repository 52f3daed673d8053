"""gunicorn's worker for the site: gevent's server with WebSockets, and headers read by llhttp.

gevent reads headers as those of an e-mail, which takes a tenth of a mark's time and lets pass what
is none: a line that it does not understand ends the headers. llhttp, the parser of Node.js, takes a
quarter of that and refuses what is not HTTP. gunicorn loads this before gevent has patched
anything, so nothing else of ours is imported here.
"""

import logging
from collections.abc import Iterator
from typing import BinaryIO

from geventwebsocket.gunicorn.workers import GeventWebSocketWorker
from geventwebsocket.handler import WebSocketHandler
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

LARGEST = 65_536  # bytes of all headers
# llhttp wants a whole request; of its first line gevent has made sure already.
FIRST_LINE = b"POST / HTTP/1.1\r\n"


class Headers:
    """The headers of one request, as gevent's handler asks for them; the first of a name counts."""

    status = ""  # gevent's word for what is wrong; here that is raised

    def __init__(self) -> None:
        self._all: list[tuple[str, str]] = []
        self._first: dict[str, str] = {}

    def on_header(self, name: bytes, value: bytes) -> None:
        """llhttp has found one."""
        given = name.decode("ascii"), value.decode("latin-1")
        self._all.append(given)
        self._first.setdefault(given[0].lower(), given[1])

    def get(self, name: str, default: str | None = None) -> str | None:
        return self._first.get(name.lower(), default)

    getheader = get

    def __delitem__(self, name: str) -> None:
        """gevent takes a length out where chunks have their own; llhttp refuses who names both."""
        del self._first[name]

    @property
    def typeheader(self) -> str | None:
        return self.get("content-type")

    @property
    def headers(self) -> Iterator[str]:
        """All of them as lines, in their order."""
        return (f"{name}: {value}\r\n" for name, value in self._all)


def read(stream: BinaryIO) -> Headers:
    """The headers up to the empty line. Raises ValueError, which gevent answers with 400, when they
    are too large or not HTTP."""
    lines, left = [FIRST_LINE], LARGEST
    while lines[-1] not in (b"\r\n", b"\n"):
        line = stream.readline(left + 1)
        left -= len(line)
        if not line or left < 0:
            raise ValueError("headers too large or cut off")
        lines.append(line)
    found = Headers()
    try:
        HttpRequestParser(found).feed_data(b"".join(lines))
    except HttpParserUpgrade:
        pass  # they are all read; whether it becomes a WebSocket is decided later
    except HttpParserError as error:
        raise ValueError(str(error)) from error
    return found


class Handler(WebSocketHandler):  # type: ignore[misc]
    """One connection."""

    def MessageClass(self, stream: BinaryIO, *_: object) -> Headers:
        return read(stream)

    def log_request(self) -> None:
        """Not even written when nobody reads it."""
        if self.logger.isEnabledFor(logging.INFO):
            super().log_request()


class Worker(GeventWebSocketWorker):  # type: ignore[misc]
    """What `serve` and `live` run."""

    wsgi_handler = Handler
