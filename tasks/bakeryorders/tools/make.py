"""Writes the secret tests, always the same ones: python3 tools/make.py in the package."""

import random
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
random.seed(32)


def orders(n, longest, latest):
    return [(random.randint(1, longest), random.randint(1, latest)) for _ in range(n)]


TESTS = {
    "1-few/01": [(5, 4)],
    "1-few/02": [(3, 3), (2, 4), (2, 5), (2, 6)],
    "1-few/03": orders(10, 10, 40),
    "1-few/04": orders(10, 5, 12),
    "2-some/01": orders(400, 100, 10_000),
    "2-some/02": orders(400, 10**9, 10**9),
    "2-some/03": [(i + 1, 400) for i in range(400)],
    "3-many/01": orders(20_000, 1000, 5_000_000),
    "3-many/02": orders(20_000, 10**5, 10**9),
    "3-many/03": [(20_001 - i, 10**9) for i in range(20_000)],
}
for name, given in TESTS.items():
    text = f"{len(given)}\n" + "".join(f"{t} {d}\n" for t, d in given)
    (HERE / "data" / "secret" / f"{name}.in").write_text(text)
    run = [sys.executable, HERE / "submissions" / "accepted" / "heap.py"]
    answer = subprocess.run(run, input=text, capture_output=True, text=True, check=True).stdout
    (HERE / "data" / "secret" / f"{name}.ans").write_text(answer)
