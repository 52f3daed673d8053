"""Ignores and blocks every signal that can be, moves its own limits, and goes on."""

import resource
import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_SETMASK, range(1, 65))
try:
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print("GOT THROUGH: no CPU limit")
except (OSError, ValueError):
    pass
while True:
    pass
