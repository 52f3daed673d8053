"""Puts itself in the agent's place, or in that of what the agent and the next program load."""

import os
import sys

from attempt import NOT_THERE, held, refused

made = os.O_CREAT | os.O_WRONLY
for path in (
    "/opt/podium/sandbox/inside/agent.py",
    "/opt/podium/sandbox/inside/x.py",
    sys.executable,
    os.__file__,
    f"/usr/lib/python3/dist-packages/sitecustomize{os.getpid()}.py",
    "/usr/local/bin/python3",
    "/usr/bin/sh",
    "/etc/ld.so.preload",
    "/etc/ld.so.cache",
    "/etc/passwd",
    "/root/.profile",
    "/tmp/x",
    "/var/tmp/x",
    "/dev/shm/x",
    "/dev/x",
    "/dev/mqueue/x",
    "/run/x",
    "/x",
):
    refused(path, os.open, path, made, also=NOT_THERE)
    refused(f"move {path}", os.rename, path, f"{path}-gone", also=NOT_THERE | {16, 18})
held()
