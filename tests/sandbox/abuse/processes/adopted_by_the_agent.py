"""Clones itself with CLONE_PARENT: the copies are the agent's own children, not ours."""

import os
import signal

from attempt import call

CLONE_PARENT = 0x8000
for _ in range(20):
    if call("clone", CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0) == 0:
        if os.getppid() == 1:
            os._exit(42)
        os._exit(1)
for _ in range(5):
    if call("clone", CLONE_PARENT | signal.SIGCHLD, 0, 0, 0, 0) == 0:
        signal.pause()
print("held", 25)
