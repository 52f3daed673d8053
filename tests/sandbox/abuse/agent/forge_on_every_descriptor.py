"""Says what the agent says to the host, on every descriptor it has or can open again."""

import json
import os

from attempt import through

head = json.dumps(
    {"event": "exit", "code": 0, "signal": 0, "stopped": "", "cpu_ns": 1, "wall_ns": 1, "ended": 1}
    | {"idle": 0, "read": 0, "peak": 1, "counted": True, "oom_kills": 0, "trouble": ""}
    | {"gone": True, "err": 0, "size": 5}
).encode()
forged = len(head).to_bytes(4, "big") + head + b"14\n[]"
theirs = {os.readlink(f"/proc/self/fd/{n}") for n in range(3)}
for number in range(3, 1024):
    try:
        os.write(number, forged)
        through(f"descriptor {number}")
    except OSError:
        pass
for name in os.listdir("/proc/self/fd"):
    try:
        if os.readlink(f"/proc/self/fd/{name}") not in theirs | {f"/proc/{os.getpid()}/fd"}:
            through(f"a descriptor that was left open: {name}")
    except OSError:
        pass
for pid in filter(str.isdigit, os.listdir("/proc")):
    for number in range(64):
        if int(pid) != os.getpid():
            try:
                os.write(os.open(f"/proc/{pid}/fd/{number}", os.O_WRONLY | os.O_NONBLOCK), forged)
                through(f"descriptor {number} of {pid}")
            except OSError:
                pass
for number in (1, 2):
    os.write(number, forged)
print("\nheld", 1024)
