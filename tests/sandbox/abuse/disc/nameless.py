"""Files that are removed and still held by a process that has left everything."""

import os
import time

if os.fork() == 0:
    os.setsid()
    files = []
    for n in range(40):
        files.append(open(f"gone-{n}", "w+b", buffering=0))
        files[-1].write(bytes(1 << 20))
        os.unlink(f"gone-{n}")
    time.sleep(20)
time.sleep(0.1)
print("held")
