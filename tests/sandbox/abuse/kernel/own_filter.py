"""Filters of its own on top of the box's, which children inherit: the agent must not care."""

import os
import struct

from attempt import call, held, refused

KILL, ERRNO = 0x80000000, 0x00050001
program = struct.pack("HBBI", 0x06, 0, 0, ERRNO)
refused("the system call", call, "prctl", 22, 99, 0, 0, 0, also={22})
for action in (ERRNO, KILL):
    if os.fork() == 0:
        import ctypes

        room = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, action))
        asked = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", 1, ctypes.addressof(room)))
        ctypes.CDLL(None).prctl(22, 2, asked, 0, 0)
        os.setsid()
        while True:
            pass
held()
