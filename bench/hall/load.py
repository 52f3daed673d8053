"""960 tablets in one cheap process: raw sockets on epoll, requests made of bytes that stand ready.

What a tablet posts is what Chromium sends, header by header. A post that was not answered because
the server died is sent again with the same keys, as the outbox does. Times are from the moment a
mark was due, so that a server which stalls is not spared.
"""

import heapq
import json
import os
import random
import select
import socket
import time
from collections import deque

HEAD = (
    "POST /tablet/api/marks HTTP/1.1\r\n"
    "Host: 127.0.0.1:{port}\r\n"
    "Connection: keep-alive\r\n"
    "Content-Length: {length}\r\n"
    'sec-ch-ua-platform: "Android"\r\n'
    "Authorization: Bearer {token}\r\n"
    "User-Agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36\r\n"
    'sec-ch-ua: "Chromium";v="142", "Not_A Brand";v="99"\r\n'
    "Content-Type: application/json\r\n"
    "sec-ch-ua-mobile: ?0\r\n"
    "Accept: */*\r\n"
    "Origin: http://127.0.0.1:{port}\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: cors\r\n"
    "Sec-Fetch-Dest: empty\r\n"
    "Referer: http://127.0.0.1:{port}/tablet/W17/\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: zh-CN,zh;q=0.9\r\n\r\n"
)
RETRY = 0.2  # seconds before a tablet whose connection broke tries again


class Tablet:
    """One paired tablet, its connection and the post it waits for."""

    def __init__(self, number, port, room, given):
        self.number, self.port, self.room = number, port, room
        self.token, self.judge = given["token"], given["judge"]
        self.taps, self.next = given["taps"], 0
        self.socket, self.got = None, b""
        self.due, self.keys, self.wire = 0.0, (), b""
        self.ready = None
        self.keyed = 0

    def posts(self, many=None):
        """The next taps; `many` gives those of a whole sheet instead."""
        if many is None:
            many = (self.taps[self.next % len(self.taps)],)
            self.next += 1
        made = []
        for code, aspect, value in many:
            self.keyed += 1
            made.append(
                {
                    "key": f"{self.token[:12]}-{self.keyed:08d}",
                    "code": code,
                    "judge": self.judge,
                    "device_at": "2026-11-27T08:00:00.000Z",
                    "aspect": aspect,
                    "value": value,
                    "reason": "",
                    "base": None,
                }
            )
        return made

    def prepare(self, many=None):
        """Its next post as bytes, which it makes ahead: the server shall be measured."""
        if self.ready is None:
            posts = self.posts(many)
            body = json.dumps({"waiting": 0, "posts": posts}).encode()
            head = HEAD.format(port=self.port, length=len(body), token=self.token)
            self.ready = head.encode() + body, tuple(post["key"] for post in posts)

    def load(self, due):
        (self.wire, self.keys), self.ready = self.ready, None
        self.due = due

    def connect(self, epoll, by_fd):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.got = b""
        by_fd[self.socket.fileno()] = self
        epoll.register(self.socket.fileno(), select.EPOLLIN)

    def leave(self, epoll, by_fd):
        if self.socket is not None:
            by_fd.pop(self.socket.fileno(), None)
            epoll.unregister(self.socket.fileno())
            self.socket.close()
            self.socket = None

    def answer(self):
        """The body of a whole answer, or None while it is on its way. OSError at the end."""
        data = self.socket.recv(262144)
        if not data:
            raise ConnectionResetError
        self.got += data
        head, found, rest = self.got.partition(b"\r\n\r\n")
        if not found:
            return None
        at = head.lower().index(b"content-length:") + 15
        if len(rest) < int(head[at:].split(b"\r\n", 1)[0]):
            return None
        self.got = b""
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{head.decode()}\n{rest.decode()[:500]}")
        return rest


class Load:
    """A run: at a rate, or in a closed loop; `sheets` posts 120 marks at once."""

    def __init__(self, port, rooms, *, once=False):
        self.once = once  # no tablet gives a mark twice: it stops when it has given all
        self.tablets = [
            Tablet(number, port, room, given)
            for number, (room, given) in enumerate(
                (room["skill"], one) for room in rooms for one in room["tablets"]
            )
        ]
        self.sheets = [one["sheet"] for room in rooms for one in room["tablets"]]
        self.epoll, self.by_fd = select.epoll(), {}
        self.free, self.broken = deque(), []
        self.sent, self.acknowledged = set(), {}
        self.times, self.states, self.changed = [], {}, 0
        self.taken = []  # (skill, id of the observation, when the tap was due)

    def connect(self):
        order = list(self.tablets)
        random.Random(1).shuffle(order)
        for tablet in order:
            tablet.connect(self.epoll, self.by_fd)
            self.free.append(tablet)

    def run(self, seconds, *, rate=None, at_once=None, sheets=False, until=lambda: False):
        """Post for `seconds`, `rate` posts a second or from `at_once` tablets without a pause, then
        wait until each is answered. Gives the seconds from due to answered, one for each post."""
        self.times = []
        for tablet in self.tablets:
            tablet.ready = None  # made for a run that may have been of another kind
        chance, begin = random.Random(2), time.perf_counter()
        end, due = begin + seconds, begin
        busy = 0
        while True:
            at = time.perf_counter()
            going = at < end and not until()
            while going and self.free and (due <= at if rate else busy < at_once):
                tablet = self.free.popleft()
                tablet.prepare(self.sheets[tablet.number] if sheets else None)
                self._send(tablet, due if rate else at)
                busy += 1
                if rate:
                    due += chance.expovariate(rate)
            while self.broken and self.broken[0][0] <= at:
                self._again(heapq.heappop(self.broken)[2])
            if not going and busy == 0:
                return self.times, time.perf_counter() - begin
            if going and self.free:
                one = self.free[0]
                one.prepare(self.sheets[one.number] if sheets else None)
            wait = 0.05
            if rate and going and self.free:
                # epoll counts whole milliseconds, upwards; what is due must not go out late.
                left = max(0.0, due - time.perf_counter())
                wait = min(wait, max(0.0, left - 0.001))
                if left < 0.001:
                    time.sleep(min(left, 0.0002))
            for fd, _ in self.epoll.poll(wait):
                busy -= self._hear(self.by_fd[fd])

    def _send(self, tablet, due):
        tablet.load(due)
        self.sent.update(tablet.keys)
        self._put(tablet)

    def _put(self, tablet):
        if tablet.socket is None:
            return  # sent when it is connected again
        try:
            sent = tablet.socket.send(tablet.wire)
            while sent < len(tablet.wire):
                select.select([], [tablet.socket], [], 1)
                sent += tablet.socket.send(tablet.wire[sent:])
        except OSError:
            self._break(tablet)

    def _hear(self, tablet):
        """1 when a post was answered."""
        try:
            body = tablet.answer()
        except OSError:
            self._break(tablet)
            return 0
        if body is None:
            return 0
        self.times.append(time.perf_counter() - tablet.due)
        for answer in json.loads(body)["answers"]:
            key, state = answer["key"], answer["state"]
            self.states[state] = self.states.get(state, 0) + 1
            if state == "taken" and key not in self.acknowledged:
                self.taken.append((tablet.room, answer["id"], tablet.due))
            if self.acknowledged.setdefault(key, answer["id"]) != answer["id"]:
                self.changed += 1
        tablet.keys, tablet.wire = (), b""
        if not self.once or tablet.next < len(tablet.taps):
            self.free.append(tablet)
        return 1

    def _break(self, tablet):
        tablet.leave(self.epoll, self.by_fd)
        again = time.perf_counter() + RETRY * random.uniform(0.5, 1.5)
        heapq.heappush(self.broken, (again, tablet.number, tablet))

    def _again(self, tablet):
        """A new connection; what was not answered goes out once more with its old keys."""
        try:
            tablet.connect(self.epoll, self.by_fd)
        except OSError:
            self._break(tablet)
            return
        if tablet.wire:
            self._put(tablet)
        elif tablet not in self.free:
            self.free.append(tablet)

    def cpu(self):
        return sum(os.times()[:2])
