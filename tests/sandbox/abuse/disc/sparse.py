"""Files that say they are huge and hold nothing, and room that is asked for beforehand."""

import os

from attempt import held, refused

E2BIG = {27, 28}  # file too large, no space left
file = os.open("huge", os.O_RDWR | os.O_CREAT)
refused("a file of 1 TB", os.truncate, "huge", 1 << 40, also=E2BIG)
refused("a file of 65 MB", os.ftruncate, file, 65 << 20, also=E2BIG)
refused("room for 1 TB", os.posix_fallocate, file, 0, 1 << 40, also=E2BIG)
refused("a byte far away", os.pwrite, file, b"x", 1 << 40, also=E2BIG)
os.truncate("huge", 64 << 20)
held()
