"""One byte at a time: the more often somebody has to wake up for it, the better."""

import os

for _ in range(100_000_000):
    os.write(1, b"x")
