"""Whatever the host or Docker might write down: the kernel's log, the daemon's, a console."""

import syslog

from attempt import call, closed, held, refused, refused_calls

for path in ("/dev/kmsg", "/dev/console", "/dev/log", "/run/systemd/journal/socket", "/dev/tty0"):
    closed(path, write=True)
for number in range(3):
    closed(f"/proc/1/fd/{number}", write=True)
refused_calls(syslog=(3, bytes(64), 64))
refused("a line for the log", call, "syslog", 2, bytes(64), 64)
for n in range(2000):
    syslog.syslog("x" * 1000)  # says nothing when nobody hears
held()
