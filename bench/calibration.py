"""Is what a program box measures true? Programs of known time and memory, run and compared.

`.venv/bin/python bench/calibration.py [--image IMAGE] [--times 7] [--json]` compiles known.c in
the box itself, runs each row so many times and prints truth, median and the
worst of the medians' errors. Rows that spread over several processes are the ones that wait4 and
rusage get wrong. Ends with 1 when a median is further than 1 ms or 1 MB from the truth.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from bench.images import chosen  # noqa: E402 - after the path is set
from sandbox.docker_program import DockerProgramBox  # noqa: E402
from sandbox.programs import ProgramLimits  # noqa: E402

SOURCE = HERE / "bench" / "known.c"
COMPILE = ("gcc", "-O1", "-static", "-pthread", "-o", "known", "known.c")
LIMITS = ProgramLimits(cpu_ms=5000, memory_mb=512, processes=64)
MS, MB = 1.0, 1.0  # how far from the truth a median may be

# The words, and the megabytes; None: this row is about processor time, whose truth the program's
# own clocks say: a fork costs time as well.
ROWS = [
    (("burn", "5"), None),
    (("burn", "50"), None),
    (("burn", "400"), None),
    (("calls", "100"), None),
    (("threads", "100", "2"), None),
    (("children", "10", "20"), None),
    (("left", "50", "150"), None),
    (("hold", "1"), 1),
    (("hold", "16"), 16),
    (("hold", "200"), 200),
    (("shared", "32"), 32),
    (("freed", "64", "8"), 64),
    (("stack", "24"), 24),
    (("file", "24"), 24),
    (("family", "16", "4"), 64),
    (("held-left", "48"), 48),
]


def known(box):
    """The program, out of the box's own compiler."""
    box.put({"known.c": SOURCE.read_bytes()})
    ran = box.run(COMPILE, ProgramLimits(cpu_ms=20_000, memory_mb=512))
    if ran.verdict:
        sys.exit(f"gcc failed: {ran.stderr.decode()}")
    return box.products(10_000_000)["known"]


def cpu_limit(box, times):
    """By how much a limit of 100 ms is overshot, at most."""
    over = []
    for words in (("burn", "3000"), ("threads", "3000", "2"), ("left", "1", "3000")):
        for _ in range(times):
            ran = box.run(["./known", *words], ProgramLimits(cpu_ms=100, memory_mb=64))
            over.append(ran.cpu_ms - 100)
    return max(over)


def measured(box, times):
    for words, memory in ROWS:
        runs = [box.run(["./known", *words], LIMITS) for _ in range(times)]
        bad = [ran for ran in runs if ran.verdict]
        row = {"row": " ".join(words), "failed": len(bad)}
        if memory is None:
            truths = [float(ran.stdout or 0) for ran in runs]
            values = [ran.cpu_ms for ran in runs]
            row |= {"unit": "ms", "truth": statistics.median(truths), "allowed": MS}
            errors = [value - truth for value, truth in zip(values, truths, strict=True)]
        else:
            values = [ran.memory_kb / 1024 for ran in runs]
            row |= {"unit": "MB", "truth": memory, "allowed": MB}
            errors = [value - memory for value in values]
        middle = statistics.median(values)
        row |= {"median": middle, "least": min(values), "most": max(values)}
        row["error"] = statistics.median(errors)
        row["at_least"] = any(ran.memory_at_least for ran in runs)
        yield row


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    box = DockerProgramBox(chosen(asked.image, "c"))
    try:
        box.put({"known": known(box)})
        rows = list(measured(box, asked.times))
        over = cpu_limit(box, asked.times)
    finally:
        box.close()
    if asked.json:
        print(json.dumps({"rows": rows, "overshoot_ms": over}))
    else:
        print(f"{'program':18}{'truth':>10}{'median':>10}{'error':>9}{'least':>10}{'most':>10}")
        for row in rows:
            figures = "".join(f"{row[key]:10.2f}" for key in ("least", "most"))
            print(
                f"{row['row']:18}{row['truth']:>7.1f} {row['unit']}{row['median']:10.2f}"
                f"{row['error']:+9.2f}{figures}{'  at least' if row['at_least'] else ''}"
            )
        print(f"a CPU limit of 100 ms was overshot by {over:.1f} ms at most (goal 10)")
    wrong = [row for row in rows if row["failed"] or abs(row["error"]) > row["allowed"]]
    sys.exit(1 if wrong or over > 10 else 0)


if __name__ == "__main__":
    main()
