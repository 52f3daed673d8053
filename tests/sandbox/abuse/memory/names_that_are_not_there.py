"""Asks for files that do not exist: the kernel remembers every one of them."""

import os

for n in range(150_000):
    os.path.exists(f"/usr/{n:0200d}")
print("held")
