"""Boxes ahead of need: fresh for everybody, again only for the same person, none left behind."""

import os
import signal
import subprocess
import sys
import time

import pytest

from sandbox.box import BoxFailed
from sandbox.cores import Cores
from sandbox.docker_pool import DockerPool, sweep_programs
from sandbox.programs import ProgramLimits, ProgramWalls
from tests.sandbox.conftest import containers
from tests.sandbox.program_runs import best

pytestmark = pytest.mark.docker

LIMITS = ProgramLimits(cpu_ms=2000, memory_mb=64)


@pytest.fixture
def pool(program_image):
    made = DockerPool([program_image])
    yield made
    made.close()


def ready(pool, image, seconds=20):
    """Waits until a box of that image stands ready."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if pool._ready[image, ProgramWalls()]:
            return True
        time.sleep(0.02)
    return False


def said(box, program):
    ran = box.run(["python3", "-c", program], LIMITS)
    assert ran.verdict is None, ran
    return ran.stdout.decode().strip()


def gone(ids, seconds=10):
    deadline = time.monotonic() + seconds
    while ids & containers() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not ids & containers()


def test_who_comes_next_waits_for_no_start(pool, program_image):
    def first_answer():
        assert ready(pool, program_image)
        began = time.perf_counter()
        assert said(pool.take(program_image, "one"), "print(1)") == "1"
        return time.perf_counter() - began

    assert best(first_answer, float, 0.15) < 0.15
    assert ready(pool, program_image)  # and the next one is on its way already


def test_only_the_same_person_gets_a_box_again(pool, program_image):
    first = pool.take(program_image, "one")
    first.put({"secret.txt": b"one's own"})
    said(first, "open('mine', 'w').write('x')")
    pool.give_back(first)
    other = pool.take(program_image, "two")
    assert other.id != first.id
    again = pool.take(program_image, "one")
    assert again.id == first.id
    assert said(again, "import os; print(os.listdir('.'))") == "[]"
    larger = pool.take(program_image, "one", ProgramWalls(disk_mb=128))
    assert larger.id != first.id


def test_a_box_that_is_not_clean_is_thrown_away(pool, program_image):
    for spoil in (lambda box: box.pipes.close(), lambda box: setattr(box, "wipe", lambda: False)):
        box = pool.take(program_image, "one")
        spoil(box)
        pool.give_back(box)
        assert pool.take(program_image, "one").id != box.id
        assert gone({box.id})


def test_a_ready_box_that_died_is_not_handed_out(pool, program_image):
    assert ready(pool, program_image)
    dead = pool._ready[program_image, ProgramWalls()][0]
    dead._docker.api.kill(dead.id)
    assert gone({dead.id})
    box = pool.take(program_image, "one")
    assert box.id != dead.id and said(box, "print(1)") == "1"


def test_an_image_that_is_not_here_is_said_at_once(pool):
    with pytest.raises(BoxFailed, match="No such image"):
        pool.take("podium-nowhere:1", "one")


def test_each_timed_box_has_a_core_alone(program_image, tmp_path):
    """As on a host with three cores; only the last of two can really be pinned to."""
    last = max(os.sched_getaffinity(0))
    cores = Cores({0, last, last + 1}, tmp_path)
    cores.timed = [last]
    pool = DockerPool(cores=cores, ahead=0)
    listing = "import os; print(sorted(os.sched_getaffinity(0)))"
    try:
        timed = pool.take(program_image, "one")
        beside = pool.take(program_image, "one", timed=False)
        assert (said(timed, listing), said(beside, listing)) == (f"[{last}]", "[0]")
        pool.give_back(timed)
        assert said(pool.take(program_image, "two"), listing) == f"[{last}]"
    finally:
        pool.close()


def test_closing_removes_every_box_also_those_that_are_out(program_image):
    pool = DockerPool([program_image], ahead=2)
    out, kept = pool.take(program_image, "one"), pool.take(program_image, "two")
    pool.give_back(kept)
    ready(pool, program_image)
    mine = {out.id, kept.id} | {box.id for boxes in pool._ready.values() for box in boxes}
    assert len(mine) >= 3
    pool.close()
    assert gone(mine)


KILLED = """
import sys, time
from sandbox.docker_pool import DockerPool
from sandbox.programs import ProgramLimits
pool = DockerPool([sys.argv[1]], ahead=1)
box = pool.take(sys.argv[1], "one")
print(box.id, flush=True)
box.run(["sleep", "60"], ProgramLimits(cpu_ms=60_000, memory_mb=64))
"""


def test_a_killed_worker_leaves_nothing(program_image):
    worker = subprocess.Popen(
        [sys.executable, "-c", KILLED, program_image], stdout=subprocess.PIPE, text=True
    )
    made = worker.stdout.readline().strip()
    assert made in containers()
    time.sleep(0.3)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    began = time.monotonic()
    assert gone({made})
    assert time.monotonic() - began < 5
    sweep_programs()  # what it was about to start, if so
    assert sweep_programs() == 0
