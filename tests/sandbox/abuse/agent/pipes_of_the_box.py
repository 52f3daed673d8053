"""The folder over which agent and host found each other: it must be empty and closed."""

import os

from attempt import NOT_THERE, closed, held, refused

refused("list", os.listdir, "/podium")
for name in ("in", "out", "owner"):
    closed(f"/podium/{name}")
    closed(f"/podium/{name}", write=True)
refused("a file of ours", os.open, "/podium/x", os.O_CREAT | os.O_WRONLY, also=NOT_THERE)
refused("another pipe", os.mkfifo, "/work/out")
refused("remove it", os.rmdir, "/podium", also=NOT_THERE | {16})
held()
