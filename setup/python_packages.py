"""The virtual environment in .venv with the locked Python packages, made by uv."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from setup import debian
from setup.places import BIN, MACHINE, ROOT, VENV, environment
from setup.report import quietly, step
from setup.stamps import fingerprint, fresh, mark

PRIVATE_UV = MACHINE / "uv"

# What each kind of work asks uv for. `make run` leaves the test tools that are there alone.
RUN = ["--no-default-groups", "--inexact"]
TEST = ["--all-extras"]


def uv() -> Path:
    """The machine's own uv, or a private one from the package index."""
    found = shutil.which("uv")
    if found and _works(Path(found)):  # pyenv leaves shims that only say "not found"
        return Path(found)
    private = PRIVATE_UV / "bin" / "uv"
    if not _works(private):
        if importlib.util.find_spec("ensurepip") is None:  # Debian packs it apart from Python
            debian.install(["python3-venv"])
        with step("安装 uv", "installing uv"):
            quietly([sys.executable, "-m", "venv", "--clear", PRIVATE_UV])
            quietly([PRIVATE_UV / "bin" / "python", "-m", "pip", "install", "-q", "uv"])
    return private


def _works(program: Path) -> bool:
    try:
        return (
            subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def ensure(groups: list[str]) -> None:
    """Installs what uv.lock says, unless it is all there."""
    inputs = [ROOT / "pyproject.toml", ROOT / "uv.lock"]
    wanted = fingerprint(inputs, str(ROOT))
    stamps = {"run": VENV / ".podium-run", "test": VENV / ".podium-test"}
    # A full environment serves `make run` too; the other way round it does not.
    enough = [stamps["test"]] if groups is TEST else [stamps["test"], stamps["run"]]
    if (BIN / "podium").exists() and any(fresh(stamp, wanted) for stamp in enough):
        return
    tool = uv()
    with step("安装 Python 依赖", "Python packages"):
        # Compiled once here: otherwise every start of a command would compile what it imports.
        sync: list[str | Path] = [tool, "sync", "--frozen", "--compile-bytecode", *groups]
        quietly(sync, env=environment())
    mark(stamps["test" if groups is TEST else "run"], wanted)
