"""Dies in a way that leaves a core, with all it may do to get one written."""

import ctypes
import os
import resource
import signal

resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE
try:
    with open("/proc/self/coredump_filter", "w") as file:
        file.write("0xff")
except OSError:
    pass
for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGQUIT):
    if os.fork() == 0:
        os.kill(os.getpid(), number)
    os.wait()
if any("core" in name for name in os.listdir(".")):
    print("GOT THROUGH: a core")
os.kill(os.getpid(), signal.SIGSEGV)
