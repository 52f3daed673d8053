"""From the judge's tap to the spectator's screen: 64 skills × 3 judges, 200 spectators.

`.venv/bin/python bench/mark_to_board.py [--seconds 30] [--json]` starts a site of its own with the
demo in a temporary folder, lets three judges of every skill mark through HTTP (one taps
measurements, another confirms the sheets, all vote), and lets spectators watch on raw WebSockets.
It prints p50 and p99 of the acknowledgement and of the way from the tap that releases something
to the frame in which every spectator of that skill has it.
"""

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from pathlib import Path

import websocket

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from judging.tablet_client import TabletClient  # noqa: E402 - after the path is set


class Figures:
    """What was measured, in seconds; filled from many threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.acknowledged = []
        self.seen = []
        self.marks = 0
        self.refused = 0
        self.errors = []
        self.expected = defaultdict(list)  # skill → [(released count, tap time)]
        self.released = defaultdict(int)


class Site:
    """A site of its own: migrated, with the demo, on a free port, in a folder that goes away."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PODIUM_")},
            "PODIUM_SECRET_KEY": "bench-bench-bench-bench",
            "PODIUM_PASSWORD_SALT": "bench-bench-bench-bench",
            "PODIUM_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "PODIUM_DATA": str(folder),
            "PODIUM_PORT": str(self.port),
            "PODIUM_TESTING": "1",
        }
        self.log = (Path(folder) / "site.log").open("w")
        for command in (["db", "upgrade"], ["demo"]):
            self.podium(command).wait()
        self.tokens = json.loads(
            subprocess.run(
                [sys.executable, __file__, "--pair"],
                env=self.environ,
                cwd=HERE,
                check=True,
                capture_output=True,
                text=True,
            ).stdout
        )
        self.process = self.podium(["serve"])
        self.wait()

    def podium(self, command):
        return subprocess.Popen(
            [sys.executable, "-m", "app", *command],
            env=self.environ,
            cwd=HERE,
            stdout=self.log,
            stderr=self.log,
        )

    def wait(self):
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url + "/healthz", timeout=2)
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit("the site did not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def pair():
    """In a process of its own: three paired tablets per skill, begun periods, printed as JSON."""
    from sqlalchemy import select

    from app import create_app
    from competition.database import db, writing
    from competition.models import Period, Release, Skill
    from competition.moment import now
    from judging import cells, devices

    app = create_app()
    found = []
    with app.app_context():
        with writing() as session:
            for period in session.scalars(select(Period)):
                period.started_at = period.started_at or now()
            for skill in session.scalars(select(Skill)):
                skill.release = Release.CONFIRMED
        for skill in db.session.scalars(select(Skill).order_by(Skill.id)).all():
            judges = cells.panel_ids(db.session(), skill.id)
            tablets = [
                {"judge": judge, "token": devices.pair(judge, skill.id, name="bench").token}
                for judge in judges
            ]
            found.append({"skill": skill.code, "tablets": tablets})
    print(json.dumps(found))


def watch(site, code, figures, stop):
    """One spectator on a raw WebSocket: Engine.IO 4, Socket.IO 5."""
    ws = websocket.create_connection(
        f"ws://127.0.0.1:{site.port}/socket.io/?EIO=4&transport=websocket", timeout=5
    )
    ws.recv()
    ws.send("40")
    ws.recv()
    ws.send("42" + json.dumps(["watch", {"skill": code}]))
    next_expected = 0
    while not stop.is_set():
        try:
            frame = ws.recv()
        except websocket.WebSocketTimeoutException:
            continue
        at = time.perf_counter()
        if frame == "2":
            ws.send("3")
        if not frame.startswith("42"):
            continue
        name, board = json.loads(frame[2:])
        if name != "board" or not board["progress"]:
            continue
        released = board["progress"]["released"]
        with figures.lock:
            due = figures.expected[code]
            while next_expected < len(due) and due[next_expected][0] <= released:
                figures.seen.append(at - due[next_expected][1])
                next_expected += 1
    ws.close()


def judge_skill(site, room, figures, stop, pace, ready):
    """The panel of one skill, tap after tap; every post is one tap or one sheet's confirmation."""
    bots = []
    for tablet in room["tablets"]:
        bot = TabletClient(site.url, room["skill"])
        bot.carry(tablet["token"], tablet["judge"])
        bots.append(bot)
    pack = bots[0].pack()
    ready.wait()
    chance = random.Random(room["skill"])
    subs = [sub for one in pack["scheme"]["criteria"] for sub in one["sub_criteria"]]

    def tap(bot, post, releases=0):
        begin = time.perf_counter()
        answer = bot.post([post])[0]
        end = time.perf_counter()
        with figures.lock:
            figures.acknowledged.append(end - begin)
            figures.marks += 1
            if answer["state"] != "taken":
                figures.refused += 1
            elif releases:
                figures.released[room["skill"]] += releases
                figures.expected[room["skill"]].append((figures.released[room["skill"]], begin))
        stop.wait(chance.uniform(0.5, 1.5) / pace)
        return answer

    for code in pack["codes"]:
        for sub in subs:
            last, measured = 0, [one for one in sub["aspects"] if one["kind"] == "M"]
            for aspect in measured:
                if stop.is_set():
                    return
                value = chance.choice((0, aspect["max"]))
                last = tap(bots[0], bots[0].observation(code, aspect["id"], value))["id"]
            if measured:
                tap(bots[1], bots[1].confirmation(code, sub["id"], last), len(measured))
            for aspect in sub["aspects"]:
                if aspect["kind"] == "J":
                    for number, bot in enumerate(bots, 1):
                        if stop.is_set():
                            return
                        vote = bot.observation(code, aspect["id"], 2)
                        tap(bot, vote, 1 if number == len(bots) else 0)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def milliseconds(value):
    return None if value is None else round(value * 1000, 1)


def measure(seconds, spectators, pace):
    figures, stop = Figures(), threading.Event()
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
        site = Site(folder)
        try:
            codes = [room["skill"] for room in site.tokens]
            ready = threading.Barrier(len(codes) + 1)
            threads = [
                threading.Thread(target=watch, args=(site, codes[n % len(codes)], figures, stop))
                for n in range(spectators)
            ]
            for thread in threads:
                thread.start()
                time.sleep(0.01)
            time.sleep(2)
            judges = [
                threading.Thread(target=judge_skill, args=(site, room, figures, stop, pace, ready))
                for room in site.tokens
            ]
            for thread in judges:
                thread.start()
            ready.wait()  # every tablet has its pack: the marking begins
            begin = time.perf_counter()
            stop.wait(seconds)
            stop.set()
            took = time.perf_counter() - begin
            for thread in [*judges, *threads]:
                thread.join(15)
        finally:
            site.stop()
    return {
        "skills": len(codes),
        "judges": sum(len(room["tablets"]) for room in site.tokens),
        "spectators": spectators,
        "taps_a_second_per_skill": pace,
        "seconds": round(took, 1),
        "posts": figures.marks,
        "posts_per_second": round(figures.marks / took, 1),
        "refused": figures.refused,
        "ack_p50_ms": milliseconds(percentile(figures.acknowledged, 0.50)),
        "ack_p99_ms": milliseconds(percentile(figures.acknowledged, 0.99)),
        "screens_reached": len(figures.seen),
        "tap_to_screen_p50_ms": milliseconds(percentile(figures.seen, 0.50)),
        "tap_to_screen_p99_ms": milliseconds(percentile(figures.seen, 0.99)),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--spectators", type=int, default=200)
    # 48 aspects in three minutes (ux.md) is a tap every 3.75 s for each of the three judges.
    parser.add_argument("--pace", type=float, default=1.0, help="taps a second per skill")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--pair", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.pair:
        pair()
        return
    found = measure(asked.seconds, asked.spectators, asked.pace)
    if asked.json:
        print(json.dumps(found, indent=1))
        return
    for name, value in found.items():
        print(f"{name:24} {value}")


if __name__ == "__main__":
    main()
