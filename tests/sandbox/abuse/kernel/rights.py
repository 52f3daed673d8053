"""Becomes root: by asking, by programs that are, by capabilities, by what was forgotten."""

import os
import stat

from attempt import call, held, refused, through

for change in (os.setuid, os.setgid, os.seteuid, os.setegid):
    for number in (0, 1, 61001, 1000):
        refused(f"{change.__name__} {number}", change, number)
refused("setresuid", os.setresuid, 0, 0, 0)
refused("setreuid", os.setreuid, 0, -1)
refused("setgroups", os.setgroups, [0])
refused("capset", call, "capset", bytes(8), b"\xff" * 24)
for number in (23, 24, 47):  # PR_CAPBSET_READ is allowed; DROP and AMBIENT_RAISE are not
    if number != 23:
        refused(f"prctl {number}", call, "prctl", number, 2, 0, 0, 0, also={22})
for folder, folders, names in os.walk("/"):
    folders[:] = [each for each in folders if folder != "/" or each not in ("proc", "sys")]
    for name in names:
        path = os.path.join(folder, name)
        found = os.lstat(path)
        if stat.S_ISREG(found.st_mode) and found.st_mode & (stat.S_ISUID | stat.S_ISGID):
            through(f"{path} has another's rights")
with open("mine", "wb") as file, open("/bin/sh", "rb") as shell:
    file.write(shell.read())
os.chmod("mine", 0o6755)
if os.spawnv(os.P_WAIT, "./mine", ["sh", "-c", f"test $(id -u) = {os.getuid()}"]) != 0:
    through("a program of its own with rights")
refused("an attribute", os.setxattr, "mine", "security.capability", bytes(20), also={95, 22})
for name in ("su", "sudo", "mount", "pkexec", "newuidmap"):
    for folder in ("/bin", "/sbin", "/usr/bin"):
        if os.path.exists(f"{folder}/{name}") and os.stat(f"{folder}/{name}").st_mode & 0o6000:
            through(name)
held()
