"""A bad day for the queue, as a program: workers, agents and the daemon are killed at random while
hand-ins come in. The queue, the worker and the database are real, only the sandbox is played.

    python -m tests.judging.chaos DATABASE_URL DATA SEED KILLS HAND_INS

The daemon is a process that forks an agent per judging, as Docker would hold a box. Killing it
kills its agents too. A stalled worker is stopped for longer than its lease and then goes on: its
fence must hold it back. Prints what was done as one JSON document.
"""

import ctypes
import faulthandler
import gc
import hashlib
import json
import os
import random
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app import create_app
from competition.database import db
from judging import evaluation, worker
from judging.models import Evaluation
from sandbox.box import NoDocker
from sandbox.verdict import Result, Verdict
from tests.conftest import settings_for
from tests.judging.handing import SHOT, Cast, cast, check, hand_in, result
from tests.judging.seed import CODES

WORKERS = 3
CHECKS = 4
STALL = 1.1  # seconds; the lease is shorter
PR_SET_PDEATHSIG = 1
HANGS = 150  # seconds after which every process says where it is


def points_of(sha256: str) -> int:
    """What the played sandbox finds in a hand-in: told by its bytes, so that mixing is seen."""
    return int(sha256[:6], 16) % 151


class Place:
    """Where the processes of a day meet."""

    def __init__(self, data: Path) -> None:
        self.socket = str(data / "daemon.sock")
        self.agents = data / "agents"
        self.agents.mkdir(exist_ok=True)
        self.fed = data / "fed.txt"


# The daemon and its agents


def daemon(place: Place) -> None:
    """Listens, and forks an agent for each judging."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    Path(place.socket).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place.socket)
        listening.listen(50)
        while True:
            connection, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                agent(place, connection)
            connection.close()


def agent(place: Place, connection: socket.socket) -> None:
    """Takes the seconds it was told, in as many steps as there are checks, and ends."""
    mine = place.agents / str(os.getpid())
    try:
        seconds = float(connection.recv(20) or b"0")  # a mere question: is the daemon there?
        if seconds:
            mine.touch()
        for _ in range(CHECKS if seconds else 0):
            time.sleep(seconds / CHECKS)
            connection.sendall(b".")
    except OSError:
        pass
    finally:
        mine.unlink(missing_ok=True)
        os._exit(0)


# The sandbox as the worker sees it


class Client:
    """Whether the daemon answers."""

    def __init__(self, place: Place) -> None:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(place.socket)
            except OSError as error:
                raise NoDocker("the daemon is dead") from error

    def close(self) -> None:
        pass


def judging(place: Place) -> Callable[..., Result]:
    """One judging: the agent's dots are its progress; when it breaks off, it is our own fault."""

    def judge(_task: object, archive: Path, folder: Path, **told: Any) -> Result:
        sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
        dice = random.Random(time.time_ns())
        # the last takes longer than the lease
        seconds = dice.choices((0.05, 0.1, 0.2, 1.0), (30, 40, 25, 5))[0]
        done = 0
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(place.socket)
                connection.sendall(f"{seconds:.3f}".encode())
                while done < CHECKS and connection.recv(1):
                    done += 1
                    told["on_progress"](done, CHECKS)
        except OSError:
            pass
        if done < CHECKS:
            return result([], Verdict.IE)
        (folder / "shot").write_text(sha256)
        points = points_of(sha256)
        return result(
            check(
                "A1.01",
                id=f"check-{number}",
                points=0 if number else points,
                message_en=os.environ["CHAOS_WORKER"],
                evidence=() if number else (SHOT,),
            )
            for number in range(CHECKS)
        )

    return judge


def prepare(place: Place) -> None:
    """Shorter times, and the played sandbox; before the first fork."""
    evaluation.LEASE = timedelta(seconds=0.8)
    worker.RENEW, worker.TICK = timedelta(seconds=0.2), 0.05
    worker.LOOK_EVERY = worker.TRY_AGAIN = 0.1
    worker.client = lambda: Client(place)  # type: ignore[assignment,return-value]
    worker.images_ready = lambda: "img"
    worker.sweep = lambda: 0
    worker.image_id = lambda tag: tag
    worker.judge = judging(place)
    worker.rigs.worked_on = lambda: iter(())


# The day


def forked(deed: Callable[[], None]) -> int:
    """Runs `deed` in a process of its own, which ends when this one does."""
    pid = os.fork()
    if pid == 0:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        try:
            deed()
        finally:
            os._exit(0)
    return pid


def feed(app: Flask, work: Cast, place: Place, number: int, seconds: float) -> None:
    """Competitors hand in, a day's worth; each receipt is noted once it was given."""
    with app.app_context(), place.fed.open("a") as fed:
        for one in range(number):
            row = hand_in(work, CODES[one % len(CODES)])
            fed.write(f"{row.receipt}\n")
            fed.flush()
            db.session.remove()
            time.sleep(seconds / number)


class Day:
    """Who lives, and what was done to them."""

    def __init__(self, app: Flask, place: Place, seed: int) -> None:
        self.app, self.place, self.dice = app, place, random.Random(seed)
        self.blows: Counter[str] = Counter()
        self.named = 0
        self.daemon: int | None = None
        self.daemon_back = 0.0
        self.stalled: dict[int, float] = {}
        self.workers: list[int] = []

    def live(self) -> None:
        """Starts whoever is missing, and wakes who has stalled long enough."""
        at = time.monotonic()
        if self.daemon is None and at >= self.daemon_back:
            self.daemon = forked(lambda: daemon(self.place))
        while len(self.workers) < WORKERS:
            self.named += 1
            os.environ["CHAOS_WORKER"] = name = f"worker-{self.named}"
            self.workers.append(forked(worker.Worker(self.app, name).run))
        for pid in [pid for pid, until in self.stalled.items() if at >= until]:
            del self.stalled[pid]
            os.kill(pid, signal.SIGCONT)

    def strike(self) -> None:
        """One blow at somebody."""
        blows = {
            "worker": (25, self.kill_worker),
            "agent": (60, self.kill_agent),
            "daemon": (8, self.kill_daemon),
            "stall": (7, self.stall),
        }
        kind = self.dice.choices([*blows], [weight for weight, _ in blows.values()])[0]
        self.blows[kind] += blows[kind][1]()

    def kill_worker(self) -> bool:
        pid = self.workers.pop(self.dice.randrange(len(self.workers)))
        self.stalled.pop(pid, None)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        return True

    def kill_agent(self) -> bool:
        agents = sorted(self.place.agents.iterdir())
        if not agents:
            return False
        one = self.dice.choice(agents)
        one.unlink(missing_ok=True)
        try:
            os.kill(int(one.name), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def kill_daemon(self) -> bool:
        """Together with its agents, as theirs is the same group of processes."""
        if self.daemon is None or os.getpgid(self.daemon) != self.daemon:
            return False
        os.killpg(self.daemon, signal.SIGKILL)
        os.waitpid(self.daemon, 0)
        for left in self.place.agents.iterdir():
            left.unlink(missing_ok=True)
        self.daemon, self.daemon_back = None, time.monotonic() + self.dice.uniform(0.05, 0.3)
        return True

    def stall(self) -> bool:
        able = [pid for pid in self.workers if pid not in self.stalled]
        if len(able) < 2:
            return False
        pid = self.dice.choice(able)
        os.kill(pid, signal.SIGSTOP)
        self.stalled[pid] = time.monotonic() + STALL
        return True

    def kills(self) -> int:
        return sum(self.blows[kind] for kind in ("worker", "agent", "daemon"))

    def hangs(self, *others: int) -> None:
        """Too much time has gone by: everybody writes down where they are."""
        for pid in (*self.workers, *others):
            os.kill(pid, signal.SIGCONT)
            os.kill(pid, signal.SIGUSR1)
        time.sleep(1)
        raise TimeoutError(f"{self.blows} after {HANGS} s")

    def calm(self) -> None:
        """Everybody lives and is awake."""
        self.daemon_back = 0.0
        self.stalled = dict.fromkeys(self.stalled, 0.0)
        self.live()

    def end(self) -> None:
        """Workers are told to stop, and do; the daemon goes last."""
        for pid in self.workers:
            os.kill(pid, signal.SIGTERM)
        for pid in self.workers:
            os.waitpid(pid, 0)
        if self.daemon is not None:
            os.killpg(self.daemon, signal.SIGKILL)


def drained(chief: int) -> bool:
    """Whether nothing waits any more; what failed for good is sent again by the chief judge."""
    db.session.rollback()
    rows = list(db.session.scalars(select(Evaluation).order_by(Evaluation.id)))
    newest = {row.submission_id: row for row in rows}.values()
    for row in newest:
        if row.state == "failed":
            evaluation.judge_again(row.id, actor_id=chief)
    return all(row.state == "done" for row in newest)


def warm(app: Flask, work: Cast, day: Day) -> None:
    """One hand-in goes through before the first fork: statements are compiled, modules loaded, and
    a hundred workers need not do it again."""
    day.daemon = forked(lambda: daemon(day.place))
    while not Path(day.place.socket).exists():
        time.sleep(0.01)
    os.environ["CHAOS_WORKER"] = "warm"
    feed(app, work, day.place, 1, 0)
    one = worker.Worker(app, "warm")
    with app.app_context():
        one.step()
        evaluation.claim("warm")  # nothing waits
        db.session.remove()
        db.engine.dispose()  # no connection may be shared with the processes that follow
    gc.collect()
    gc.freeze()


def main(url: str, data: Path, seed: int, kills: int, hand_ins: int) -> dict[str, object]:
    """The whole day; gives what was done."""
    app, place = create_app(settings_for(url, data)), Place(data)
    with app.app_context():
        work = cast()
    prepare(place)
    faulthandler.register(signal.SIGUSR1)
    began, day = time.monotonic(), Day(app, place, seed)
    warm(app, work, day)
    competitors = forked(lambda: feed(app, work, place, hand_ins - 1, kills * 0.03))
    signal.signal(signal.SIGALRM, lambda *_: day.hangs(competitors))
    signal.alarm(HANGS)
    while day.kills() < kills:
        day.live()
        time.sleep(day.dice.uniform(0.01, 0.06))
        day.strike()
    day.calm()
    os.waitpid(competitors, 0)
    struck = time.monotonic() - began
    with app.app_context():
        while not drained(work.seeded.judges["chief"]):
            time.sleep(0.2)
    signal.alarm(0)
    day.end()
    return {**day.blows, "workers": day.named, "struck": struck, "all": time.monotonic() - began}


if __name__ == "__main__":
    address, folder, *numbers = sys.argv[1:]
    print(json.dumps(main(address, Path(folder), *map(int, numbers))))
