"""Stops, so that nobody can wait for it in the usual way."""

import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
print("woken")
