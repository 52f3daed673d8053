"""As many threads as the kernel gives, each of them busy."""

import _thread


def spin():
    while True:
        pass


for _ in range(100_000):
    try:
        _thread.start_new_thread(spin, ())
    except RuntimeError:
        pass
