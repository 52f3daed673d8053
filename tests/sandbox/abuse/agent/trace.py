"""Attaches to the agent, and to a child of its own, in every way a debugger knows."""

import os
import time

from attempt import call, held, refused, refused_calls

child = os.fork()
if child == 0:
    time.sleep(20)
room = bytes(64)
for pid in (1, child, os.getpid()):
    for request in (0, 16, 0x4206, 0x420A):  # TRACEME, ATTACH, SEIZE, GET_SYSCALL_INFO
        refused(f"ptrace {request} of {pid}", call, "ptrace", request, pid, 0, 0)
    refused(f"read {pid}", call, "process_vm_readv", pid, room, 1, room, 1, 0)
    refused(f"write {pid}", call, "process_vm_writev", pid, room, 1, room, 1, 0)
    refused(f"compare {pid}", call, "kcmp", pid, pid, 0, 0, 0)
    file = os.pidfd_open(pid)
    refused(f"a descriptor of {pid}", call, "pidfd_getfd", file, 0, 0)
    refused(f"advise {pid}", call, "process_madvise", file, room, 1, 4, 0)
    os.close(file)
refused_calls(process_mrelease=(0, 0), move_pages=(1, 0, 0, 0, 0, 0), migrate_pages=(1, 0, 0, 0))
held()
