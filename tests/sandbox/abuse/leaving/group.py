"""Ends its group, its session and everybody it may, so that the agent goes with them."""

import os
import signal

if os.fork() == 0:
    for group in (0, -1):
        try:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.kill(group, signal.SIGTERM)
            os.kill(group, signal.SIGHUP)
        except OSError:
            pass
    os._exit(0)
os.wait()
os.kill(-1, signal.SIGKILL)
os.kill(0, signal.SIGKILL)
