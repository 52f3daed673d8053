"""Other people's processes, containers and submissions, by number and by name."""

import os

from attempt import NOT_THERE, call, closed, held, refused, through

mine = {"1", str(os.getpid())}
if others := {name for name in os.listdir("/proc") if name.isdigit()} - mine:
    through(f"processes {others}")
for pid in (*range(2, 50), 300, 1000, 20_000):
    if pid != os.getpid():
        refused(f"process {pid}", os.kill, pid, 0, also={3})
for path in ("/work/..", "/work/../home", "/proc/self/root/root", "/host", "/mnt", "/media"):
    for name in ("submissions", "secret", "data", "expected", "checks", "podium.db", ".env"):
        closed(f"{path}/{name}")
for uid in range(os.getuid() - 3, os.getuid() + 4):
    if uid != os.getuid():
        refused(f"become {uid}", os.setuid, uid)
for number in range(1, 40):
    refused(f"handle {number}", call, "open_by_handle_at", 3, bytes([8, 0, 0, 0, 1, number]), 0)
closed("/var/lib/docker")
closed("/rig")
refused("the host's first process", os.readlink, "/proc/1/root", also=NOT_THERE)
held()
