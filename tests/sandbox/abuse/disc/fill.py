"""Writes until the disc is full, in many files, and tells how much it was."""

import os

total = 0
for n in range(200):
    try:
        with open(f"full-{n}", "wb", buffering=0) as file:
            total += file.write(bytes(4 << 20))
    except OSError:
        break
if total > 64 << 20:
    print("GOT THROUGH:", total, "bytes written")
print("held", total, len(os.listdir(".")))
