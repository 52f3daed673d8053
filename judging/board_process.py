"""A process of its own that makes the boards, beside the web process and ended with it.

The web process has one processor. What it does not spend on boards it has for marks: these are
acknowledged sooner, and boards are made while they come in. The two talk by a pipe each way: "look"
after a commit, "looked" when what is there was made. When the web process dies, however it
dies, its end of the pipe closes, and this process ends. When this one dies, the web process makes
the boards itself until there is another.

Where processors are scarce, boards give way to marks; where there is only one, a process of their
own would cost more than it spares (bench/day.py: acknowledged p99 0.4 → 1.5 s), and there is none.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import gevent
import gevent.subprocess
from flask import Flask

from competition.logs import log
from judging import feed_files
from judging.board_making import LOOK_EVERY, BoardMaker, rest

LOOK = LOOKED = b"\n"
NICE = 5  # less urgent than the web process, which has a third of it left where both want all
COMMAND = (sys.executable, "-m", "app", "boards")
AGAIN = 2.0  # seconds after its end until another is started
AT_ONCE = 65536  # bytes: what was said meanwhile is one look


def is_wanted(app: Flask) -> bool:
    """Whether this site has a process for its boards."""
    return bool(app.config["PODIUM_BOARDS"]) and len(os.sched_getaffinity(0)) > 1


def make(app: Flask) -> None:
    """This process makes boards until nobody holds the other end of its standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the site, which ends
    os.nice(NICE)
    maker, woken = BoardMaker(feed_files.folder_of(app)), threading.Event()
    threading.Thread(target=_listen, args=(sys.stdin.fileno(), woken), daemon=True).start()
    threading.Thread(target=maker.feeds.run, daemon=True).start()
    _say()
    while True:
        woken.wait(LOOK_EVERY)
        woken.clear()
        begin = time.monotonic()
        try:
            with app.app_context():
                maker.tick(_say)
            _say()
        except Exception:
            # The boards must go on whatever one tick met; the next look repairs it.
            log.exception("boards: a tick failed")
            time.sleep(1)
        time.sleep(rest(time.monotonic() - begin))


def _say() -> None:
    with suppress(BrokenPipeError):  # nobody there any more: `_listen` is about to say so
        os.write(sys.stdout.fileno(), LOOKED)


def _listen(asked: int, woken: threading.Event) -> None:
    while os.read(asked, AT_ONCE):
        woken.set()
    os._exit(0)  # at once, whatever is under way: a board half made is made again by the next


class BoardProcess:
    """The same seen from the web process. `moved` is called when a board may have been stored."""

    def __init__(self, moved: Callable[[], None]) -> None:
        self.moved = moved
        self.is_up = True  # else whoever sends must make the boards; the first is waited for
        self.asked: int | None = None  # the pipe to it
        self.waits = self.again = False  # for an answer, and whether to ask once more then

    def run(self) -> None:
        """A greenlet's: start it, listen to it, start another when it has ended."""
        while True:
            try:
                self._live()
            except OSError as error:
                self.is_up = False
                log.error("boards: their process did not start", why=str(error))
            gevent.sleep(AGAIN)

    def _live(self) -> None:
        child = gevent.subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.asked, self.waits, self.again = child.stdin.fileno(), False, False
        try:
            while child.stdout.read(AT_ONCE):
                self.is_up, self.waits = True, False
                if self.again:
                    self.look()
                self.moved()
        finally:
            self.is_up, self.asked = False, None
            child.stdin.close()
            child.kill()
            log.warning("boards: their process has ended", code=child.wait())
            self.moved()

    def look(self) -> None:
        """Something was committed here."""
        if self.asked is None:
            return
        self.again = self.waits
        if not self.waits:
            self.waits = True
            try:
                os.write(self.asked, LOOK)
            except OSError:
                self.is_up, self.asked = False, None
