"""Complains without end."""

import os

for _ in range(1_000_000):
    os.write(2, b"x" * 65_536)
