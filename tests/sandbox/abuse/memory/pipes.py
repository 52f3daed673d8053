"""Pipes as large as they may be, filled and read by nobody, in many processes."""

import fcntl
import os
import time

for _ in range(12):
    if os.fork() == 0:
        for _ in range(100):
            _, end = os.pipe()
            os.set_blocking(end, False)
            try:
                fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 1 << 20)
            except OSError:
                pass
            try:
                os.write(end, b"x" * (1 << 20))
            except BlockingIOError:
                pass
        time.sleep(1)
        os._exit(0)
for _ in range(12):
    os.wait()
print("held")
