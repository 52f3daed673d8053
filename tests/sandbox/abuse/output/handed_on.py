"""Ends at once, and leaves both streams to children who go on talking into them."""

import os

for _ in range(6):
    if os.fork() == 0:
        os.setsid()
        for _ in range(1_000_000):
            os.write(1, b"still here\n" * 400)
            os.write(2, b"still here\n" * 400)
print("held")
