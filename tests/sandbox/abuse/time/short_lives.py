"""One process after the other, each far below any limit of its own."""

import os

for _ in range(100_000):
    try:
        if os.fork() == 0:
            for _ in range(100_000):
                pass
            os._exit(0)
        os.wait()
    except OSError:
        pass
