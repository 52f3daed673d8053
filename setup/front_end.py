"""The front end and the translations: built when their sources have changed."""

from __future__ import annotations

from pathlib import Path

from setup.places import BIN, DIST, FRONTEND, ROOT
from setup.report import quietly, step
from setup.stamps import fingerprint, fresh, mark


def packages() -> None:
    """npm's packages exactly as locked. Node.js itself comes from .venv."""
    inputs = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    wanted = fingerprint(inputs, str(ROOT))
    stamp = FRONTEND / "node_modules" / ".podium"
    if fresh(stamp, wanted):
        return
    with step("安装前端依赖", "front-end packages"):
        quietly([BIN / "npm", "ci", "--no-audit", "--no-fund"], cwd=FRONTEND)
    mark(stamp, wanted)


def build() -> None:
    """static/dist from frontend/. Templates count too: Tailwind reads its class names there."""
    packages()
    wanted = fingerprint([FRONTEND, ROOT / "templates"])
    stamp = DIST / ".inputs"
    if fresh(stamp, wanted):
        return
    with step("构建前端", "building the front end"):
        quietly([BIN / "npm", "run", "build"], cwd=FRONTEND)
    mark(stamp, wanted)


def translations() -> None:
    """messages.mo beside every messages.po that is newer."""
    catalogues = list((ROOT / "translations").glob("*/LC_MESSAGES/messages.po"))
    if all(_compiled(path.stat().st_mtime, path.with_suffix(".mo")) for path in catalogues):
        return
    with step("编译翻译", "compiling the translations"):
        # -f: Babel marks the heading of a new catalogue "fuzzy", and would skip it all otherwise.
        quietly([BIN / "pybabel", "compile", "-f", "-d", "translations"])


def _compiled(changed: float, result: Path) -> bool:
    return result.exists() and result.stat().st_mtime >= changed
