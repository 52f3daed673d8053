"""The process that makes the boards: beside the site, replaced when it dies, gone with the site."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from competition.database import db
from competition.models import Release
from judging import board_process, devices, results
from judging.board_making import BoardMaker
from judging.feed_files import FeedFolder
from judging.models import OverallBoard, PublicBoard
from judging.tablet_client import TabletClient
from tests.browsers import PATIENCE
from tests.conftest import PODIUM, LiveServer, serving, settings_for
from tests.judging.raw_socket import RawSocket
from tests.judging.seed import CODES, Seeded, let_out, seed

CODE = "T17"
pytestmark = pytest.mark.timeout(600)  # a site and several processes start one after the other


def opened_skill() -> Seeded:
    found = seed()
    let_out(found.skill, Release.CONFIRMED, actor_id=found.judges["chief"])
    return found


def within(what: Callable[[], object]) -> None:
    """Wait until something is so; a machine may be slow."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not what():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


# The maker


def test_a_look_makes_what_moved_and_nothing_twice(
    context: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[int] = []
    publish = results.publish
    monkeypatch.setattr(
        results, "publish", lambda rows: asked.extend(row.skill_id for row in rows) or publish(rows)
    )
    day, maker = opened_skill(), BoardMaker(FeedFolder(tmp_path))
    told: list[int] = []

    def look() -> None:
        maker.tick(lambda: told.append(results.positions()[0].sequence))

    look()
    look()
    assert asked == [day.skill]
    assert told == [1], "who sends is told when it is stored, and of nothing else"
    answers = day.give(day.post(CODES[0], "A2.01", 100), day.post(CODES[0], "A2.02", 150))
    day.give(day.confirm(CODES[0], "A2", answers[-1].id), judge="wang")
    look()
    assert asked == [day.skill] * 2
    assert told == [1, 2]
    sequence, revision, _turn = maker.made[day.skill]
    row = db.session.get_one(PublicBoard, day.skill, populate_existing=True)
    assert (row.sequence, row.revision) == (sequence, revision) == (2, 4)
    assert row.body["standings"][0]["total"] == "2.50"
    assert db.session.query(OverallBoard).count()


def test_the_site_asks_again_what_was_committed_while_it_waited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked, answer = os.pipe()
    beside = board_process.BoardProcess(moved=lambda: None)
    beside.look()  # there is nobody yet
    beside.asked = answer
    for _ in range(3):
        beside.look()
    assert os.read(asked, 10) == board_process.LOOK
    assert (beside.waits, beside.again) == (True, True)
    beside.waits = False  # as when the answer comes
    beside.look()
    assert (beside.waits, beside.again) == (True, False)
    assert os.read(asked, 10) == board_process.LOOK
    os.close(asked)
    beside.waits = False
    beside.look()
    assert not beside.is_up, "the site makes the boards itself"
    os.close(answer)


def test_there_is_none_where_there_is_one_processor(
    sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wanted, processors, there in ((True, 1, False), (True, 2, True), (False, 8, False)):
        monkeypatch.setitem(sqlite_app.config, "PODIUM_BOARDS", wanted)
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, n=processors: set(range(n)))
        assert board_process.is_wanted(sqlite_app) is there


# The process by itself


def test_it_ends_when_nobody_holds_its_pipe(sqlite_url: str, tmp_path: Path) -> None:
    child = subprocess.Popen(
        [PODIUM, "boards"], cwd=tmp_path, env=os.environ | settings_for(sqlite_url, tmp_path),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert child.stdout is not None and child.stdin is not None
        assert child.stdout.read(1) == board_process.LOOK
        os.kill(child.pid, signal.SIGINT)  # a terminal's Ctrl-C goes to the whole group
        child.stdin.write(board_process.LOOK)
        child.stdin.flush()
        assert child.stdout.read(1) == board_process.LOOK
        assert child.poll() is None
        child.stdin.close()
        assert child.wait(PATIENCE / 1000) == 0
    finally:
        child.kill()
        child.wait()


# Beside a site


@dataclass
class Hall:
    """A site with its process for the boards, two tablets and a spectator."""

    server: LiveServer
    day: Seeded
    bots: dict[str, TabletClient]
    spectator: RawSocket
    marks: Iterator[int]

    def processes(self) -> dict[int, str]:
        """Whatever belongs to the site: process → its command line."""
        found = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _parent, group = stat.read_text().rpartition(")")[2].split()[:3]
                line = stat.with_name("cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            if group == str(self.group) and state != "Z":
                found[int(stat.parent.name)] = line
        return found

    @property
    def group(self) -> int:
        port = self.server.env["PODIUM_PORT"]
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = path.read_text()
            except OSError:
                continue
            if f"127.0.0.1:{port}" in line:
                return os.getpgid(int(path.parent.name))
        return 0

    def makers(self) -> list[int]:
        return [pid for pid, line in self.processes().items() if line.endswith("app boards ")]

    def mark(self) -> None:
        """A sheet is marked and confirmed; the board moves, and the spectator sees it."""
        li, wang = self.bots["li"], self.bots["wang"]
        code = CODES[next(self.marks)]
        given = li.post(
            li.observation(code, self.day.aspects[aspect], value)
            for aspect, value in (("A2.01", 100), ("A2.02", 150))
        )
        confirmed = wang.confirmation(code, self.day.subs["A2"], given[-1]["id"])
        assert [one["state"] for one in wang.post([confirmed])] == ["taken"]
        released = 2 * (CODES.index(code) + 1)
        while self.spectator.hear()[1].get("progress", {}).get("released", 0) < released:
            pass
        within(lambda: self.filed() == released)

    def filed(self) -> int:
        """How many marks the board's file shows."""
        path = self.server.folder / "feeds" / "skills" / CODE / "board.json"
        if not path.exists():
            return -1
        return int(json.loads(path.read_text("utf-8"))["progress"]["released"])


several_processors = pytest.mark.skipif(
    len(os.sched_getaffinity(0)) < 2, reason="a single processor: the site makes its boards itself"
)


@pytest.fixture
def hall(sqlite_app: Flask, sqlite_url: str, tmp_path: Path) -> Iterator[Hall]:
    with sqlite_app.app_context():
        day = opened_skill()
        tokens = {
            name: devices.pair(day.judges[name], day.skill, name="a tablet").token
            for name in ("li", "wang")
        }
    with serving(sqlite_url, tmp_path, by="serve") as server:
        bots = {name: TabletClient(server.url, CODE) for name in tokens}
        for name, token in tokens.items():
            bots[name].carry(token, day.judges[name])
        spectator = RawSocket(server.url)
        spectator.sock.settimeout(PATIENCE / 1000)
        spectator.frame()
        spectator.say("40")
        spectator.frame()
        spectator.event("watch", {"skill": CODE})
        yield Hall(server, day, bots, spectator, iter(range(len(CODES))))
        spectator.close()
    assert "Traceback" not in (tmp_path / "serve.log").read_text()


@several_processors
@pytest.mark.slow
def test_boards_go_on_when_it_is_killed_and_another_takes_its_place(hall: Hall) -> None:
    within(hall.makers)
    hall.mark()
    (first,) = hall.makers()
    os.kill(first, signal.SIGKILL)
    hall.mark()  # by the site itself, or by the next one
    within(hall.makers)
    assert hall.makers() != [first]
    hall.mark()


@several_processors
@pytest.mark.slow
def test_it_is_gone_when_its_site_was_killed(hall: Hall) -> None:
    within(hall.makers)
    (first,) = hall.makers()
    (worker,) = (
        pid for pid, line in hall.processes().items()
        if pid not in (first, hall.group)
    )  # fmt: skip
    os.kill(worker, signal.SIGKILL)
    within(lambda: first not in hall.processes())
    within(hall.makers)  # gunicorn starts another worker, and that one its own process
