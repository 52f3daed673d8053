"""Writes the faulty submissions from the reference build: each is the reference, less one thing.

python tasks/sky-battle/submissions/make.py   after a change of the reference or the start

What it writes is committed, so that judging the package needs no step. `reference` and `canvas` are
written by hand.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
REFERENCE: Final = HERE / "reference" / "site"
START: Final = HERE.parent / "start"
HOOK: Final = re.compile(r' data-sky="[a-z]+"')

Change = tuple[str, str, str]  # file, what stands there once, what stands there instead

CHANGES: Final[dict[str, tuple[Change, ...]]] = {
    "no-collision": (
        (
            "js/flight.js",
            "if (!overlap(this.plane, thing, 7)) continue;",
            "if (thing.kind !== 'drop' || !overlap(this.plane, thing, 7)) continue;",
        ),
    ),
    "fuel-never-falls": (
        (
            "js/flight.js",
            "    this.fuel = Math.max(0, this.fuel - (this.seconds - before));\n",
            "",
        ),
        ("js/flight.js", "    const before = this.seconds;\n", ""),
    ),
    "rock-score-wrong": (("js/flight.js", "hits: 2, points: 10,", "hits: 2, points: 5,"),),
    "pause-only-hides": (
        ("js/main.js", "new Keys(() => screen() === 'flying', press)", "new Keys(going, press)"),
        (
            "js/main.js",
            "  if (screen() === 'flying') {\n    const events",
            "  if (going()) {\n    const events",
        ),
        (
            "js/main.js",
            "function begin() {",
            "/** Paused or not, the flight goes on: the fault of this build. */\n"
            "function going() {\n  return ['flying', 'paused'].includes(screen());\n}\n\n"
            "function begin() {",
        ),
    ),
    "console-errors-external": (
        (
            "index.html",
            '  <link rel="stylesheet" href="css/page.css">\n',
            '  <link rel="stylesheet" href="https://fonts.example.com/css?family=Sky">\n'
            '  <link rel="stylesheet" href="css/page.css">\n',
        ),
        (
            "js/main.js",
            "function begin() {\n",
            "function begin() {\n  console.error('debug: flight');\n",
        ),
        (
            "css/page.css",
            ".far { height",
            ".cabinet { background: url(missing.png); }\n.far { height",
        ),
    ),
    "no-hooks": (
        ("js/view.js", "    sprite.dataset.sky = kind;\n", ""),
        ("js/ranking.js", "  table.dataset.sky = 'ranking';\n", ""),
        ("js/main.js", "$('[data-sky=larger]')", "$('.larger')"),
        ("js/main.js", "$('[data-sky=smaller]')", "$('.smaller')"),
        ("index.html", 'data-sky="smaller"', 'class="smaller"'),
        ("index.html", 'data-sky="larger"', 'class="larger"'),
    ),
}


def fresh(name: str, source: Path) -> Path:
    site = HERE / name / "site"
    if site.exists():
        shutil.rmtree(site)
    shutil.copytree(source, site)
    return site


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    if text.count(old) != 1:
        raise ValueError(f"{path} holds {text.count(old)} times: {old}")
    path.write_text(text.replace(old, new), "utf-8")


def make() -> None:
    for name, changes in CHANGES.items():
        site = fresh(name, REFERENCE)
        for file, old, new in changes:
            change(site / file, old, new)
    index = HERE / "no-hooks" / "site" / "index.html"
    index.write_text(HOOK.sub("", index.read_text("utf-8")), "utf-8")
    fresh("empty-start", START)
    site = fresh("no-index", REFERENCE)
    (site / "index.html").rename(site / "game.html")


if __name__ == "__main__":
    make()
