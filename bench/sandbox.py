"""How fast the sandbox is, beside docker run, docker exec and a plain subprocess in the same run.

`.venv/bin/python bench/sandbox.py [--image IMAGE] [--quick] [--json]` prints medians of one test's
overhead and their ratios, submissions a minute (20 Python tests each, one worker) in a wiped and
in a fresh box, the time from hand-in to the first verdict, and a burst of 100 submissions. Every
answer is compared; ends with 1 when one is wrong or missing.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from bench.images import chosen  # noqa: E402 - after the path is set
from sandbox.docker_box import client  # noqa: E402
from sandbox.docker_pool import DockerPool  # noqa: E402
from sandbox.programs import ProgramLimits  # noqa: E402

LIMITS = ProgramLimits(cpu_ms=1000, memory_mb=128)
PROGRAM = {"sum.py": b"print(sum(map(int, input().split())))\n"}
PYTHON = ("/usr/bin/python3", "sum.py")
TESTS = [(f"{n} {n * n}\n".encode(), f"{n + n * n}\n".encode()) for n in range(20)]
GOALS = {
    "overhead of one test, ms": ("<=", 2.4),
    "submissions a minute, warm": (">=", 300),
    "submissions a minute, fresh": (">=", 130),
    "hand-in to first verdict, ms": ("<", 150),
    "burst: results of 100": (">=", 100),
}


def median_ms(times, action):
    found = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found)


def yardsticks(image, times):
    """What one `true` takes otherwise."""
    hardened = [*("docker", "run", "--rm", "--pull", "never", "--network", "none", "--read-only")]
    hardened += [*("--cap-drop", "ALL", "--security-opt", "no-new-privileges", image, "true")]
    connection = client()
    api = connection.api
    made = api.create_container(image, ["sleep", "600"], network_disabled=True)["Id"]
    api.start(made)

    def execute():
        each = api.exec_create(made, ["true"])["Id"]
        api.exec_start(each)
        assert api.exec_inspect(each)["ExitCode"] == 0

    try:
        return {
            "subprocess": median_ms(times * 5, lambda: subprocess.run(["true"], check=True)),
            "docker exec (SDK)": median_ms(times, execute),
            "docker run": median_ms(
                max(3, times // 4),
                lambda: subprocess.run(hardened, check=True, stdout=subprocess.DEVNULL),
            ),
        }
    finally:
        api.remove_container(made, force=True)
        connection.close()


def overhead(pool, image, times):
    box = pool.take(image, "overhead")
    try:
        box.run(["true"], LIMITS)
        return median_ms(times, lambda: box.run(["true"], LIMITS))
    finally:
        pool.give_back(box)


def judged(pool, image, person, tests=TESTS):
    """One submission: how many of its tests were right."""
    box = pool.take(image, person)
    try:
        box.put(PROGRAM)
        return sum(box.run(PYTHON, LIMITS, stdin=i).stdout == out for i, out in tests)
    finally:
        pool.give_back(box)


def bare():
    """The same submission without any wall: 20 subprocesses."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sum.py"
        path.write_bytes(PROGRAM["sum.py"])
        command = [PYTHON[0], str(path)]
        how = {"capture_output": True}
        runs = [subprocess.run(command, check=False, input=i, **how) for i, _ in TESTS]
    return sum(run.stdout == out for run, (_, out) in zip(runs, TESTS, strict=True))


def a_minute(seconds, submission):
    """Submissions a minute by one worker."""
    began, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - began) < seconds:
        if submission(count) != len(TESTS):
            sys.exit("a wrong answer")
        count += 1
    return count / spent * 60


def first_verdict(pool, image, times):
    found = []
    for number in range(times):
        time.sleep(0.4)  # the next box is ready before the next competitor hands in
        began = time.perf_counter()
        box = pool.take(image, f"first {number}")
        box.put(PROGRAM)
        ran = box.run(PYTHON, LIMITS, stdin=TESTS[3][0])
        found.append((time.perf_counter() - began) * 1000)
        assert ran.stdout == TESTS[3][1]
        pool.give_back(box)
    return statistics.median(found)


def burst(pool, image, workers, number=100):
    """All at once, five tests each: results, and seconds."""
    waiting, results = SimpleQueue(), []
    for each in range(number):
        waiting.put(each)

    def worker():
        while True:
            try:
                each = waiting.get_nowait()
            except Empty:
                return
            results.append((each, judged(pool, image, f"burst {each}", TESTS[:5])))

    began = time.perf_counter()
    threads = [threading.Thread(target=worker) for _ in range(workers)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    right = {each for each, right in results if right == 5}
    return len(right), time.perf_counter() - began


def measure(image, quick):
    times, seconds = (8, 5) if quick else (24, 15)
    found = {"load before": os.getloadavg()[0]} | yardsticks(image, times)
    pool = DockerPool([image], ahead=2)
    try:
        found["overhead of one test, ms"] = overhead(pool, image, times * 10)
        found["submissions a minute, no walls"] = a_minute(seconds / 2, lambda _: bare())
        warm = a_minute(seconds, lambda _: judged(pool, image, "same"))
        found["submissions a minute, warm"] = warm
        fresh = a_minute(seconds, lambda number: judged(pool, image, str(number)))
        found["submissions a minute, fresh"] = fresh
        found["hand-in to first verdict, ms"] = first_verdict(pool, image, times)
        found["burst: results of 100"], spent = burst(pool, image, workers=2)
        found["burst: seconds"] = spent
    finally:
        pool.close()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(chosen(asked.image, "python3"), asked.quick)
    if asked.json:
        print(json.dumps(found))
    else:
        ours = found["overhead of one test, ms"]
        for name, value in found.items():
            line = f"{name:34}{value:10.2f}"
            if name in ("subprocess", "docker exec (SDK)", "docker run"):
                line += f" ms{value / ours:10.2f} × ours"
            if name in GOALS:
                sign, goal = GOALS[name]
                line += f"   goal {sign} {goal}"
            print(line)
    sys.exit(0 if found["burst: results of 100"] == 100 else 1)


if __name__ == "__main__":
    main()
