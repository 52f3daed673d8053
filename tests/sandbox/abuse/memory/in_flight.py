"""Files that nobody holds: they are on their way through a socket that is on its way itself."""

import array
import os
import socket

for n in range(10):
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    memory = os.memfd_create("nothing")
    os.write(memory, b"x" * (3 << 20))
    with open(f"kept-{n}", "wb") as file:
        file.write(b"x" * (1 << 20))
        os.unlink(file.name)
        held = array.array("i", [memory, file.fileno(), one.fileno(), other.fileno()])
        one.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, held)])
    for end in (one, other):
        end.close()
    os.close(memory)
print("held")
