"""Writes the secret tests, always the same ones: python3 tools/make.py in the package."""

import random
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
random.seed(13)


def mixed(*sizes):
    found = [team for team, size in enumerate(sizes, 1) for _ in range(size)]
    random.shuffle(found)
    return found


TESTS = {
    "01-one": [1],
    "02-two-alike": [1, 1],
    "03-just-enough": mixed(5, 2, 2),
    "04-one-too-many": mixed(6, 2, 2),
    "05-in-blocks": [1, 1, 2, 2, 3, 3],
    "06-random": [random.randint(1, 50) for _ in range(1000)],
    "07-half": mixed(10_000, *[10] * 1000),
    "08-all-different": list(range(1, 20_001)),
    "09-thirteen": [random.randint(1, 13) for _ in range(20_000)],
    "11-middle": [1, 2, 2, 2, 2, 3, 3],
    "10-too-many": mixed(10_002, *[9] * 1110),
}
for name, teams in TESTS.items():
    text = f"{len(teams)}\n{' '.join(map(str, teams))}\n"
    (HERE / "data" / "secret" / f"{name}.in").write_text(text)
    run = [sys.executable, HERE / "submissions" / "accepted" / "every_other.py"]
    answer = subprocess.run(run, input=text, capture_output=True, text=True, check=True).stdout
    (HERE / "data" / "secret" / f"{name}.ans").write_text(answer)
