"""The classic: forks twice, leaves the session, closes all, changes its name, and stays."""

import ctypes
import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    os.chdir("/")
    os.closerange(0, 256)
    ctypes.CDLL(None).prctl(15, b"kworker/0:1")
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(60)
    os._exit(0)
print("held")
