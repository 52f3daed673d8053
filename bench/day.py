"""A whole day's load at once: 960 tablets mark while 8,000 spectators watch 64 boards.

`.venv/bin/python bench/day.py [--seconds 20] [--spectators 8000] [--rate 200] [--json]` starts
`podium serve` with the demo (64 skills, 960 paired tablets, SQLite with `synchronous=FULL`) on one
core. On the other one tablets tap at the given rate and spectators watch on real WebSockets, as
many in every room. Every tap shows on its board: work is over, and every measurement is public
once it is given.

    ack               from the moment a tap was due until the tablet has its answer
    push_to_screen    from the beginning of a board's broadcast until one spectator has it
    tap_to_screen     from the tap until one spectator has the first board that shows it

Which board shows a tap is known from its number: marks are taken one after the other, and a board
says how many it shows. Exit code 1 when a goal of issue 6 is missed.
"""

import argparse
import json
import os
import signal
import sqlite3
import sys
import tempfile
import time
from collections import defaultdict

from hall.crowd import Crowd
from hall.load import Load
from hall.machine import LOAD, cpu_ns, keep_on, open_files
from hall.ranks import percentile
from hall.watched import WatchedSite

GOALS = (("ack_p99_ms", 50), ("push_to_screen_p99_ms", 10), ("tap_to_screen_p99_ms", 500))
WARM = 3  # seconds of marks before it counts


class DaySite(WatchedSite):
    """The demo when all have finished: every measurement shows as soon as it is given."""

    def filled(self):
        rooms = super().filled()
        with sqlite3.connect(self.folder / "bench.db") as rows:
            rows.execute("UPDATE aspect SET is_automatic = 1 WHERE kind = 'M'")
            rows.execute("UPDATE skill SET release = 'automatic', release_delay = 0")
            rows.execute("UPDATE period SET ended_at = started_at")
            measured = {row[0] for row in rows.execute("SELECT id FROM aspect WHERE kind = 'M'")}
        rows.close()
        for room in rooms:
            for tablet in room["tablets"]:
                tablet["taps"] = [tap for tap in tablet["taps"] if tap[1] in measured]
        return rooms


def measure(seconds, spectators, rate):
    open_files(spectators + 1200)
    keep_on(0, LOAD)
    with tempfile.TemporaryDirectory(prefix="podium-day-") as folder:
        site = DaySite(folder)
        try:
            codes = [room["skill"] for room in site.rooms]
            load = Load(site.port, site.rooms, once=True)
            longest = int(0.8 * sum(len(tablet.taps) for tablet in load.tablets) / rate)
            if seconds + WARM > longest:
                raise SystemExit(f"at this rate there are taps for {longest - WARM} seconds")
            asks = [json.dumps(["watch", {"skill": code}]) for code in codes]
            crowd = Crowd(site.port, spectators, folder, asks)
            load.connect()
            load.run(WARM, rate=rate)  # caches fill, statements are compiled
            pids, warm = list(site.pids()), len(load.taken)
            begin, used, own = time.monotonic_ns(), cpu_ns(pids), load.cpu()
            times, took = load.run(seconds, rate=rate)
            used, own = cpu_ns(pids) - used, load.cpu() - own
            time.sleep(1)  # the last boards arrive
            seen = crowd.end()
            broadcasts = {
                (codes.index(room.removeprefix("skill:")), sequence): at
                for (room, sequence), (at, _) in site.broadcasts().items()
            }
        finally:
            site.stop()
    taps = shown(load.taken, codes, set(load.taken[warm:]))
    pushed, reached = screens(seen, broadcasts, taps, begin)
    return {
        "skills": len(codes),
        "tablets": len(load.tablets),
        "spectators": spectators,
        "seconds": round(took, 1),
        "marks_per_second": round(len(times) / took, 1),
        **quantiles("ack", [one * 1e9 for one in times]),
        **quantiles("push_to_screen", pushed),
        **quantiles("tap_to_screen", reached),
        "boards_per_second": round(sum(at >= begin for at in broadcasts.values()) / took, 1),
        "messages_per_second": round(len(pushed) / took),
        "server_cores": round(used / 1e9 / took, 2),
        "tablets_cores": round(own / took, 2),
        "lost": crowd.lost,
        "load_average": os.getloadavg()[0],
    }


def shown(taken, codes, counted):
    """(skill, how many marks a board shows) → when the last of these taps was due, ns; only for
    taps that count."""
    by_skill = defaultdict(list)
    for tap in taken:
        by_skill[codes.index(tap[0])].append(tap)
    return {
        (skill, number): tap[2] * 1e9
        for skill, taps in by_skill.items()
        for number, tap in enumerate(sorted(taps, key=lambda tap: tap[1]), start=1)
        if tap in counted
    }


def screens(seen, broadcasts, taps, begin):
    """Nanoseconds from broadcast to screen and from tap to screen, one for each spectator."""
    released = defaultdict(dict)
    for skill, sequence, marks, _size, _at in seen:
        released[skill][sequence] = marks
    news = {}  # (skill, sequence) → the taps that no earlier board shows
    for skill, boards in released.items():
        before = 0
        for sequence, marks in sorted(boards.items()):
            numbers = range(before + 1, marks + 1)
            news[skill, sequence] = [taps[skill, n] for n in numbers if (skill, n) in taps]
            before = max(before, marks)
    pushed, reached = [], []
    for skill, sequence, _marks, _size, at in seen:
        sent = broadcasts.get((skill, sequence))
        if sent is not None and sent >= begin:
            pushed.append(at - sent)
            reached += [at - due for due in news[skill, sequence]]
    return pushed, reached


def quantiles(name, nanoseconds):
    return {
        f"{name}_{word}_ms": round(percentile(nanoseconds or [0], share) / 1e6, 1)
        for word, share in (("p50", 0.5), ("p99", 0.99))
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--spectators", type=int, default=8000)
    parser.add_argument("--rate", type=float, default=200, help="marks a second")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the site ends with it
    found = measure(asked.seconds, asked.spectators, asked.rate)
    goals = [
        f"{name} is {found[name]}, should be at most {most}"
        for name, most in GOALS
        if found[name] > most
    ]
    if asked.json:
        print(json.dumps({**found, "missed": goals}, indent=1))
    else:
        for name, value in found.items():
            print(f"{name:22} {value}")
        print("\n".join(goals) or "every goal is reached")
    sys.exit(1 if goals else 0)


if __name__ == "__main__":
    main()
