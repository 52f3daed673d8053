"""A working period whose task is a problem package, from the workspace to the proposed mark."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from competition.database import db, writing
from competition.models import Period
from competition.rules.refusal import Refusal
from judging import programs, submissions, tasks, worker
from judging.models import Submission
from sandbox.images.ahead import Ahead
from tests.judging.handing import (
    Cast,
    announcement,
    cast,
    only_evaluation,
    proposed,
    zipped,
)
from tests.judging.test_workspace import Person
from tests.sandbox.plain_boxes import PlainPool, plain_bench

OWN = Path(__file__).parents[2] / "tasks"
GOOD = (OWN / "bakeryorders/submissions/accepted/heap.py").read_bytes()
HALF = b"""
n = int(input())
orders = sorted((tuple(map(int, input().split())) for _ in range(n)), key=lambda each: each[1])
if n > 400:
    raise SystemExit("too many orders")
least = [0]
for minutes, latest in orders:
    least.append(float("inf"))
    for count in range(len(least) - 1, 0, -1):
        if least[count - 1] + minutes <= latest:
            least[count] = min(least[count], least[count - 1] + minutes)
print(max(count for count, spent in enumerate(least) if spent < float("inf")))
"""


def problem(app: Flask, name: str = "bakeryorders") -> Cast:
    """The usual cast, with a problem package of ours as the period's task."""
    found = cast()
    place = Path(app.config["PODIUM_DATA"]) / "tasks" / name
    shutil.copytree(OWN / name, place)
    (place / "podium.yaml").write_text("aspect: A1.01\nfull: 150\nchecks_open: true\n")
    with writing() as session:
        session.get_one(Period, found.period).task = name
    return found


@pytest.fixture
def work(context: Flask) -> Cast:
    return problem(context)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Judging without Docker: plain subprocesses of our own sources."""
    monkeypatch.setattr(worker, "client", io.BytesIO)
    monkeypatch.setattr(worker, "images_ready", lambda: "img")
    monkeypatch.setattr(worker, "sweep", lambda: 0)
    monkeypatch.setattr(Ahead, "image", lambda *_: "img")
    monkeypatch.setattr(programs, "DockerPool", PlainPool)
    with plain_bench() as bench:
        monkeypatch.setattr(programs, "bench", lambda *_: bench)
        yield


def hand_in(work: Cast, data: bytes, name: str) -> Submission:
    said = announcement(data, name=name)
    actor, entry = work.accounts["K-073"], work.entry("K-073")
    submissions.announce(entry, work.period, said, actor_id=actor)
    return submissions.accept(said.key, io.BytesIO(data), actor_id=actor)


def test_a_source_file_becomes_a_proposed_mark(context: Flask, work: Cast, played: None) -> None:
    row = hand_in(work, GOOD, "heap.py")
    assert [one["name"] for one in row.files] == ["heap.py"]
    worker.Worker(context, "w1").step()
    assert only_evaluation().state == "done"
    assert proposed(work.entry("K-073")) == [("A1.01", 150)]


def test_a_zip_with_a_part_of_the_points(context: Flask, work: Cast, played: None) -> None:
    hand_in(work, zipped({"mine/main.py": HALF}), "work.zip")
    worker.Worker(context, "w1").step()
    row = only_evaluation()
    assert (row.state, row.verdict) == ("done", "PARTIAL")
    assert proposed(work.entry("K-073")) == [("A1.01", 75)]  # 50 of 100 points
    kept = [check for check in row.checks if check.outcome == "failed"]
    assert kept and "RTE" in kept[0].message_zh and kept[0].evidence


def test_what_cannot_be_judged_is_refused_at_hand_in(work: Cast) -> None:
    for data, name, told in [
        (b"main = 1", "work.hs", "cannot be told"),
        (b"#" * 200_000, "work.py", "larger than"),
        (zipped({"a.py": "1", "b.c": "1"}), "work.zip", "several languages"),
    ]:
        with pytest.raises(Refusal) as refused:
            hand_in(work, data, name)
        assert told in refused.value.en
    assert not db.session.query(Submission).count()


def test_the_statement_reads_in_both_languages(work: Cast, context: Flask) -> None:
    task = tasks.find("bakeryorders")
    assert "bakeryorders" in tasks.ids() and task.may_hand_in("src/a.py")
    with context.test_request_context():
        zh, en = (tasks.statement(task, each, "/x") for each in ("zh", "en"))
    assert "<h2" in zh.html and "样例 1" in zh.html and "\\" not in zh.html
    assert "时间限制 2 秒 · 内存限制 256 MiB" in zh.html
    assert "Sample 1" in en.html and "≤" in en.html
    assert [text for _, text in en.headings][:2] == ["Input", "Output"]
    assert {one.name for one in tasks.start_pack(task).files} >= {"1.in", "1.ans"}


def test_the_workspace_takes_sources(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        work = problem(sqlite_app, "cablefault")
        entry = work.entry("K-073")
    page = Person(sqlite_app, "competitor-1").get(f"/work/{entry}").text
    assert "电缆断点" in page and ".py,.js" in page and "源文件" in page
    assert "CPython" in page and "start.zip" not in page  # nothing of it is given out
    assert "123456" not in page  # a secret test's


@pytest.mark.docker
def test_in_real_boxes(context: Flask, work: Cast) -> None:
    hand_in(work, GOOD, "heap.py")
    one = worker.Worker(context, "w1")
    try:
        one.step()
    finally:
        one.programs.close()
    assert only_evaluation().state == "done", only_evaluation().message_en
    assert proposed(work.entry("K-073")) == [("A1.01", 150)]
