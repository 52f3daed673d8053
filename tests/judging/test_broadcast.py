"""The fast broadcast: stock's bytes, whole streams for slow readers, stock where it must be.

The contract with the internals of python-socketio, python-engineio and gevent-websocket is held by
running them under gunicorn as the site does: whatever they change shows here.
"""

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlencode

import pytest
from engineio.packet import Packet as EnginePacket
from geventwebsocket.websocket import Header
from socketio.packet import Packet

from competition.cli import GUNICORN
from judging import broadcast
from judging.broadcast import FRAMES, Audience
from judging.wire import frame
from tests.conftest import free_port
from tests.judging.raw_socket import RawSocket

HOUSE = Path(__file__).resolve().parents[2]
BOARD = 50_000


class Site:
    """A socket server of its own with our audience (broadcast_site.py)."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, path: str, **asked: object) -> dict:
        with urllib.request.urlopen(f"{self.url}{path}?{urlencode(asked)}", timeout=60) as answer:
            return json.load(answer)

    def fly(self, event: str = "board", times: int = 1, pause: float = 0, size: int = BOARD) -> int:
        asked = {"event": event, "room": "hall", "times": times, "pause": pause, "size": size}
        return self.ask("/fly", **asked)["last"]

    def state(self) -> dict:
        return self.ask("/state")

    def becomes(self, fits: Callable[[dict], bool], seconds: float = 15) -> dict:
        deadline = time.monotonic() + seconds
        while not fits(found := self.state()):
            assert time.monotonic() < deadline, found
            time.sleep(0.1)
        return found


def served(**environment: str) -> Iterator[Site]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *GUNICORN, "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        [*command, "tests.judging.broadcast_site:app"], cwd=HOUSE, env={**os.environ, **environment}
    )
    site, deadline = Site(port), time.monotonic() + 30
    try:
        while True:
            try:
                site.state()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.1)
        yield site
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    yield from served()


@pytest.fixture(scope="module")
def hasty() -> Iterator[Site]:
    """It gives up on a client that says nothing for a second."""
    yield from served(PING="1")


@pytest.fixture(scope="module")
def strange() -> Iterator[Site]:
    """gevent-websocket is not the one we know."""
    yield from served(STRANGE="1")


@pytest.fixture
def join(site: Site) -> Iterator[Callable[..., RawSocket]]:
    made: list[RawSocket] = []

    def one(room: str = "hall", buffer: int | None = None, at: Site = site) -> RawSocket:
        made.append(RawSocket(at.url, buffer))
        made[-1].greet(room)
        return made[-1]

    yield one
    for client in made:
        client.close()
    site.becomes(lambda found: found["wires"] == 0)


@pytest.mark.parametrize("name", ["python-socketio", "python-engineio", "gevent-websocket"])
def test_the_internals_that_are_touched_are_pinned(name: str) -> None:
    pins = dict(re.findall(r'"([\w-]+)==([\d.]+)"', (HOUSE / "pyproject.toml").read_text()))
    assert pins[name] == version(name)


@pytest.mark.parametrize("rows", [0, 1, 40, 41, 42, 43, 125, 21_000, 21_830, 21_850, 30_000])
def test_a_frame_says_what_stock_would_have_said(rows: int) -> None:
    """Lengths on both sides of 126 and 65,536, where the header changes its form."""
    data = {"name": "网站设计 “C”\n\u2028🛩", "rows": "榜" * rows}
    made = frame("board", data)
    stream = io.BytesIO(made)
    head = Header.decode_header(stream)
    payload = stream.read()
    assert (head.fin, head.opcode, head.flags, head.mask) == (True, 1, 0, "")
    assert head.length == len(payload)
    assert made[: -len(payload)] == Header.encode_header(True, 1, b"", len(payload), 0)
    engine = EnginePacket(encoded_packet=payload.decode())
    assert engine.packet_type == 4
    heard = Packet(encoded_packet=payload.decode()[1:])
    assert (heard.packet_type, heard.namespace, heard.data) == (2, None, ["board", data])


def test_everybody_in_the_room_hears_and_nobody_else(site: Site, join: Callable) -> None:
    inside, outside = [join() for _ in range(3)], join("court")
    last = site.fly(size=30)
    for client in inside:
        assert client.hear() == ["board", {"number": last, "rows": "榜" * 10}]
    assert site.ask("/fly", event="board", room="court", size=0, times=1, pause=0)
    assert outside.hear()[1]["number"] == last + 1
    assert site.state()["wires"] == 4


def test_readers_that_stall_for_seconds_get_whole_frames_and_the_newest_board(
    site: Site, join: Callable
) -> None:
    """200 boards of 50 KB at 50 a second: far more than the buffers of a stalled reader hold."""
    stalled, steady = [join(buffer=4096 * n) for n in (1, 4, 16)], join()
    last = site.fly(size=0) + 200
    with ThreadPoolExecutor() as beside:
        reading = beside.submit(steady.hear_until, last)
        assert site.fly(times=200, pause=0.02) == last
        held = site.state()
        heard = [message[1]["number"] for message in reading.result(30)]
    assert held["busy"] == 3 and held["owed"] == 3  # one unfinished frame and one board each
    assert heard == [*range(last - 200, last + 1)]
    for client in stalled:
        heard = [message[1]["number"] for message in client.hear_until(last)]
        assert heard == sorted(set(heard)) and 2 <= len(heard) < 200
    assert site.becomes(lambda found: found["busy"] == 0)["owed"] == 0
    again = site.fly()
    for client in [*stalled, steady]:
        assert client.hear()[1]["number"] == again


def test_a_stalled_reader_that_talks_meanwhile_gets_its_answers_between_frames(
    site: Site, join: Callable
) -> None:
    """Pongs come from a greenlet that reads, answers from one that writes, boards from a third."""
    client = join(buffer=4096)
    site.fly(times=40)
    for number in range(20):
        client.say(f"ping {number}", opcode=9)
        client.event("join", "hall")
        site.fly(times=2)
    last = site.fly()
    kinds, numbers, pongs = [], [], []
    while len(pongs) < 20 or kinds.count("joined") < 20 or last not in numbers:
        first, payload = client.frame()
        if first == 0x8A:
            pongs.append(payload.decode())
        elif payload == b"2":
            client.say("3")
        else:
            kind, data = json.loads(payload[2:])
            kinds.append(kind)
            if kind == "board":
                numbers.append(data["number"])
    assert pongs == [f"ping {number}" for number in range(20)]
    assert numbers == sorted(numbers)


def test_changes_that_were_missed_end_in_one_resync(site: Site, join: Callable) -> None:
    """A message that is not whole cannot be left out in silence: the client fetches the whole."""
    client = join(buffer=4096)
    last = site.fly("change", times=100, pause=0.01)
    assert site.state()["owed"] <= 2
    heard = []
    while "resync" not in [kind for kind, _ in heard]:
        heard.append(client.hear())
    numbers = [data["number"] for kind, data in heard if kind == "change"]
    assert numbers == [*range(last - 99, last - 99 + len(numbers))] and len(numbers) < 100
    assert heard[-1] == ["resync", None]
    assert site.fly("change") == client.hear()[1]["number"]


def test_what_the_fast_way_cannot_say_goes_the_stock_way(site: Site, join: Callable) -> None:
    client = join()
    client.event("binary")
    assert json.loads(client.frame()[1][4:].removeprefix(b"-").decode())[0] == "board"
    first, attachment = client.frame()
    assert (first, attachment) == (0x82, b"\x00\xff")
    assert site.fly(size=0) == client.hear()[1]["number"]


def test_who_vanishes_in_the_middle_of_a_board_leaves_nothing_behind(
    hasty: Site, join: Callable
) -> None:
    """A reader that stops for good is cut off after the ping timeout, and everything is freed."""
    gone = [join(buffer=4096, at=hasty) for _ in range(5)]
    hasty.fly(times=60, pause=0.01)
    assert hasty.state()["busy"] == 5
    empty = {"wires": 0, "busy": 0, "owed": 0, "sockets": 0, "environ": 0, "joined": 0, "rooms": 0}
    hasty.becomes(lambda found: found == empty)
    for client in gone:
        with pytest.raises((EOFError, ConnectionError)):
            while True:  # what arrives before the cut is whole
                client.frame()


def test_who_answers_its_pings_stays_and_is_asked_again(hasty: Site, join: Callable) -> None:
    client = join(at=hasty)
    begin = time.monotonic()
    for _ in range(3):
        assert client.frame() == (0x81, b"2")
        client.say("3")
    assert time.monotonic() - begin < 4.5  # asked every second
    last = hasty.fly(size=0)
    assert client.hear_until(last)[-1][1]["number"] == last


def test_internals_that_are_not_as_expected_are_left_to_stock(
    strange: Site, join: Callable
) -> None:
    clients = [join(at=strange) for _ in range(3)]
    last = strange.fly(times=20)
    assert strange.state()["wires"] == 0
    for client in clients:
        heard = client.hear_until(last)
        assert [one[1]["number"] for one in heard] == [*range(last - 19, last + 1)]
        assert all(one[1]["rows"] == "榜" * (BOARD // 3) for one in heard)


class Heard:
    """The way out to somebody who notes that a message came."""

    busy = False

    def __init__(self, name: str, said: list[str]) -> None:
        self.name, self.said = name, said

    def put(self, data: bytes) -> None:
        self.said.append(self.name)


def test_a_full_room_is_looked_up_again_when_somebody_came_or_went(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(broadcast, "TURN", 3)
    audience, said, looks = Audience(latest=("board",)), [], []
    look = audience.get_participants
    monkeypatch.setattr(
        audience, "get_participants", lambda *asked: looks.append(asked) or look(*asked)
    )

    def comes(name: str) -> None:
        audience.wires[f"e-{name}"] = Heard(name, said)
        audience.basic_enter_room(name, "/", None, f"e-{name}")
        audience.basic_enter_room(name, "/", "hall")

    def told() -> str:
        said.clear()
        audience.emit("board", {"number": 1}, "/", "hall")
        return "".join(said)

    for name in "abc":
        comes(name)
    assert (told(), told(), len(looks)) == ("abc", "abc", 1)
    comes("d")
    assert (told(), told(), len(looks)) == ("abcd", "abcd", 2)
    audience.basic_leave_room("a", "/", "hall")
    assert told() == "bcd"
    audience.basic_disconnect("b", "/")
    assert told() == "cd"
    assert not audience.crowds  # two are looked up each time
    audience.emit("board", {"number": 2}, "/", None)
    assert "".join(said) == "cdacd"


def test_a_board_is_framed_once_for_all_who_come_and_never_an_older_one() -> None:
    audience = Audience(latest=("board", "revision"), kept=("board",))
    board = {"rows": "榜", "sequence": 1}
    made = audience._framed("board", board)
    assert made == frame("board", board) and audience._framed("board", board) is made
    for number in range(2 * FRAMES):
        newer = {"rows": "榜", "sequence": number}
        assert audience._framed("board", newer) == frame("board", newer)
        audience._framed("revision", {"revision": number})
    assert len(audience.framed) == FRAMES
    assert {kind for kind, _ in audience.framed} == {"board"}
