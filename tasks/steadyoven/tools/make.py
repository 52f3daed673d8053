"""Writes the secret tests, always the same ones: python3 tools/make.py in the package."""

import random
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
random.seed(64)


def walk(n, step):
    value, found = 0, []
    for _ in range(n):
        value += random.randint(-step, step)
        found.append(value)
    return found


TESTS = {
    "01-one": (0, [5]),
    "02-equal": (0, [7] * 50),
    "03-never": (0, list(range(100))),
    "04-end": (3, [9, 1, 9, 1, 2, 3, 4, 1]),
    "05-negative": (4, [-10, -6, -2, 2, -1, 0, 1, 3, -1000000000, 1000000000]),
    "06-walk": (50, walk(1000, 9)),
    "07-all": (10**9, [random.randint(-499_999_999, 500_000_000) for _ in range(20_000)]),
    "08-long-walk": (1800, walk(20_000, 20)),
    "09-saw": (19_999, [i if i % 2 else -i for i in range(20_000)]),
}
for name, (d, values) in TESTS.items():
    text = f"{len(values)} {d}\n{' '.join(map(str, values))}\n"
    (HERE / "data" / "secret" / f"{name}.in").write_text(text)
    run = [sys.executable, HERE / "submissions" / "accepted" / "deque.py"]
    answer = subprocess.run(run, input=text, capture_output=True, text=True, check=True).stdout
    (HERE / "data" / "secret" / f"{name}.ans").write_text(answer)
