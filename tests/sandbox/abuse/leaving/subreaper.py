"""Takes the orphans away from the agent, in a tree that stands up again where it was cut."""

import os
import signal
import time

from attempt import call

call("prctl", 36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def stand_up(_number=0, _frame=None):
    for _ in range(3):
        try:
            if os.fork() == 0:
                os.setsid()
                time.sleep(60)
                os._exit(0)
        except OSError:
            return


signal.signal(signal.SIGCHLD, stand_up)
for _ in range(5):
    stand_up()
if os.fork() == 0:
    call("prctl", 36, 1, 0, 0, 0)
    for _ in range(5):
        stand_up()
    for _ in range(60):
        time.sleep(1)
    os._exit(0)
print("held")
