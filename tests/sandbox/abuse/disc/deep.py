"""Folders in folders, far deeper than a path may be long."""

import os

depth = 0
try:
    for depth in range(100_000):
        os.mkdir("d" * 100)
        os.chdir("d" * 100)
except OSError:
    pass
open("at-the-bottom", "x").close() if depth < 3000 else None
print("held", depth)
