"""Waits for what will never be written, and for a lock that it holds itself."""

import os
import threading

ends, _ = os.pipe()
lock = threading.Lock()
lock.acquire()
threading.Thread(target=lock.acquire, daemon=True).start()
os.read(ends, 1)
