"""Whatever outlives a process: shared memory, semaphores, queues, keys."""

import multiprocessing
from multiprocessing import shared_memory

from attempt import call, held, refused, refused_calls, through

CREATE = 0o1000 | 0o777
refused_calls(
    shmget=(42, 4096, CREATE),
    semget=(42, 1, CREATE),
    msgget=(42, CREATE),
    mq_open=(b"mine", 0o102, 0o777, 0),
)
refused("POSIX shared memory", lambda: shared_memory.SharedMemory("mine", True, 99), also={2, 30})
refused("POSIX semaphore", multiprocessing.Semaphore, also={2, 30})
for kind in ("shm", "sem", "msg"):
    if len(open(f"/proc/sysvipc/{kind}").readlines()) > 1:
        through(f"SysV {kind}")
refused("a key", call, "add_key", b"user", b"mine", b"x", 1, -4)
held()
