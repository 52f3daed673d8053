"""Who computes on the hub gives way to everybody, also to who has only just been written to; what
would hold it up runs in a thread, and fails as if it ran here."""

import subprocess
import sys
from pathlib import Path

import pytest

from competition.offload import SHORTEST, give_way

ROOT = Path(__file__).parents[2]
# One greenlet gives way again and again; another is written to, and counts how often the first one
# had its turn before the bytes reached it.
TURNS = """
from gevent import monkey
monkey.patch_all()
import socket, sys, time, gevent
from competition.offload import give_way

way = give_way if sys.argv[1] == "give_way" else lambda: time.sleep(0)
ours, theirs = socket.socketpair()
turns, heard = [0], []

def computes():
    while len(heard) < 20:
        turns[0] += 1
        way()

def listens():
    while len(heard) < 20:
        theirs.recv(1)
        heard.append(turns[0] - sent)
        done.set()

done = gevent.event.Event()
gevent.spawn(listens)
gevent.sleep(0)
busy = gevent.spawn(computes)
for _ in range(20):
    done.clear()
    sent = turns[0]
    ours.send(b"!")
    done.wait()
busy.join()
print(max(heard))
"""


OFFLOADED = """
from gevent import monkey
monkey.patch_all()
import threading
from competition.offload import offload

def divided(by, *, of):
    assert threading.get_native_id() != here
    return of // by

here = threading.get_native_id()
print(offload(divided, 2, of=6))
try:
    offload(divided, 0, of=6)
except ZeroDivisionError as error:
    print(error, error.__traceback__.tb_next is not None)
"""


def turns(way: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", TURNS, way], cwd=ROOT, text=True, capture_output=True, check=True
    )
    return int(done.stdout)


def test_bytes_that_have_come_go_first() -> None:
    assert turns("give_way") <= 3
    assert turns("sleep(0)") > 10, "gevent looks at sockets more often now: give_way can be simpler"


def test_outside_of_the_hub_it_is_only_a_breath(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    give_way()
    assert slept == [0]
    assert 0 < SHORTEST < 1e-6


def test_what_fails_in_a_thread_fails_here_and_is_not_printed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OFFLOADED], cwd=ROOT, text=True, capture_output=True, check=True
    )
    assert done.stdout.split("\n") == ["3", "integer division or modulo by zero True", ""]
    assert not done.stderr
