"""A roster of 30,000 people: seconds of its dry run and of its import, and the memory they take.

`.venv/bin/python bench/roster.py [--rows 30000] [--runs 3] [--json]` invents a file, and for each
kind of database a fresh one per run: SQLite, and PostgreSQL where PODIUM_TEST_POSTGRES_URL names a
server. The work is done in a process of its own, as the worker does it; its peak is reported. A
dry run of the same file afterwards (nothing to do) and the undoing are timed as well. Beside it a
second process writes one small act after the other, as a mark does: the longest that one of them
waited during each step is told as `…_wait_s`. Exit code 1 when the median of dry run or import is
over 8 seconds.
"""

import argparse
import csv
import json
import os
import queue
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
GOAL = 8.0  # seconds (issue 4)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华文斌宇浩然"
HEAD = "序号 姓名 性别 身份证号 出生日期 代表队 单位 赛项 组别 手机号 指导教师 备注 邮箱 民族 班级"


def invent(path, number):
    """So many people who do not exist, in 15 columns."""
    from competition import catalogue
    from competition.rules.identity import Sex, never_issued

    rng = random.Random(1)
    skills, homes = catalogue.skills(), catalogue.delegations()
    numbers = set()
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD.split())
        while len(numbers) < number:
            born, sex = date(1980, 1, 1) + timedelta(rng.randrange(10_000)), rng.choice(list(Sex))
            home = rng.choice(homes)
            region = f"23{rng.randrange(1, 13):02}{rng.randrange(1, 29):02}"
            one = never_issued(region, born, sex)
            if one in numbers:
                continue
            numbers.add(one)
            name = rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN)
            coach = rng.choice(SURNAMES) + rng.choice(GIVEN)
            school = f"{home.name_zh}第{rng.randrange(40)}职业学校"
            phone = f"1{rng.randrange(10**9, 10**10)}"
            status = rng.choice(["职工组", "学生组"])
            word = "男" if sex == Sex.MALE else "女"
            skill = rng.choice(skills).name_zh
            own = [len(numbers), name, word, one, born, home.name_zh, school, skill, status, phone]
            out.writerow([*own, coach, "", "", "汉", ""])


class Beside:
    """A process that writes small acts while this one works; `longest` is asked after each step."""

    def __init__(self, url, folder):
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--beside", url, folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.longest()  # it is there, and what it took to start counts nowhere

    def longest(self):
        """Seconds that the slowest act took since the last time this was asked."""
        self.process.stdin.write("?\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def beside(url, folder):
    """The second process: an act every 20 ms, and a line with the longest when it is asked for."""
    from competition import ledger
    from competition.database import db, writing
    from tests.conftest import opened

    asked = queue.SimpleQueue()
    threading.Thread(target=lambda: [*map(asked.put, sys.stdin), asked.put("")]).start()
    longest = 0.0
    with opened(url, Path(folder)) as app, app.app_context():
        while True:
            begin = time.perf_counter()
            with writing() as session:
                ledger.append(session, act="bench.act", subject="bench", body={}, actor_id=None)
            db.session.remove()
            longest = max(longest, time.perf_counter() - begin)
            try:
                line = asked.get(timeout=0.02)
            except queue.Empty:
                continue
            if not line:
                return
            print(round(longest, 3), flush=True)
            longest = 0.0


def one_run(url, folder, file):
    """In the process that is measured: the seconds of each step and the peak of memory."""
    from tests.competition.test_founding import GIVEN as ANSWERS
    from tests.conftest import migrate, opened

    os.chdir(folder)
    migrate(url, Path(folder))
    with opened(url, Path(folder)) as app, app.app_context():
        from competition import founding, roster_batches, roster_undo, roster_worker
        from competition.database import db
        from competition.models import RosterBatch

        founding.found(founding.read(ANSWERS))
        data = Path(file).read_bytes()
        seconds = {}
        other = Beside(url, folder)

        def upload():
            return roster_batches.upload(
                data, "bench.csv", delegation_id=None, by_office=True, actor_id=None
            ).id

        def timed(name):
            other.longest()
            begin = time.perf_counter()
            assert roster_worker.step()
            seconds[name] = round(time.perf_counter() - begin, 2)
            seconds[f"{name}_wait"] = other.longest()

        batch_id = upload()
        timed("dry_run")
        roster_batches.order_import(batch_id, actor_id=None)
        timed("import")
        again = upload()
        timed("same_again")
        counts = db.session.get_one(RosterBatch, again).counts
        roster_undo.order(batch_id, actor_id=None)
        timed("undo")
        assert db.session.get_one(RosterBatch, batch_id).state == "undone"
        other.end()
    seconds["same"] = counts["same"]
    seconds["mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(seconds))


def databases(number):
    """Name → for every run the address of a fresh database, and what ends it."""
    yield "sqlite", [("sqlite:///{folder}/podium.db", lambda: None)] * number
    server = os.environ.get("PODIUM_TEST_POSTGRES_URL")
    if server:
        from tests.conftest import _postgres, _server_says

        made = []
        for run in range(number):
            name = f"podium_bench_{os.getpid()}_{run}"
            _server_says(f"CREATE DATABASE {name}")
            made.append(
                (
                    _postgres(name),
                    lambda name=name: _server_says(f"DROP DATABASE {name} WITH (FORCE)"),
                )
            )
        yield "postgresql", made


def measured(file, made):
    """The runs on one kind of database: medians, and the largest peak."""
    runs = []
    for url, end in made:
        with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
            done = subprocess.run(
                [sys.executable, __file__, "--one", url.format(folder=folder), folder, str(file)],
                capture_output=True,
                text=True,
                check=False,
                env=os.environ | {"PYTHONPATH": str(HERE.parent)},
            )
        end()
        if done.returncode:
            sys.exit(done.stderr)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    middle = {
        f"{step}_s": statistics.median(run[step] for run in runs)
        for step in ("dry_run", "import", "same_again", "undo")
    }
    waits = {
        f"{step}_wait_s": max(run[f"{step}_wait"] for run in runs)
        for step in ("dry_run", "import", "same_again", "undo")
    }
    return middle | waits | {"mb": max(run["mb"] for run in runs), "rows": runs[0]["same"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=30_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--beside", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.beside:
        beside(*given.beside)
        return
    if given.one:
        one_run(*given.one)
        return
    found = {}
    with tempfile.TemporaryDirectory(prefix="podium-bench-") as folder:
        file = Path(folder) / "roster.csv"
        invent(file, given.rows)
        for name, made in databases(given.runs):
            found[name] = measured(file, made)
    slow = [one for one in found.values() if max(one["dry_run_s"], one["import_s"]) > GOAL]
    if given.json:
        print(json.dumps({"ok": not slow, "goal_s": GOAL, **found}, indent=1))
    else:
        for name, one in found.items():
            print(f"{name}: " + "  ".join(f"{key} {value}" for key, value in one.items()))
        print(f"goal: dry run and import at most {GOAL} s: {'no' if slow else 'yes'}")
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
