"""A socket of every family and kind there is, netlink, vsock and packets among them."""

import socket

from attempt import held, refused, through

for family in range(50):
    for kind in (1, 2, 3, 5, 10):
        for protocol in (0, 1, 6, 15, 255):
            refused(f"socket {family} {kind} {protocol}", socket.socket, family, kind, protocol)
    if family != socket.AF_UNIX:
        refused(f"pair {family}", socket.socketpair, family)
for line in open("/proc/net/dev").readlines()[2:]:
    if line.split(":")[0].strip() not in ("lo", "sit0", "tunl0", "ip6tnl0", "gre0", "erspan0"):
        if not line.split(":")[0].strip().startswith(("gre", "ip", "sit", "tunl", "erspan")):
            through(f"a network: {line}")
held()
