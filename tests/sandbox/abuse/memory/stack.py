"""A stack without end, in the interpreter and in a thread."""

import sys
import threading

sys.setrecursionlimit(10_000_000)
threading.stack_size(512 << 20)


def down(n):
    return down((n, n)) and n


thread = threading.Thread(target=down, args=(0,))
thread.start()
thread.join()
print("held")
