"""The host's time and name, and one's own place in the queue for the processor."""

import os
import struct

from attempt import call, held, refused, refused_calls, through

refused_calls(
    settimeofday=(0, 0),
    clock_settime=(0, 0),
    adjtimex=(0,),
    sethostname=(0, -1),
    setdomainname=(0, -1),
    ioprio_set=(1, 0, 1 << 13),
    setpriority=(0, 1, 5),
    sched_setattr=(0, 0, 0),
    sched_setscheduler=(0, 1, struct.pack("i", 50)),
)
refused("less nice", os.nice, -5)
refused("all cores", os.sched_setaffinity, 0, range(os.cpu_count() or 1))
refused("the agent's core", os.sched_setaffinity, 1, {0})
refused("no random addresses", call, "personality", 0x0040000)
refused("a core of its own", call, "prctl", 62, 1, 0, 0, 0)  # PR_SCHED_CORE_CREATE
if os.uname().nodename != "box":
    through("the host's name")
held()
