"""Other names for what was put and for what the agent holds, which we could not remove then."""

import os

from attempt import NOT_THERE, held, refused

EXDEV = {18}
for number, name in enumerate(("attempt.py", "/etc/passwd", "/opt/podium/sandbox/inside/agent.py")):
    refused(f"a link to {name}", os.link, name, f"mine-{number}", also=EXDEV)
for number in range(3):
    name = f"/proc/self/fd/{number}"
    refused(f"a link to {name}", os.link, name, f"fd-{number}", also=EXDEV | NOT_THERE)
held()
