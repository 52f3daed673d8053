"""Beside every attack in its box: tries what must not work, and says so where it did.

A wall answers with one of few errors. Any other one ("bad address", "invalid argument") comes from
behind it: the kernel has looked at what was asked for, so the wall was not there.
"""

import ctypes
import errno
import os
import platform

WALL = {errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EAFNOSUPPORT}
NOT_THERE = {errno.ENOENT, errno.ENXIO, errno.EROFS, errno.ELOOP, errno.ENOTDIR, errno.ENODEV}

# System calls that Python has no word for: their numbers on x86_64 and on aarch64 (-1: none).
NUMBERS = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "capset": (126, 91),
    "chroot": (161, 51),
    "clock_settime": (227, 112),
    "clone": (56, 220),
    "clone3": (435, 435),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "inotify_init1": (294, 26),
    "io_setup": (206, 0),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "ioperm": (173, -1),
    "iopl": (172, -1),
    "ioprio_set": (251, 30),
    "kcmp": (312, 272),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "mbind": (237, 235),
    "memfd_secret": (447, 447),
    "migrate_pages": (256, 238),
    "mknodat": (259, 33),
    "modify_ldt": (154, -1),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "move_pages": (279, 239),
    "mq_open": (240, 180),
    "msgget": (68, 186),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "rt_sigqueueinfo": (129, 138),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "sched_setscheduler": (144, 119),
    "semget": (64, 190),
    "setdomainname": (171, 162),
    "sethostname": (170, 161),
    "setns": (308, 268),
    "setpriority": (141, 140),
    "settimeofday": (164, 170),
    "setxattr": (188, 5),
    "shmget": (29, 194),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "tkill": (200, 130),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vhangup": (153, 58),
    "vmsplice": (278, 75),
}
_C = ctypes.CDLL(None, use_errno=True)
_MACHINE = {"x86_64": 0, "aarch64": 1}[platform.machine()]
_tried = 0


def call(name, *arguments):
    """The system call itself; a negative answer is an OSError."""
    number = NUMBERS[name][_MACHINE]
    if number < 0:
        raise OSError(errno.ENOSYS, "not on this machine")
    words = [word if isinstance(word, bytes) else ctypes.c_long(word) for word in arguments]
    found = _C.syscall(ctypes.c_long(number), *words)
    if found < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return found


def through(what):
    """The only words that mean that a wall has fallen; the test looks for them."""
    print("GOT THROUGH:", what, flush=True)


def refused(what, function, *arguments, also=frozenset()):
    """Must be turned away by a wall; `also`: errors that mean as much in this case."""
    global _tried
    _tried += 1
    try:
        found = function(*arguments)
    except OSError as error:
        if error.errno not in WALL | set(also):
            through(f"{what} was heard by the kernel: {error}")
    else:
        through(f"{what}: {found!r}")


def refused_calls(**calls):
    """System calls by name, each with its arguments."""
    for name, arguments in calls.items():
        refused(name, call, name.rstrip("_"), *arguments)


def closed(path, *, write=False):
    """May not be opened: it is not there, or it is not ours to open."""
    flags = (os.O_WRONLY if write else os.O_RDONLY) | os.O_NONBLOCK
    refused(f"open {path}", os.open, path, flags, also=NOT_THERE)


def held(tried=0):
    """The last line of an attack that came to its end; how much it tried."""
    print("held", tried or _tried)
