#!/usr/bin/python3 -IB
"""Starts Chromium for the rig, under another uid: a launcher and the wrapper that calls it.

The rig (Node.js, the checks) and the browser (the competitor's code) share a container but no uid.
Nobody in it may change uid, so the browser's side is a process that Docker started under the
browser's uid: it listens on a socket. What Playwright knows as the browser's executable is the
wrapper: it hands its arguments and its descriptors 0..4 (3 and 4 are the DevTools pipe) over that
socket, waits, and ends as Chromium ended. When the wrapper dies (Playwright kills it), the socket
closes, and the launcher kills what it started. One file, two names: `chromium` is the wrapper.

Chromium's own sandbox stays on, whatever the caller asks, unless the host forbids user namespaces.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import selectors
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HOME: Final = Path("/browser")  # a tmpfs of the browser's uid; the rig may only pass through it
SOCKET: Final = str(HOME / "socket")
STATE: Final = HOME / "state.json"  # readable by the rig: {"ready": true, "sandbox": true}
CHROMIUM: Final = "/usr/bin/chromium-headless-shell"
STATUS: Final = struct.Struct(">i")
LONGEST_REQUEST: Final = 262_144
DESCRIPTORS: Final = 5
OURS_ALONE: Final = ("--no-sandbox", "--disable-setuid-sandbox", "--user-data-dir")
ALWAYS: Final = ("--disable-setuid-sandbox", "--disable-crash-reporter", "--disable-breakpad")


# --- the wrapper, under the rig's uid -------------------------------------------------------------


def wrapper(arguments: list[str]) -> int:
    body = json.dumps(arguments).encode()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(SOCKET)
        socket.send_fds(line, [struct.pack(">I", len(body))], _five_descriptors())
        line.sendall(body)
        answer = line.recv(STATUS.size, socket.MSG_WAITALL)
    if len(answer) < STATUS.size:
        sys.stderr.write("The browser's launcher is gone.\n")
        return 1
    status: int = STATUS.unpack(answer)[0]
    return status if status >= 0 else 128 - status


def _five_descriptors() -> list[int]:
    """0..4 of the caller; where it gave no pipe, nothing to read and nowhere to write."""
    nothing = os.open("/dev/null", os.O_RDWR)
    return [n if _open(n) else nothing for n in range(DESCRIPTORS)]


def _open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


# --- the launcher, under the browser's uid --------------------------------------------------------


@dataclass
class Browser:
    """One running Chromium and the wrapper that waits for it."""

    line: socket.socket
    pid: int
    watch: int
    profile: str


class Launcher:
    """A loop without threads: it must go on when not one process more may be started."""

    def __init__(self, processes: int) -> None:
        resource.setrlimit(resource.RLIMIT_NPROC, (processes, processes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        Path("/proc/self/oom_score_adj").write_text("200")  # out of memory: first a tab (300)
        HOME.chmod(0o711)  # the rig may pass through to the socket, not look around
        self.sandbox = _namespaces_work()
        self.ears = selectors.DefaultSelector()
        self.browsers: list[Browser] = []
        while os.open("/dev/null", os.O_RDWR) < DESCRIPTORS:
            pass  # no descriptor we receive may lie where Chromium's are to be put
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(SOCKET)
        Path(SOCKET).chmod(0o666)
        self.door.listen(8)
        self.ears.register(self.door, selectors.EVENT_READ)
        STATE.write_text(json.dumps({"ready": True, "sandbox": self.sandbox}))
        STATE.chmod(0o644)

    def serve(self) -> None:
        while True:
            for key, _ in self.ears.select():
                if key.fileobj is self.door:
                    self.welcome(self.door.accept()[0])
                    continue
                browser: Browser = key.data
                if browser in self.browsers:
                    self.end(browser, asked=key.fileobj is browser.line)

    def welcome(self, line: socket.socket) -> None:
        received: list[int] = []
        try:
            line.settimeout(5)
            close = socket.MSG_CMSG_CLOEXEC
            head, received, _, _ = socket.recv_fds(line, 4, DESCRIPTORS, close)
            size = struct.unpack(">I", head)[0]
            if len(received) != DESCRIPTORS or size > LONGEST_REQUEST:
                raise ValueError("not a request")
            body = b""
            while len(body) < size and (piece := line.recv(size - len(body))):
                body += piece
            self.start(line, received, json.loads(body))
        except (OSError, ValueError, struct.error) as error:
            sys.stderr.write(f"launcher: {error}\n")
            line.close()
        finally:
            for descriptor in received:
                os.close(descriptor)

    def start(self, line: socket.socket, received: list[int], arguments: list[str]) -> None:
        profile = tempfile.mkdtemp(prefix="profile-", dir=HOME)
        kept = [each for each in arguments if each.split("=", 1)[0] not in OURS_ALONE]
        flags = [*ALWAYS, f"--user-data-dir={profile}/data"]
        flags += [] if self.sandbox else ["--no-sandbox"]
        moves = [(os.POSIX_SPAWN_DUP2, given, n) for n, given in enumerate(received)]
        pid = os.posix_spawn(
            CHROMIUM,
            [CHROMIUM, *flags, *kept],
            {"HOME": profile, "TMPDIR": profile, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            file_actions=moves,
            setsid=True,
        )
        browser = Browser(line, pid, os.pidfd_open(pid), profile)
        self.browsers.append(browser)
        self.ears.register(browser.line, selectors.EVENT_READ, browser)
        self.ears.register(browser.watch, selectors.EVENT_READ, browser)

    def end(self, browser: Browser, *, asked: bool) -> None:
        """Chromium has ended, or whoever wanted it has: nothing of it stays."""
        self.browsers.remove(browser)
        self.ears.unregister(browser.line)
        self.ears.unregister(browser.watch)
        _kill_group(browser.pid)
        _, status = os.waitpid(browser.pid, 0)
        if not self.browsers:
            _kill_all_of_this_uid()
        shutil.rmtree(browser.profile, ignore_errors=True)
        if not asked:
            with contextlib.suppress(OSError):  # the wrapper went first
                browser.line.sendall(STATUS.pack(os.waitstatus_to_exitcode(status)))
        browser.line.close()
        os.close(browser.watch)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


def _kill_all_of_this_uid() -> None:
    """Everybody of our uid but ourselves: what left its group, too. The rig is of another uid."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(-1, signal.SIGKILL)


def _namespaces_work() -> bool:
    """What Chromium's sandbox stands on: namespaces of an unprivileged user."""
    command = ["unshare", "--user", "--pid", "--net", "--fork", "true"]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0


if __name__ == "__main__":
    if Path(sys.argv[0]).name == "chromium":
        sys.exit(wrapper(sys.argv[1:]))
    os.umask(0o077)
    Launcher(int(sys.argv[1])).serve()
