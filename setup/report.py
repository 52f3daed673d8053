"""What a person sees while `make` works: one line a step, everything else in var/log/setup.log."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from setup.places import LOG, ROOT, environment

SETUP_LOG = LOG / "setup.log"
TAIL = 15


class Failed(Exception):
    """Set-up cannot go on, in one sentence of each language."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n  {en}")


def say(zh: str, en: str) -> None:
    sys.stdout.write(f"  {zh} · {en}\n")
    sys.stdout.flush()


@contextmanager
def step(zh: str, en: str) -> Iterator[None]:
    """Names what is being done at once, and adds how long it took when it is done."""
    sys.stdout.write(f"  {zh} · {en} … ")
    sys.stdout.flush()
    began = time.monotonic()
    try:
        yield
    except BaseException:
        sys.stdout.write("失败 · failed\n")
        raise
    sys.stdout.write(f"{time.monotonic() - began:.1f} s\n")
    sys.stdout.flush()


def quietly(
    command: Sequence[str | Path], cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> None:
    """Runs a command whose output goes to the log; when it fails, its last lines are shown."""
    LOG.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in command]
    with SETUP_LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(words)}\n".encode())
        log.flush()
        begins = log.tell()
        done = subprocess.run(
            words,
            cwd=cwd,
            env=env or environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        shown = last_lines(SETUP_LOG, begins)
        raise Failed(
            f"命令失败（{done.returncode}）：{' '.join(words)}。完整记录：{SETUP_LOG}",
            f"That command failed ({done.returncode}); the whole log is in {SETUP_LOG}\n{shown}",
        )


def answer(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str:
    """What a command says on its standard output; its errors go to the log."""
    LOG.mkdir(parents=True, exist_ok=True)
    with SETUP_LOG.open("ab") as log:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=ROOT,
            env=env or environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            check=False,
        )
    return done.stdout if done.returncode == 0 else ""


def aloud(
    command: Sequence[str | Path], cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> int:
    """Runs a command whose output the person wants to see, and returns its exit code."""
    sys.stdout.flush()
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, env=env or environment(), check=False).returncode


def last_lines(log: Path, begins: int = 0) -> str:
    """The end of a log, from a position on, set off from our own words."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(begins)
        lines = [line.decode("utf-8", "replace").rstrip() for line in deque(file, TAIL)]
    return "\n".join(f"    | {line}" for line in lines)
