"""Children that end and are never buried, up to the limit."""

import os

made = 0
for _ in range(5000):
    try:
        if os.fork() == 0:
            os._exit(0)
        made += 1
    except OSError:
        break
print("held", made)
