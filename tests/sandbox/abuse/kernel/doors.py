"""The doors that have led into kernels before: one call each, with words that mean nothing.

Where the wall stands, the kernel never looks at the words.
"""

from attempt import held, refused_calls

refused_calls(
    add_key=(0, 0, 0, 0, 0),
    request_key=(0, 0, 0, 0),
    keyctl=(0, 0, 0, 0, 0),
    io_uring_setup=(1, 0),
    io_uring_enter=(-1, 1, 0, 0, 0, 0),
    io_uring_register=(-1, 0, 0, 0),
    io_setup=(-1, 0),
    bpf=(0, 0, 0),
    perf_event_open=(0, 0, -1, -1, 0),
    userfaultfd=(0,),
    memfd_secret=(0xFFFF,),
    vmsplice=(-1, 0, 1, 0),
    fanotify_init=(0, 0),
    inotify_init1=(0xFFFF,),
    modify_ldt=(99, 0, 0),
    mbind=(0, 0, 99, 0, 0, 0),
    lookup_dcookie=(0, 0, 0),
    acct=(0,),
    init_module=(0, 0, 0),
    finit_module=(-1, 0, 0),
    delete_module=(0, 0),
    kexec_load=(0, 99, 0, 0xFFFF),
    reboot=(0, 0, 0, 0),
    iopl=(4,),
    ioperm=(0, 1 << 20, 1),
    syslog=(99, 0, 0),
    setxattr=(0, 0, 0, 0, 0),
    mknodat=(-1, 0, 0o010000, 0),
)
held()
