"""Does what the first word of its input says: each way to meet a limit."""

import os
import signal
import sys
import time


def deep(n):
    return 1 + deep(n - 1) if n else 0


def children():
    started = 0
    try:
        while started < 400:
            if os.fork() == 0:
                time.sleep(60)
                os._exit(0)
            started += 1
    except OSError:
        pass
    return started


word, *numbers = input().split()
if word == "sum":
    print(sum(map(int, numbers)))
while word == "spin":
    pass
while word == "sleep":
    time.sleep(60)
if word == "memory":
    held = []
    while True:
        held.append(b"x" * 1_000_000)
while word == "output":
    print("again and again and again")
if word == "deep":
    sys.setrecursionlimit(200_000)
    print(deep(100_000))
if word == "exit":
    sys.exit(7)
if word == "signal":
    os.kill(os.getpid(), signal.SIGSEGV)
if word == "processes":
    print(children())
