"""Waits for the moment in which the agent is one of us: it takes our uid when it kills us.

Many processes send it, without a pause, every signal that it could have an ear for. They all
have to be killed, so the agent must do it while they knock.
"""

import os
import signal

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGXFSZ, signal.SIGPIPE, signal.SIGCHLD)
for _ in range(30):
    if os.fork() == 0:
        os.setsid()
        for _ in range(100_000_000):
            for number in SIGNALS:
                try:
                    os.kill(1, number)
                except OSError:
                    pass
print("held")
