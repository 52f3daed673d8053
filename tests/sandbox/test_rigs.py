"""Rigs ahead of need: each for one submission, never a dead or an old one, none left behind."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox import browser, rigs
from sandbox.docker_box import client
from sandbox.rigs import RigPool, available_mb
from sandbox.runner import judge
from sandbox.verdict import Verdict
from tests.sandbox.conftest import PACKAGES, containers
from tests.sandbox.test_box import gone, inside

pytestmark = pytest.mark.docker

GOOD = PACKAGES / "tiny" / "submissions" / "good" / "site"
BAD = PACKAGES / "tiny" / "submissions" / "bad" / "site"


@pytest.fixture
def pool():
    made = RigPool(lambda: 1_000_000)
    yield made
    made.close()


def standing(pool):
    """The boxes that wait, once they stand."""
    return [waiting.box.result(120) for waiting in pool._waiting.values()]


def memory_limit(box):
    found = "cat /sys/fs/cgroup/memory.max || cat /sys/fs/cgroup/memory/memory.limit_in_bytes"
    return int(inside(box, "/bin/sh", "-c", f"({found}) 2>/dev/null")[1])


def test_a_submission_gets_the_one_that_waits_and_the_next_another(image, pool, tiny, tmp_path):
    pool.prepare(image, tiny)
    pool.prepare(image, tiny)
    (first,) = standing(pool)
    seen = []
    result = judge(
        tiny, GOOD, tmp_path, image=image, rigs=pool, on_progress=lambda *step: seen.append(step)
    )
    assert result.verdict is Verdict.AC, result.message_en
    assert seen == [(0, 2), (1, 2), (2, 2)]
    for check in result.checks:
        assert {"screenshot", "film", "console"} <= {piece.kind for piece in check.evidence}
    assert gone(first.id), "nobody else's work enters it"
    (second,) = standing(pool)
    assert second.id != first.id
    other = judge(tiny, BAD, None, image=image, rigs=pool)
    assert {check.id: check.outcome for check in other.checks} == {
        "heading": "passed",
        "button": "failed",
    }
    pool.close()
    assert gone(second.id)


def test_the_rig_waits_with_its_browsers_and_the_memory_is_set_when_the_files_come(
    image, pool, tiny
):
    pool.prepare(image, tiny)
    (waiting,) = standing(pool)
    connection = client()
    try:
        rows = connection.api.top(waiting.id)["Processes"]
    finally:
        connection.close()
    lines = [" ".join(row) for row in rows]
    roots = [line for line in lines if "headless-shell" in line and "--type=" not in line]
    assert len([line for line in roots if "--remote-debugging-pipe" in line]) >= 2
    walls = browser.walls(tiny, browser.checks(tiny))
    assert browser.widest_walls(tiny).memory_mb > walls.memory_mb
    box = pool.take(image, tiny, walls)
    try:
        assert box.id == waiting.id
        assert abs(memory_limit(box) - walls.memory_mb * 1_000_000) < 4096
    finally:
        box.close()


def test_a_dead_one_is_replaced_and_never_handed_out(image, pool, tiny):
    pool.prepare(image, tiny)
    (dead,) = standing(pool)
    client().api.kill(dead.id)
    assert gone(dead.id)
    assert judge(tiny, GOOD, None, image=image, rigs=pool).verdict is Verdict.AC
    (next_one,) = standing(pool)
    client().api.kill(next_one.id)
    assert gone(next_one.id)
    pool.prepare(image, tiny)
    (replaced,) = standing(pool)
    assert replaced.id != next_one.id and replaced.id in containers()


def test_a_rig_that_died_in_a_box_that_lives_is_started_again(image, pool, tiny):
    pool.prepare(image, tiny)
    (box,) = standing(pool)
    connection = client()
    try:
        kill = ["/bin/sh", "-c", "kill -9 $(grep -lsz cli.js /proc/[0-9]*/cmdline | cut -d/ -f3)"]
        made = connection.api.exec_create(box.id, kill, user=box.rig_user)
        connection.api.exec_start(made["Id"])
    finally:
        connection.close()
    assert judge(tiny, GOOD, None, image=image, rigs=pool).verdict is Verdict.AC
    assert gone(box.id)


def test_an_old_one_goes(image, pool, tiny, monkeypatch):
    pool.prepare(image, tiny)
    (old,) = standing(pool)
    monkeypatch.setattr(rigs, "OLDEST", 0.0)
    box = pool.take(image, tiny, browser.walls(tiny, []))
    try:
        assert box.id != old.id
        assert gone(old.id)
    finally:
        box.close()
    pool.prepare(image, tiny)
    (another,) = standing(pool)
    pool.tend()
    assert gone(another.id) and not pool._waiting


def test_none_is_started_where_memory_is_scarce_and_never_more_than_two(tiny):
    scarce = RigPool(lambda: rigs.SPARE_MB)
    scarce.prepare("sha256:none", tiny)
    assert not scarce._waiting
    scarce.close()
    many = RigPool(lambda: 1_000_000)
    for seconds in (11, 12, 13):
        limits = replace(tiny.limits, output_kb=tiny.limits.output_kb + seconds)
        many.prepare("sha256:none", replace(tiny, limits=limits))
    assert len(many._waiting) <= rigs.MOST
    many.close()


def test_this_hosts_free_memory_is_known(tmp_path):
    table = tmp_path / "meminfo"
    table.write_text("MemTotal:  8000000 kB\nMemAvailable:  3072000 kB\n")
    assert available_mb(table) == 3000
    table.write_text("MemTotal:  8000000 kB\n")
    assert available_mb(table) == 0
    assert available_mb(tmp_path / "nothing") == 0


def test_a_killed_worker_leaves_no_waiting_rig(image):
    program = f"""
import time
from pathlib import Path
from sandbox.rigs import RigPool
from sandbox.task import load
pool = RigPool(lambda: 1_000_000)
pool.prepare({image!r}, load(Path({str(PACKAGES / "tiny")!r})))
print([waiting.box.result().id for waiting in pool._waiting.values()][0], flush=True)
time.sleep(60)
"""
    root = Path(__file__).parents[2]
    worker = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=root
    )
    container = worker.stdout.readline().strip()
    assert container in containers()
    worker.kill()
    worker.wait()
    assert gone(container)


def test_a_worker_that_ends_takes_those_with_it_that_are_still_starting(image, tiny):
    pool = RigPool(lambda: 1_000_000)
    began = time.monotonic()
    pool.prepare(image, tiny)
    starting = next(iter(pool._waiting.values())).box
    pool.close()
    assert time.monotonic() - began < 120
    assert starting.done()
    if starting.exception() is None:
        assert gone(starting.result().id)
