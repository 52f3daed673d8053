"""Thousands of spectators for the measurements: a C program, compiled at need."""

import os
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from hall.machine import LOAD, keep_on

BENCH = Path(__file__).resolve().parents[1]
NOTED = struct.Struct("<IIIIQ")  # as in spectators.c: message, sequence, released, size, at
AT_ONCE = 128  # connections on their way at a time


def compiled(name):
    """The program made from bench/NAME.c; ends with a sentence where there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise SystemExit("There is no C compiler here: sudo apt-get install gcc libc6-dev")
    source = BENCH / f"{name}.c"
    made = Path(tempfile.gettempdir()) / f"podium-{os.getuid()}-{name}-{source.stat().st_mtime_ns}"
    if not made.exists():
        unfinished = made.with_suffix(f".{os.getpid()}")
        subprocess.run([compiler, "-O2", "-o", unfinished, source], check=True)
        unfinished.rename(made)
    return str(made)


class Crowd:
    """Spectators at a port, each asking for one of `messages`; without any, at a bare server."""

    def __init__(self, port, count, folder, messages=()):
        self.out = Path(folder) / f"seen-{port}"
        self.lost = 0
        words = [compiled("spectators"), str(port), str(count), str(AT_ONCE), str(self.out)]
        self.process = subprocess.Popen(
            [*words, *(messages or ("-",))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        keep_on(self.process.pid, LOAD)
        self.seconds = float(self._told("there")[0])

    def _told(self, word):
        for line in self.process.stdout:
            first, *rest = line.split()
            if first == "lost":
                raise SystemExit("a spectator lost its connection: is the machine too busy?")
            if first == word:
                return rest
        raise SystemExit("the spectators ended before their time")

    def all_have(self):
        """Waits until all spectators of a message have a new board; gives the number of the
        message, the sequence, and when the first and the last had it (ns)."""
        return tuple(int(word) for word in self._told("all"))

    def end(self):
        """Sends everybody home; gives what was seen, as NOTED says."""
        self.process.stdin.close()
        for line in self.process.stdout:
            self.lost += line.startswith("lost")
        self.process.wait(30)
        data = self.out.read_bytes()
        return list(NOTED.iter_unpack(data[: len(data) // NOTED.size * NOTED.size]))
