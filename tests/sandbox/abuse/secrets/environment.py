"""What it was started with: nothing but four words, three streams and the work folder."""

import os

from attempt import held, through

GIVEN = {"PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE"}
if more := set(os.environ) - GIVEN:
    through(f"environment {more}")
if os.getcwd() != "/work" or os.getgroups() or os.getgid() != os.getuid() or os.getuid() < 10**9:
    through(f"{os.getcwd()} {os.getgroups()} {os.getgid()} {os.getuid()}")
if open("/proc/self/loginuid").read() not in ("4294967295", "0"):
    through("an account of the host")
status = dict(line.split(":\t") for line in open("/proc/self/status") if ":\t" in line)
if any(int(status[f"Cap{kind}"], 16) for kind in ("Inh", "Prm", "Eff", "Amb")):
    through("a capability")
if (status["NoNewPrivs"].strip(), status["Seccomp"].strip()) != ("1", "2"):
    through("no walls")
for line in open("/proc/self/mountinfo"):
    if "docker.sock" in line:
        through(line)
held(len(status))
