"""All that /proc shows of the agent: its memory, its files, its pipes, its environment."""

import os

from attempt import NOT_THERE, closed, held, refused


def write(path, data):
    with open(path, "wb", buffering=0) as file:
        return file.write(data)


for name in ("mem", "environ", "auxv", "maps", "smaps", "pagemap", "stack", "syscall", "io"):
    closed(f"/proc/1/{name}")
    refused(f"read {name}", lambda n=name: open(f"/proc/1/{n}", "rb").read(99), also=NOT_THERE)
for name in ("fd", "fdinfo", "map_files", "ns"):
    refused(f"list {name}", os.listdir, f"/proc/1/{name}")
for name in ("root", "cwd", "exe", "ns/mnt", *(f"fd/{n}" for n in range(40))):
    refused(f"follow {name}", os.readlink, f"/proc/1/{name}")
    refused(f"enter {name}", os.open, f"/proc/1/{name}", os.O_RDONLY | os.O_NONBLOCK)
for name in ("mem", "oom_score_adj", "clear_refs", "comm", "coredump_filter"):
    closed(f"/proc/1/{name}", write=True)
refused("its sleep", write, "/proc/1/timerslack_ns", b"1")
held()
