"""How fast browser builds are judged: from hand-in to the verdicts of the first ten checks.

`.venv/bin/python bench/browser.py [--times N] [--json]` judges a small build of ten checks (open,
half a second of page time, one look) with a rig that waits and without, with films and without,
interleaved, and prints medians and minima beside the goal. Ends with 1 when a verdict is wrong.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE))

from sandbox.images.build import build_images  # noqa: E402 - after the path is set
from sandbox.rigs import RigPool  # noqa: E402
from sandbox.runner import FIRST_CHECKS, judge  # noqa: E402
from sandbox.task import load  # noqa: E402

GOAL = 2.0  # seconds, warm, with films as the site judges
TASK = """
format: podium-browser-build/1
id: ten
name: {zh: 十项, en: Ten}
minutes: 10
files: [index.html]
index: index.html
limits: {archive_mb: 2, files: 20, unpacked_mb: 4, wall_seconds: 300, memory_mb: 1024}
start: start
checks: checks
statement: {zh: zh.md, en: en.md}
maxima: {A1.01: 100}
start_expected: {total: 0, default: zero}
"""
CHECKS = """
import { check, claim } from 'podium-rig';
for (let n = 0; n < 10; n += 1) {
  const title = { zh: '标题', en: 'Heading' };
  const meta = { id: `heading-${n}`, aspect: 'A1.01', title, points: { add: 10 } };
  check(meta, async ({ page, rig }) => {
    claim(await rig.open() === 200, { zh: '没有首页', en: 'no index' });
    await rig.run(500);
    claim(await page.locator('h1').count() === 1, { zh: '没有标题', en: 'no heading' });
  });
}
"""
PAGE = "<!doctype html><html lang=en><title>Ten</title><h1>Ten</h1>"


def package(folder):
    files = {"task.yaml": TASK, "checks/ten.spec.mjs": CHECKS, "start/index.html": PAGE}
    for name, text in (files | {"zh.md": "十", "en.md": "Ten", "site/index.html": PAGE}).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return load(folder), folder / "site"


def once(task, site, image, warm, film):
    """Seconds to the first verdict, to the tenth, and to the end."""
    pool = RigPool()
    told = []
    try:
        if warm:
            pool.prepare(image, task)
            if not pool.stands(image, task, patience=120):
                sys.exit("no rig stands ready: is there memory for one?")
        with tempfile.TemporaryDirectory() as evidence:
            began = time.perf_counter()
            result = judge(
                task,
                site,
                Path(evidence) if film else None,
                on_progress=lambda *_: told.append(time.perf_counter() - began),
                image=image,
                rigs=pool,
            )
            ended = time.perf_counter() - began
    finally:
        pool.close()
    films = sum(piece.kind == "film" for check in result.checks for piece in check.evidence)
    if result.verdict.value != "AC" or films != (FIRST_CHECKS if film else 0):
        sys.exit(f"a wrong verdict: {result.verdict} {result.message_en} ({films} films)")
    return told[1], told[FIRST_CHECKS], ended


def measure(times):
    image = build_images(lambda _: None)
    kinds = list(product((True, False), (True, False)))
    found = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as folder:
        task, site = package(Path(folder))
        for _ in range(times):
            for kind in kinds:
                found[kind].append(once(task, site, image, *kind))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    load_before = os.getloadavg()[0]
    found = measure(asked.times)
    rows = {}
    for (warm, film), runs in found.items():
        name = f"{'warm' if warm else 'cold'}, {'with' if film else 'without'} films"
        first, tenth, end = (statistics.median(column) for column in zip(*runs, strict=True))
        least = min(run[1] for run in runs)
        rows[name] = {"first": first, "tenth": tenth, "least tenth": least, "end": end}
    if asked.json:
        print(json.dumps({"load before": load_before, "goal": GOAL, "seconds": rows}))
        return
    print(f"seconds from hand-in, medians of {asked.times}; load before {load_before:.1f}")
    print(f"{'':24}{'1st check':>10}{'10th':>8}{'least':>8}{'end':>8}")
    for name, row in rows.items():
        line = f"{name:24}{row['first']:10.2f}{row['tenth']:8.2f}{row['least tenth']:8.2f}"
        goal = f"   goal: 10th < {GOAL:g}" if name.startswith("warm") else ""
        print(f"{line}{row['end']:8.2f}{goal}")


if __name__ == "__main__":
    main()
