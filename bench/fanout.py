"""One board to thousands of spectators, beside a bare broadcast server in C as the limit.

`.venv/bin/python bench/fanout.py [--spectators 10000] [--json]` starts `podium serve` with a skill
of 50 entries and lets N spectators watch it on real WebSockets (a C program on the other core).
Ten times a judge's tablet posts a mark or a confirmation; each commit changes the board, and the
whole board goes to everybody. Then `fanout_limit.c` sends frames of the same size to as many
spectators on the same core.

    last_ms           from the beginning of the broadcast until the last one has it; median of ten
    cpu_per_message   µs of the server's processor time, from the tap until the last one has it,
                      divided by N: commit, board and JSON are in it
    kb_per_client     what the server's memory grew by for each
    connects_per_second   until everybody has their first board

Read the figures as ratios within one run. Without --spectators: 1,000, 5,000 and 10,000. Exit code
1 when a goal of issue 6 is missed at 10,000.
"""

import argparse
import http.client
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import count

from boards import fill
from hall.crowd import Crowd, compiled
from hall.machine import SERVER, cpu_ns, keep_on, memory_kb, open_files
from hall.site import HERE
from hall.watched import WatchedSite

ENTRIES, ASPECTS = 50, 24
SKILL = "B01"
TIMES = 10
REST = 0.5  # seconds between two broadcasts
GOALS = (  # at 10,000: name, at most
    ("cpu_of_limit", 1.4),
    ("last_of_limit", 1.3),
    ("worst_of_median", 1.5),
    ("kb_per_client", 60),
)
CONNECTS = 1800


class BoardSite(WatchedSite):
    """One skill of 50 entries, all marked and confirmed, and two judges' tablets."""

    def filled(self):
        fill(self.folder / "bench.db", [(ENTRIES, ASPECTS)])
        return json.loads(self.run([sys.executable, __file__, "--prepare"]))


def prepare():
    """In a process of its own: two tablets, and of every entry one measurement to change."""
    sys.path.insert(0, str(HERE))
    from app import create_app
    from competition.database import db
    from judging import cells, devices

    with create_app().app_context():
        found = cells.read(db.session(), 1)
        aspect = next(one for one in found.aspects if one.kind == "M")
        tokens = [devices.pair(judge, 1, name="bench").token for judge in (1, 2)]
        changes = [
            {
                "code": found.entries[entry],
                "aspect": aspect.id,
                "sheet": aspect.sub_criterion_id,
                "value": 0 if work.marks[aspect.id].value else aspect.max,
                "base": work.marks[aspect.id].measured.head.id,
            }
            for entry, work in found.works.items()
        ]
    print(json.dumps({"tokens": tokens, "changes": changes}))


class Judges:
    """Two tablets: one changes a measurement, the other confirms; each moves the board."""

    def __init__(self, site):
        self.way = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        self.first, self.second = site.rooms["tokens"]
        self.changes = iter(site.rooms["changes"])
        self.number, self.open = count(1), None

    def act(self):
        """The next commit that changes the board; gives when it was posted, ns."""
        if self.open is None:
            change = next(self.changes)
            post = {name: change[name] for name in ("code", "aspect", "value", "base")}
            at, answer = self._post(self.first, {**post, "judge": 1})
            self.open = {**change, "upto": answer["id"]}
        else:
            post = {"code": self.open["code"], "sub_criterion": self.open["sheet"]}
            at, _ = self._post(self.second, {**post, "upto": self.open["upto"], "judge": 2})
            self.open = None
        return at

    def _post(self, token, post):
        body = json.dumps(
            {"waiting": 0, "posts": [{"key": f"fanout-{next(self.number):04}", **post}]}
        )
        head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        at = time.monotonic_ns()
        self.way.request("POST", "/tablet/api/marks", body, head)
        (answer,) = json.load(self.way.getresponse())["answers"]
        if answer["state"] != "taken":
            raise SystemExit(f"the site did not take a mark: {answer}")
        return at, answer


def podium(spectators, folder):
    """Podium's figures; and how many bytes a board has."""
    site = BoardSite(folder)
    try:
        judges, pids = Judges(site), list(site.pids())
        for _ in range(2):
            judges.act()  # caches fill, statements are compiled
        time.sleep(1)
        before = memory_kb(pids)
        crowd = Crowd(site.port, spectators, folder, [json.dumps(["watch", {"skill": SKILL}])])
        time.sleep(2)
        kb = (memory_kb(pids) - before) / spectators
        rounds = []
        for _ in range(TIMES):
            used = cpu_ns(pids)
            tapped = judges.act()
            _, sequence, _, last = crowd.all_have()
            rounds.append((sequence, tapped, last, cpu_ns(pids) - used))
            time.sleep(REST)
        seen, broadcasts = crowd.end(), site.broadcasts()
    finally:
        site.stop()
    took = [last - broadcasts[f"skill:{SKILL}", sequence][0] for sequence, _, last, _ in rounds]
    return {
        **figures(took, [used for *_, used in rounds], spectators),
        "tap_to_last_ms": ms(statistics.median(last - tapped for _, tapped, last, _ in rounds)),
        "kb_per_client": round(kb, 1),
        "connects_per_second": round(spectators / crowd.seconds),
        "lost": crowd.lost,
        "board_bytes": seen[-1][3],
    }


def limit(spectators, size, folder):
    """The same of the bare server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [compiled("fanout_limit"), str(port), str(size)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    keep_on(server.pid, SERVER)
    try:
        server.stdout.readline()
        crowd = Crowd(port, spectators, folder)
        time.sleep(1)
        took, used = [], []
        for _ in range(TIMES + 1):
            before = cpu_ns([server.pid])
            server.stdin.write("send\n")
            server.stdin.flush()
            begin = int(server.stdout.readline().split()[1])
            *_, last = crowd.all_have()
            took.append(last - begin)
            used.append(cpu_ns([server.pid]) - before)
            time.sleep(REST)
        crowd.end()
    finally:
        server.kill()
        server.wait()
    return figures(took[1:], used[1:], spectators)  # the first one warms up, as Podium's did


def figures(took, used, spectators):
    return {
        "last_ms": ms(statistics.median(took)),
        "worst_ms": ms(max(took)),
        "cpu_per_message": round(statistics.median(used) / spectators / 1000, 2),
    }


def ms(nanoseconds):
    return round(nanoseconds / 1e6, 1)


def measure(spectators):
    open_files(spectators + 200)
    with tempfile.TemporaryDirectory(prefix="podium-fanout-") as folder:
        found = podium(spectators, folder)
        bare = limit(spectators, found["board_bytes"], folder)
    return {
        "spectators": spectators,
        **found,
        "limit": bare,
        "cpu_of_limit": round(found["cpu_per_message"] / bare["cpu_per_message"], 2),
        "last_of_limit": round(found["last_ms"] / bare["last_ms"], 2),
        "worst_of_median": round(found["worst_ms"] / found["last_ms"], 2),
        "load_average": os.getloadavg()[0],
    }


def missed(found):
    """The goals that a run with 10,000 did not reach, in words."""
    if found["spectators"] < 10_000:
        return []
    out = [
        f"{name} is {found[name]}, should be at most {most}"
        for name, most in GOALS
        if found[name] > most
    ]
    if found["connects_per_second"] < CONNECTS:
        out.append(f"{found['connects_per_second']} connects a second, should be {CONNECTS}")
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--spectators", type=int, help="default: 1,000, 5,000 and 10,000")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.prepare:
        prepare()
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the site ends with it
    goals = []
    for spectators in [asked.spectators] if asked.spectators else [1000, 5000, 10_000]:
        found = measure(spectators)
        goals += missed(found)
        if asked.json:
            print(json.dumps(found))
            continue
        for name, value in found.items():
            print(f"{name:22} {value}")
        print()
    if not asked.json:
        print("\n".join(goals) or "every goal that was asked about is reached")
    sys.exit(1 if goals else 0)


if __name__ == "__main__":
    main()
