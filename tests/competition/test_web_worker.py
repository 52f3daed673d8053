"""What of HTTP the site's worker takes for headers: all that browsers send, and nothing else."""

import io
import socket
from urllib.parse import urlsplit

import pytest

from competition.web_worker import LARGEST, read
from tests.conftest import LiveServer

BROWSER = (
    b"Host: podium.example\r\nAccept-Language: zh-CN,zh;q=0.9\r\nX-Name: \xe4\xb8\xad\r\n"
    b"Cookie: a=1\r\ncookie: b=2\r\nContent-Type: application/json\r\nEmpty:\r\n\r\n"
)
WEBSOCKET = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
NONE = {
    "both a length and chunks": b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
    "two lengths": b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n",
    "a length below zero": b"Content-Length: -3\r\n\r\n",
    "a length that is no number": b"Content-Length: three\r\n\r\n",
    "a space in a name": b"A b: c\r\n\r\n",
    "a space after a name": b"A : b\r\n\r\n",
    "a line that is none": b"A: b\r\nnothing\r\nB: c\r\n\r\n",
    "a folded line": b"A: b\r\n c\r\n\r\n",
    "a zero byte": b"A: b\x00c\r\n\r\n",
    "a name beyond ASCII": b"N\xc3\xa4me: b\r\n\r\n",
    "lines without a return": b"A: b\n\n",
    "no end": b"A: b\r\n",
    "too much in one": b"A: " + LARGEST * b"b" + b"\r\n\r\n",
    "too many": LARGEST // 6 * b"A: b\r\n" + b"A: b\r\n\r\n",
}


def test_what_browsers_send_comes_in_whole() -> None:
    found = read(io.BytesIO(BROWSER + b"a body"))
    assert list(found.headers) == [
        "Host: podium.example\r\n",
        "Accept-Language: zh-CN,zh;q=0.9\r\n",
        "X-Name: ä¸\xad\r\n",
        "Cookie: a=1\r\n",
        "cookie: b=2\r\n",
        "Content-Type: application/json\r\n",
        "Empty: \r\n",
    ]
    assert found.typeheader == found.getheader("CONTENT-type") == "application/json"
    assert (found.get("Cookie"), found.get("none"), found.get("none", "")) == ("a=1", None, "")
    assert read(io.BytesIO(WEBSOCKET)).get("upgrade") == "websocket"
    assert not list(read(io.BytesIO(b"\r\n")).headers)


def test_what_follows_the_headers_is_left_to_be_read() -> None:
    stream = io.BytesIO(b"Content-Length: 2\r\n\r\n{}")
    assert read(stream).get("content-length") == "2"
    assert stream.read() == b"{}"


@pytest.mark.parametrize("sent", NONE.values(), ids=NONE.keys())
def test_what_is_not_http_is_refused(sent: bytes) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        read(io.BytesIO(sent))


def told(port: int, sent: bytes) -> bytes:
    """What the site answers to these bytes until it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
        raw.sendall(sent)
        return b"".join(iter(lambda: raw.recv(65536), b""))


def test_the_site_refuses_it_and_serves_on(live_server: LiveServer) -> None:
    port = urlsplit(live_server.url).port
    assert port
    first = b"POST /tablet/api/marks HTTP/1.1\r\nHost: podium\r\n"
    for name, sent in NONE.items():
        if name != "no end":  # it waits for more
            answer = told(port, first + sent)
            assert answer.startswith(b"HTTP/1.1 400 "), name
            assert b"Traceback" not in answer
    # Two requests on one connection, the first with a body in chunks.
    chunked = first + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
    health = b"GET /healthz HTTP/1.1\r\nHost: podium\r\nConnection: close\r\n\r\n"
    both = told(port, chunked + health)
    assert both.startswith(b"HTTP/1.1 401 ")
    assert both.count(b"HTTP/1.1 ") == 2
    assert both.count(b"HTTP/1.1 200 OK") == 1
    assert "Traceback" not in (live_server.folder / "serve.log").read_text()
