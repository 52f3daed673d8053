"""A file without a name or a place; no limit of a folder knows it."""

import os

file = os.memfd_create("nothing")
for _ in range(1000):
    os.write(file, b"x" * (1 << 20))
