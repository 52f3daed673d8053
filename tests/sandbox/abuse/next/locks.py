"""Locks, leases and watches on what everybody reads, held by a daemon."""

import fcntl
import os
import sys
import time

from attempt import held, refused

if os.fork() == 0:
    os.setsid()
    files = [open(name, "rb") for name in ("honest.py", "/etc/passwd", sys.executable)]
    for file in files:
        fcntl.flock(file, fcntl.LOCK_EX)
    time.sleep(20)
time.sleep(0.1)
file = os.open("honest.py", os.O_RDONLY)
refused("a lease", fcntl.fcntl, file, fcntl.F_SETLEASE, fcntl.F_RDLCK, also={11})
folder = os.open("/work", os.O_RDONLY)
try:
    fcntl.fcntl(folder, fcntl.F_NOTIFY, fcntl.DN_CREATE | fcntl.DN_MODIFY | fcntl.DN_MULTISHOT)
except OSError:
    pass
held()
