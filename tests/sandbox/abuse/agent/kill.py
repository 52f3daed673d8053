"""Every signal there is to the agent, by every call that sends one."""

import fcntl
import os
import signal

from attempt import NOT_THERE, call, held, refused

file = os.pidfd_open(1)
for number in range(1, 65):
    refused(f"kill {number}", os.kill, 1, number)
    refused(f"tkill {number}", call, "tkill", 1, number)
    refused(f"pidfd {number}", signal.pidfd_send_signal, file, number)
    refused(f"group {number}", os.killpg, 1, number, also=NOT_THERE | {3})
    refused(f"queue {number}", call, "rt_sigqueueinfo", 1, number, bytes(128))
ends = os.pipe()  # signals by way of a descriptor: the kernel sends them for us, if it may
for number in (signal.SIGKILL, signal.SIGINT, signal.SIGTERM):
    fcntl.fcntl(ends[0], fcntl.F_SETOWN, 1)
    fcntl.fcntl(ends[0], fcntl.F_SETSIG, number)
    fcntl.fcntl(ends[0], fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    os.write(ends[1], b"x")
held()
