"""Eight processes in sessions of their own burn time together; the first one sleeps."""

import os
import time

for _ in range(8):
    if os.fork() == 0:
        os.setsid()
        end = time.monotonic() + 20
        while time.monotonic() < end:
            pass
        os._exit(0)
time.sleep(20)
