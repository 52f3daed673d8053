"""Its own limits, the agent's and the container's: raises what it can reach."""

import glob
import os
import resource
import struct

from attempt import NOT_THERE, call, closed, held, refused, through

for name in ("CPU", "NPROC", "NOFILE", "FSIZE", "CORE", "MEMLOCK", "STACK", "MSGQUEUE"):
    kind = getattr(resource, f"RLIMIT_{name}", 12)
    hard = resource.getrlimit(kind)[1]
    for wanted in (hard + 1, resource.RLIM_INFINITY):
        try:
            resource.setrlimit(kind, (wanted, wanted))
            through(f"RLIMIT_{name}")
        except (ValueError, OSError):
            pass
limit = struct.pack("QQ", 1, 1)
for kind in range(16):
    refused(f"limit {kind} of the agent", call, "prlimit64", 1, kind, limit, 0)
for kind in ("memory/memory.limit_in_bytes", "cpu/cpu.shares", "pids/pids.max", "memory.max"):
    closed(f"/sys/fs/cgroup/{kind}", write=True)
for path in glob.glob("/sys/fs/cgroup/**/*procs", recursive=True):
    closed(path, write=True)
for path in glob.glob("/sys/fs/cgroup/*/release_agent"):
    closed(path, write=True)
for folder in glob.glob("/sys/fs/cgroup/*/"):
    refused(f"a cgroup in {folder}", os.mkdir, f"{folder}mine", also=NOT_THERE)
held()
