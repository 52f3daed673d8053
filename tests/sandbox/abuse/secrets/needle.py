"""Looks through everything it can read for a word that the test has hidden on the host.

It is in the host's environment and files, in the neighbour's box, and in what the run before this
one in the same box was given and wrote.
"""

import os

from attempt import held, through

NEEDLE = b"needle-of-" + b"the-host"
SKIPPED = ("/proc", "/sys", "/usr", "/rig", "/opt", "/node_modules")
read = 0


def look(path):
    global read
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return
    try:
        while piece := os.read(file, 1 << 20):
            read += len(piece)
            if NEEDLE in piece:
                through(path)
            if path.startswith("/dev/"):
                break
    except OSError:
        pass
    finally:
        os.close(file)


for top in os.listdir("/"):
    if f"/{top}" not in SKIPPED:
        for folder, _, names in os.walk(f"/{top}"):
            for name in names:
                look(os.path.join(folder, name))
for pid in os.listdir("/proc"):
    for name in ("environ", "cmdline", "mountinfo", "comm", "cgroup", "status", "maps"):
        look(f"/proc/{pid}/{name}")
for name in os.listdir("/proc"):
    if not name.isdigit() and name not in ("kmsg", "self", "thread-self"):
        look(f"/proc/{name}")
if NEEDLE in os.read(0, 1000):
    through("input of the run before")
memory = bytearray(16 << 20)  # pages that others had before us
if any(memory):
    through("memory of somebody else")
if read < 1000:
    through("nothing was read at all")
held(read)
