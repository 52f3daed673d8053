"""From an agent's figures to what one run came to. Pure: the limit hit decides the verdict."""

from __future__ import annotations

import signal
from typing import Any, Final

from sandbox.programs import WORK, ProgramLimits, Ran
from sandbox.verdict import Verdict

MIB: Final = 1 << 20
NOT_STARTED: Final = 127  # what a shell says of a program that cannot be started


def ran(
    told: dict[str, Any], limits: ProgramLimits, out: bytes, err: bytes, peak: int | None = None
) -> Ran:
    """`peak` is the host's own figure where the agent cannot know it (cgroup version 2)."""
    memory = max(0, (told["peak"] if peak is None else peak) - told["idle"] - told["read"])
    return Ran(
        verdict=verdict(told, limits, memory),
        exit_code=told["code"],
        signal=0 if told["stopped"] else told["signal"],
        cpu_ms=max(0, told["cpu_ns"]) / 1e6,
        wall_ms=told["wall_ns"] / 1e6,
        memory_kb=memory // 1024,
        memory_at_least=not (told["counted"] or peak is not None),
        stdout=out,
        stderr=err or told["trouble"].encode(),
    )


def verdict(told: dict[str, Any], limits: ProgramLimits, memory: int) -> Verdict | None:
    """The first in the house's order; None: it ended by itself and said that all was well."""
    ended = told["signal"]
    reached = {
        Verdict.OLE: told["stopped"] == "output" or ended == signal.SIGXFSZ,
        Verdict.MLE: told["oom_kills"] > 0 or memory > limits.memory_mb * MIB,
        Verdict.TLE: told["stopped"] == "cpu"
        or told["cpu_ns"] > limits.cpu_ms * 1_000_000
        or ended == signal.SIGXCPU,
        Verdict.ILE: told["stopped"] == "wall",
        Verdict.SIG: ended != 0,
        Verdict.RTE: told["code"] != 0,
    }
    return next((each for each, true in reached.items() if true), None)


def could_not_start(told: dict[str, Any], program: str) -> str:
    """Why a program of the image's could not be started: our fault, not a competitor's. A file in
    the work folder that is no program is theirs, and ends with NOT_STARTED."""
    theirs = program.startswith((WORK, "./", "../"))
    return "" if theirs or told["code"] != NOT_STARTED else str(told["trouble"])
