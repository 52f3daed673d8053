"""Writes the secret tests, always the same ones: python3 tools/make.py in the package."""

import random
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
random.seed(4)


def spool(most):
    radius, thickness = random.randint(100, 1_000_000), random.randint(10, 10_000)
    return f"{radius / 1000:.3f} {thickness / 1000:.3f} {random.randint(1, most)}"


TESTS = {
    "01-one-turn": ["0.1 0.01 1", "1000 10 1", "10 1 2"],
    "02-small": [spool(20) for _ in range(50)],
    "03-middle": [spool(1000) for _ in range(1000)],
    "04-large": [spool(10**9) for _ in range(1000)],
    "05-largest": ["0.1 0.01 1000000000", "1000 10 1000000000", "1000 0.01 1"],
}
for name, spools in TESTS.items():
    text = f"{len(spools)}\n" + "".join(f"{line}\n" for line in spools)
    (HERE / "data" / "secret" / f"{name}.in").write_text(text)
    run = [sys.executable, HERE / "submissions" / "accepted" / "series.py"]
    answer = subprocess.run(run, input=text, capture_output=True, text=True, check=True).stdout
    (HERE / "data" / "secret" / f"{name}.ans").write_text(answer)
