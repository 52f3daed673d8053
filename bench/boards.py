"""From marks to boards: one of 18,000 marks, all 64 of 380,000, one changed mark, snapshots.

`.venv/bin/python bench/boards.py [--json] [--quick]` builds a database of its own in a temporary
folder: one skill of 50 entries × 360 aspects, 64 skills of 31 × 192, nine aspects in ten measured,
one judged by three. It prints medians, the goal of each, and the ratio to what SQLite needs for
nothing but summing and ranking the same rows in the same run.

"Marks" are those a process keeps folded (`judging/kept.py`): every process that marks or publishes
has them. What folding them from the rows costs, once after a start, is printed beside. A board is
the lines with places and totals, as JSON. The incremental boards are compared with boards that are
derived anew from all rows, which must be equal byte for byte.
"""

import argparse
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from hall import snapshots
from hall.ranks import percentile

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

BIG = (50, 360)  # entries × aspects: 18,000 marks
USUAL = (31, 192)  # 64 times: 380,928 marks; as many aspects as a real scheme
JUDGES = (1, 2, 3)
GOALS = {"one": 8.0, "all": 170.0, "changed": 1.0}  # ms
AT = datetime(2026, 11, 28, tzinfo=UTC).replace(tzinfo=None).isoformat(sep=" ")


def environ(folder, port=5399):
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PODIUM_")}
    return clean | {
        "PODIUM_SECRET_KEY": "bench-bench-bench-bench",
        "PODIUM_PASSWORD_SALT": "bench-bench-bench-bench",
        "PODIUM_IDENTITY_KEY": "bench-bench-bench-bench-bench-bench",
        "PODIUM_DATABASE_URL": f"sqlite:///{folder}/bench.db",
        "PODIUM_DATA": str(folder),
        "PODIUM_PORT": str(port),
        "PODIUM_TESTING": "1",
    }


def fill(path, skills):
    """Rows of skills that are marked to the end and confirmed; gives the number of marks."""
    chance = random.Random(6)
    base = sqlite3.connect(path)
    base.execute("PRAGMA synchronous=OFF")
    rows = Rows(base)
    rows.add("delegation", code="D1", name_zh="哈尔滨代表团", name_en="Harbin")
    for judge in JUDGES:
        rows.add(
            "account", username=f"judge{judge}", label=f"裁判 {judge}", password="-", active=1,
            fs_uniquifier=f"judge{judge}",
        )  # fmt: skip
    marks = 0
    for number, (entries, aspects) in enumerate(skills, 1):
        rows.add(
            "skill", code=f"B{number:02}", name_zh=f"赛项 {number}", name_en=f"Skill {number}",
            sector_zh="领域", sector_en="Sector", track="world", team_size=1, is_blind=1,
            release="confirmed", revision=1, ledger_head="",
        )  # fmt: skip
        for judge in JUDGES:
            rows.add("grant", account_id=judge, role="judge", skill_id=number)
        marks += _skill(rows, chance, number, entries, aspects)
    base.commit()
    base.close()
    return marks


class Rows:
    """Inserts of plain rows, and of many of one shape."""

    def __init__(self, base):
        self.base = base
        self.required = {}

    def add(self, table, **row):
        row = self._defaults(table) | row
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'
        return self.base.execute(statement, tuple(row.values())).lastrowid

    def _defaults(self, table):
        """Something for every column that must not be empty and that the bench does not care of."""
        if table not in self.required:
            found = self.base.execute(f'PRAGMA table_info("{table}")').fetchall()
            self.required[table] = {
                name: 0 if kind in ("INTEGER", "BOOLEAN") else AT if kind == "DATETIME" else "[]"
                if kind == "JSON" else ""
                for _, name, kind, must, default, key in found
                if must and not key and default is None
            }  # fmt: skip
        return self.required[table]


def _skill(rows, chance, number, entries, aspects):
    scheme = rows.add("scheme", skill_id=number, version=1, total=10000, digest="x")
    facts = []
    for letter in "ABCDEF":
        criterion = rows.add("criterion", scheme_id=scheme, position=ord(letter), letter=letter)
        for part in range(4):
            code = f"{letter}{part + 1}"
            sub = rows.add("sub_criterion", criterion_id=criterion, position=part, code=code)
            for position in range(aspects // 24):
                place = len(facts)
                kind = "J" if place % 10 == 9 else "M"
                aspect = rows.add(
                    "aspect", scheme_id=scheme, sub_criterion_id=sub, position=place, kind=kind,
                    code=f"{code}.{position:02}", max=25 + place % 4 * 25,
                    is_automatic=place % 3 == 0,
                )  # fmt: skip
                facts.append((aspect, sub, kind, 25 + place % 4 * 25))
    seen = []
    for index in range(entries):
        entry = rows.add(
            "entry", skill_id=number, delegation_id=1, code=f"K-{index:03}", alias=f"P{index:03}",
            state="approved",
        )  # fmt: skip
        ability = min(0.95, max(0.2, chance.gauss(0.7, 0.12)))
        for aspect, _sub, kind, most in facts:
            judges = JUDGES if kind == "J" else JUDGES[:1]
            value = most if kind == "M" and chance.random() < ability else 0
            rung = chance.randint(1, 2)
            for judge in judges:
                given = value if kind == "M" else rung + (chance.random() < ability)
                key = f"{number}-{entry}-{aspect}-{judge}"
                seen.append((key, number, entry, aspect, "judge", judge, int(given), AT))
    rows.base.executemany(
        'INSERT INTO observation ("key", skill_id, entry_id, aspect_id, source, judge_id, value,'
        " round, reason, decides, at, state) VALUES (?, ?, ?, ?, ?, ?, ?, 1, '', 0, ?, 'taken')",
        seen,
    )
    rows.base.execute(
        'INSERT INTO confirmation ("key", skill_id, entry_id, sub_criterion_id, judge_id,'
        " last_observation_id, at) SELECT 'c' || o.skill_id || '-' || o.entry_id || '-' ||"
        " a.sub_criterion_id, o.skill_id, o.entry_id, a.sub_criterion_id, 2, max(o.id), ?"
        " FROM observation o JOIN aspect a ON a.id = o.aspect_id WHERE o.skill_id = ?"
        " GROUP BY o.entry_id, a.sub_criterion_id",
        (AT, number),
    )
    return entries * len(facts)


def timed(act, times):
    """The median of some runs in ms, and the last result."""
    took, found = [], None
    for _ in range(times):
        begin = time.perf_counter()
        found = act()
        took.append((time.perf_counter() - begin) * 1000)
    return statistics.median(took), found


# The limit: nothing but sums and ranks, by SQLite itself, of marks as plain rows
BARE = """SELECT entry_id, sum(value), rank() OVER (ORDER BY sum(value) DESC)
FROM observation WHERE skill_id = ? AND state = 'taken' GROUP BY entry_id"""


def measure(folder, times):
    from app import create_app
    from competition.database import db

    given = {k: v for k, v in environ(folder).items() if k.startswith("PODIUM_")}
    app = create_app(given)
    with app.app_context():
        return _measured(db, folder, times)


def _measured(db, folder, times):
    from judging import board_facts, cells, document, kept, lines, live, tallies
    from judging.rules.marks import Seen
    from judging.rules.visibility import Shown

    session = db.session()
    level = Shown.CONFIRMED
    bare = sqlite3.connect(f"{folder}/bench.db")
    labels = {
        one: {
            row[0]: board_facts.label(row[1], f"选手 {row[1]}", f"Competitor {row[1]}")
            for row in bare.execute("SELECT id, alias FROM entry WHERE skill_id = ?", (one,))
        }
        for one in range(1, 66)
    }

    def board(found, number):
        sums = tallies.tallies(found, level)
        told = lines.provisional(labels[number], sums, len(found.aspects))
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    def anew(number):
        found = folded[number]
        for work in found.works.values():
            work.sums.clear()
        return board(found, number)

    folding, _ = timed(lambda: cells.read(session, 1), max(1, times // 5))
    folded = {number: kept.whole(session, number) for number in range(1, 66)}
    live._settle()  # the collector comes rarely, as in the web process
    sizes = {
        number: sum(len(one.marks) for one in own.works.values()) for number, own in folded.items()
    }
    out = {"marks": {"one": sizes[1], "all": sum(sizes.values()) - sizes[1]}}
    out["fold_once_ms"] = folding
    out["one_ms"], _ = timed(lambda: anew(1), times)
    out["all_ms"], _ = timed(lambda: [anew(number) for number in range(2, 66)], times)
    out["limit"] = {
        "one_ms": timed(lambda: bare.execute(BARE, (1,)).fetchall(), times)[0],
        "all_ms": timed(
            lambda: [bare.execute(BARE, (number,)).fetchall() for number in range(2, 66)], times
        )[0],
    }
    out |= _changed(session, folded[1], board, Seen, times)
    shown = document.documents(session, [1])
    out["document_ms"], _ = timed(lambda: document.documents(session, [1]), times)
    assert shown[0].body["standings"]
    return out


def _changed(session, found, board, seen_type, times):
    """One changed mark after another, each to a new board; then all rows again, to compare."""
    from competition.database import db
    from judging import cells
    from judging.models import Observation

    chance = random.Random(7)
    entries = list(found.entries)
    measured = [one for one in found.aspects if one.kind == "M"]
    took, written = [], []
    board(found, 1)
    number = 10_000_000
    for step in range(times * 10):
        entry, aspect = chance.choice(entries), chance.choice(measured)
        value = chance.choice((0, aspect.max))
        number += 1
        begin = time.perf_counter()
        found = found.copy()  # as the writer does: readers keep theirs
        found.add(entry, aspect, seen_type(number, "judge", 1, value))
        found.confirm(entry, aspect.sub_criterion_id, 2, number)
        last = board(found, 1)
        took.append((time.perf_counter() - begin) * 1000)
        written.append((number, entry, aspect, value, step))
    _write(session, written, Observation)
    derived = board(cells.read(session, 1), 1)
    db.session.rollback()
    return {
        "changed_ms": statistics.median(took),
        "changed_p99_ms": percentile(took, 0.99),
        "changes": len(took),
        "agrees": derived == last,
    }


def _write(session, written, observation):
    """The same changes as rows, in the transaction that is rolled back afterwards."""
    from judging.models import Confirmation

    for number, entry, aspect, value, step in written:
        session.add(
            observation(
                id=number, key=f"changed-{step}", skill_id=1, entry_id=entry, aspect_id=aspect.id,
                source="judge", judge_id=1, value=value, at=datetime.now(UTC),
            )
        )  # fmt: skip
        session.add(
            Confirmation(
                key=f"confirmed-{step}", skill_id=1, entry_id=entry, judge_id=2,
                sub_criterion_id=aspect.sub_criterion_id, last_observation_id=number,
                at=datetime.now(UTC),
            )
        )  # fmt: skip
    session.flush()


def show(out):
    marks = out["marks"]
    for name, text in (
        ("one", f"one board from {marks['one']} marks"),
        ("all", f"64 boards from {marks['all']} marks"),
    ):
        limit, took = out["limit"][f"{name}_ms"], out[f"{name}_ms"]
        print(f"{text:38} {took:8.2f} ms  goal {GOALS[name]:g}  {took / limit:.2f} × bare SQL")
    print(
        f"{'one changed mark to a new board':38} {out['changed_ms']:8.2f} ms  goal"
        f" {GOALS['changed']:g}  p99 {out['changed_p99_ms']:.2f}, re-derived from all rows after"
        f" {out['changes']}: {'equal' if out['agrees'] else 'DIFFERENT'}"
    )
    print(f"{'folding the rows, once after a start':38} {out['fold_once_ms']:8.2f} ms")
    print(f"{'the public document with its queries':38} {out['document_ms']:8.2f} ms")
    for name, rate in out.get("snapshots", {}).items():
        print(f"{'snapshots a second, ' + name:38} {rate:8}")
    if "snapshots" in out and shutil.which("nginx") is None:
        print("snapshots a second of nginx: it is not installed here (sudo apt-get install nginx)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="few repetitions, no snapshots")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="podium-boards-") as folder:
        subprocess.run(
            [sys.executable, "-m", "app", "db", "upgrade"], env=environ(folder), cwd=HERE,
            check=True, capture_output=True,
        )  # fmt: skip
        fill(f"{folder}/bench.db", [BIG, *[USUAL] * 64])
        out = measure(folder, 5 if asked.quick else 25)
        if not asked.quick:
            out["snapshots"] = snapshots.of(folder, environ, 5)
    if asked.json:
        print(json.dumps(out))
    else:
        show(out)
    sys.exit(0 if out["agrees"] else 1)


if __name__ == "__main__":
    main()
