"""A site of its own for `bench/marking.py`: 64 skills of the demo, 15 paired tablets in each.

It can be killed and started again on the same port and database. Beside it: what raw `sqlite3` does
on the same disk, and the comparison of all keys with observations and ledger.
"""

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
import uuid
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HERE / "bench"))

from hall.machine import cpu_ns  # noqa: E402 - after the path is set, for it is a program too

SHEET = 120  # marks that one post of `bench/marking.py`'s sheets holds
TABLETS = 15  # in each of the 64 skills: 960 in all, shared out among the judges of its panel


class Site:
    """Migrated, with the demo, on a free port, in a folder that goes away."""

    def __init__(self, folder):
        self.folder = Path(folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PODIUM_")},
            "PODIUM_SECRET_KEY": "bench-bench-bench-bench",
            "PODIUM_PASSWORD_SALT": "bench-bench-bench-bench",
            "PODIUM_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "PODIUM_DATA": str(folder),
            "PODIUM_PORT": str(self.port),
            "PODIUM_SETTINGS": "",
        }
        self.log = (self.folder / "site.log").open("a")
        self.must(["db", "upgrade"])
        self.rooms = self.filled()
        self.process = None
        self.start()

    def must(self, command):
        """Run a command of `podium` to its end."""
        if self.podium(command).wait():
            raise SystemExit((self.folder / "site.log").read_text())

    def filled(self):
        """Puts into the database what is measured with; gives what the load must know."""
        self.must(["demo"])
        return json.loads(self.run([sys.executable, __file__, "prepare"]))

    def run(self, words):
        return subprocess.run(
            words, env=self.environ, cwd=HERE, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def podium(self, command, environ=None):
        return subprocess.Popen(
            [sys.executable, "-m", "app", *command],
            env=self.environ | (environ or {}),
            cwd=HERE,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )

    def served(self):
        return self.podium(["serve"])

    def start(self):
        self.process = self.served()
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=30)
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise SystemExit("the site did not start")

    def kill(self):
        """kill -9 of the server and everything it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def pids(self):
        """The server's processes: gunicorn and its worker."""
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == self.process.pid:
                yield int(stat.parent.name)

    def cpu(self):
        """Processor seconds that the server has used."""
        return cpu_ns(self.pids()) / 1e9


def prepare():
    """In a process of its own: 15 paired tablets per skill and what each will tap, as JSON."""
    sys.path.insert(0, str(HERE))
    from sqlalchemy import select

    from app import create_app
    from competition.database import db, writing
    from competition.models import Entry, Period, Skill
    from competition.moment import now
    from judging import cells, devices
    from judging.aspects import aspects_of

    app, rooms = create_app(), []
    with app.app_context():
        with writing() as session:
            for period in session.scalars(select(Period)):
                period.started_at = period.started_at or now()
        for skill in db.session.scalars(select(Skill).order_by(Skill.id)).all():
            codes = list(db.session.scalars(select(Entry.code).where(Entry.skill_id == skill.id)))
            aspects = aspects_of(db.session(), skill.id)
            judges = cells.panel_ids(db.session(), skill.id)
            tablets = []
            for turn, judge in enumerate(judges):
                taps = _taps(codes, aspects, turn, len(judges))
                shared = range(turn, TABLETS, len(judges))
                for n in range(len(shared)):
                    token = devices.pair(judge, skill.id, name="bench").token
                    mine = taps[n :: len(shared)]
                    tablets.append({"judge": judge, "token": token, "taps": mine})
            measured = [one for one in aspects if one.kind == "M"]
            every = [(code, one.id, one.max) for code in codes for one in measured]
            for number, tablet in enumerate(tablets):  # each from another work on
                first = number * SHEET % len(every)
                tablet["sheet"] = (every[first:] + every[:first])[:SHEET]
            rooms.append({"skill": skill.code, "tablets": tablets})
    print(json.dumps(rooms))


def _taps(codes, aspects, turn, judges):
    """What one judge gives: the measurements of a third of the works, and a vote on each."""
    chance = random.Random(turn)
    taps = []
    for number, code in enumerate(codes):
        for one in aspects:
            if one.kind == "J":
                taps.append((code, one.id, 2))
            elif number % judges == turn:
                taps.append((code, one.id, chance.choice((0, one.max))))
    return taps


def raw(folder, seconds):
    """Commits a second that raw `sqlite3` reaches: WAL, synchronous=FULL, one row each."""
    path = Path(folder) / "raw.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE mark (id INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT)")
    done, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO mark (key, body) VALUES (?, ?)", (str(uuid.uuid4()), "x" * 200)
        )
        connection.execute("COMMIT")
        done += 1
    took = time.perf_counter() - begin
    connection.close()
    path.unlink()
    return done / took


def compare(site, sent, acknowledged):
    """Every key against the rows and the ledger: what is lost, doubled or from nowhere."""
    walked = json.loads(site.run([sys.executable, "-m", "app", "ledger", "verify", "--json"]))
    connection = sqlite3.connect(site.folder / "bench.db")
    rows = Counter(key for (key,) in connection.execute("SELECT key FROM observation"))
    told = Counter(
        mark["key"]
        for (body,) in connection.execute("SELECT body FROM ledger_row WHERE act='marks.record'")
        for mark in json.loads(body)["marks"]
    )
    connection.close()
    return {
        "keys": len(sent),
        "lost": sum(key not in rows or key not in told for key in acknowledged),
        "doubled": sum(n > 1 for n in rows.values()) + sum(n > 1 for n in told.values()),
        "from_nowhere": sum(key not in sent for key in rows | told),
        "differ": sum(rows[key] != told[key] for key in rows | told),
        "chains_whole": walked["ok"],
    }


if __name__ == "__main__":
    prepare()
