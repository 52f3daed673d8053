"""Its input is memory of the agent's: tries to change, lengthen, map or hand it on."""

import fcntl
import mmap
import os

from attempt import held, refused

refused("write", os.write, 0, b"x", also={9})
refused("write at", os.pwrite, 0, b"x", 0, also={9})
refused("cut", os.ftruncate, 0, 0, also={22})
refused("open for writing", os.open, "/proc/self/fd/0", os.O_RDWR)
refused("map", mmap.mmap, 0, 1, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
refused("seal", fcntl.fcntl, 0, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SEAL)
refused("mode", os.fchmod, 0, 0o777)
refused("owner", os.fchown, 0, os.getuid(), -1)
for stream in (1, 2):
    refused("read what was said", os.open, f"/proc/self/fd/{stream}", os.O_RDONLY | os.O_NONBLOCK)
    refused("mode of a stream", os.fchmod, stream, 0o777)
held()
