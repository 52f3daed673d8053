"""The kernel's knobs below /proc and /sys, for the whole host."""

import glob
import os

from attempt import closed, held

for path in (
    "/proc/sysrq-trigger",
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/modprobe",
    "/proc/sys/kernel/hostname",
    "/proc/sys/vm/drop_caches",
    "/proc/sys/vm/overcommit_memory",
    "/proc/sys/net/ipv4/ip_forward",
    "/proc/sys/fs/binfmt_misc/register",
    "/proc/irq/default_smp_affinity",
    "/proc/mtrr",
    "/sys/kernel/uevent_helper",
    "/sys/power/state",
    "/sys/module/kernel/parameters/panic",
    "/sys/kernel/mm/transparent_hugepage/enabled",
    *glob.glob("/proc/sys/kernel/*")[:60],
    *glob.glob("/proc/sys/user/*"),
    *glob.glob("/sys/block/*/uevent"),
):
    if not os.path.isdir(path):
        closed(path, write=True)
held()
