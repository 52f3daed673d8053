"""The hall's network: one wire from each tablet to the site, which fails when the script says so.

A wire is a small HTTP server in a thread, so every request of a tablet's browser (its service
worker's too) goes through it, and the site behind may die and come back. It changes nothing.
"""

import json
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MARKS = "/tablet/api/marks"
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}
LONGEST_FALL = 0.02  # seconds into a post at which the site is killed at the latest


@dataclass(frozen=True)
class Asked:
    """One request, whole."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the marks in it."""
        if self.method != "POST" or self.path != MARKS:
            return ()
        return tuple(post["key"] for post in json.loads(self.body)["posts"])


@dataclass(frozen=True)
class Answered:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class Wire:
    """The way of one tablet to the site. `fault` waits for the next post with marks in it."""

    site_port: int
    kill: Callable[[], None]  # kill -9 of the site
    dice: random.Random
    busy: int = 0  # requests on their way
    cut: bool = False
    jammed: bool = False  # no post gets through, since one hangs
    fault: str = ""
    struck: threading.Event = field(default_factory=threading.Event)
    held: list[Asked] = field(default_factory=list)
    carried: Counter[str] = field(default_factory=Counter)  # key → copies that went to the site
    done: Counter[str] = field(default_factory=Counter)  # faults that really happened

    def __post_init__(self) -> None:
        wire, self.lock = self, threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            timeout = 60

            def _any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                headers = tuple(one for one in self.headers.items() if one[0].lower() not in HOP)
                answer = wire.carry(Asked(self.command, self.path, headers, body))
                if answer is None:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.send_response_only(answer.status)
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            do_GET = do_POST = do_HEAD = _any

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A browser that was killed does not wait for its answer."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def arm(self, fault: str) -> None:
        """The next post with marks meets this: "lost" (its answer), "twice", "late" (it hangs),
        "kill at receipt" or "kill at answer" (of the site)."""
        self.struck.clear()
        self.fault = fault

    def carry(self, asked: Asked) -> Answered | None:
        """The site's answer; None: the tablet hears nothing."""
        if self.cut or (self.jammed and asked.path == MARKS):
            return None
        fault = ""
        if self.fault and asked.keys:
            fault, self.fault = self.fault, ""
        with self.lock:
            self.busy += 1
        try:
            return self._carry(asked, fault)
        finally:
            with self.lock:
                self.busy -= 1
            if fault:
                self.done[fault] += 1
                self.struck.set()

    def _carry(self, asked: Asked, fault: str) -> Answered | None:
        if fault == "late":
            self.held.append(asked)
            self.jammed = True
            return None
        if fault == "kill at receipt":
            fall = self.dice.uniform(0, LONGEST_FALL)
            self._to_site(asked, lambda: (time.sleep(fall), self.kill()))
            return None
        answer = self._to_site(asked)
        if fault == "twice":
            answer = self._to_site(asked)
        if fault == "kill at answer":
            self.kill()
        return None if fault in ("lost", "kill at answer") else answer

    def deliver_late(self) -> list[tuple[str, ...]]:
        """What hung arrives at last; gives the keys of each request. Nobody hears the answers."""
        late, self.held = self.held, []
        for asked in late:
            answer = self._to_site(asked)
            assert answer is not None and answer.status == 200, answer
        return [asked.keys for asked in late]

    def _to_site(
        self, asked: Asked, meanwhile: Callable[[], object] | None = None
    ) -> Answered | None:
        site = HTTPConnection("127.0.0.1", self.site_port, timeout=60)
        try:
            site.request(asked.method, asked.path, asked.body, dict(asked.headers))
            with self.lock:
                self.carried.update(asked.keys)
            if meanwhile is not None:
                meanwhile()
                return None
            answer = site.getresponse()
            headers = tuple(one for one in answer.getheaders() if one[0].lower() not in HOP)
            return Answered(answer.status, headers, answer.read())
        except (OSError, HTTPException):
            if meanwhile is not None:
                meanwhile()
            return None
        finally:
            site.close()
