"""The one kind of socket there is, a pair of one's own, bent towards others."""

import array
import os
import socket

from attempt import NOT_THERE, call, held, refused

NOBODY = NOT_THERE | {95, 106, 107, 111}  # not supported, already or not connected, refused
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):  # the third kind looks at no address
    one, other = socket.socketpair(socket.AF_UNIX, kind)
    for place in ("/var/run/docker.sock", "/run/systemd/notify", "/dev/log", "\0docker", "\0x"):
        refused(f"connect {place}", one.connect, place)
        refused(f"bind {place}", one.bind, place)
        refused(f"send to {place}", one.sendto, b"x", place, also=NOBODY)
        held_out = array.array("i", [0])
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, held_out)]
        refused(f"hand over to {place}", one.sendmsg, [b"x"], rights, 0, place, also=NOBODY)
    refused("listen", one.listen)
    refused("accept", other.accept)
    one.close()
    other.close()
refused("a ring", call, "io_uring_setup", 8, 0)
refused("a pair of another family", socket.socketpair, socket.AF_INET)
refused("Docker", os.open, "/var/run/docker.sock", os.O_RDWR, also=NOT_THERE)
held()
