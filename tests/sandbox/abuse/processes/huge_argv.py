"""Becomes itself again and again, with twice the arguments, as long as the kernel takes them."""

import os
import sys

words = sys.argv[1:] or ["x" * 60_000]
try:
    os.execv(sys.executable, [sys.executable, "-S", sys.argv[0], *words, *words])
except OSError as error:
    print("held", len(words), error)
