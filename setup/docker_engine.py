"""Docker Engine and mmdebstrap, for the sandbox; without them everything else still works."""

from __future__ import annotations

import os
import shutil
import socket
import time
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from setup import debian, processes
from setup.places import MACHINE, environment
from setup.report import Failed, quietly, step

# AppArmor and newuidmap are only recommended by Debian's packages; a kernel with AppArmor and an
# ordinary user's mmdebstrap need them.
PACKAGES = ["docker.io", "mmdebstrap", "apparmor", "uidmap"]
DAEMON = "dockerd"
CONTAINERS = Path("/sys/fs/cgroup/cpu/docker")
PATIENCE = 60.0  # seconds a daemon may take to answer


class _Socket(HTTPConnection):
    """HTTP to the daemon's socket file."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(5)
        named = os.environ.get("DOCKER_HOST", "")
        self.sock.connect(named.removeprefix("unix://") or "/var/run/docker.sock")


def answers() -> bool:
    """Whether a daemon answers us. PermissionError when it is there and we may not ask."""
    if os.environ.get("DOCKER_HOST", "unix://").startswith("unix://"):
        try:
            connection = _Socket("docker")
            connection.request("GET", "/_ping")
            return connection.getresponse().status == 200
        except PermissionError:
            raise
        except (OSError, HTTPException):
            return False
    return True  # another machine's daemon, chosen by hand: the worker says when it is gone


def ensure() -> None:
    """A daemon that answers and the tool that builds images, or Failed with what to type."""
    daemon, builder = _there(), shutil.which("mmdebstrap", path=environment()["PATH"])
    if not daemon:
        debian.install(PACKAGES)
    elif not builder:
        debian.install(["mmdebstrap", "uidmap"])
    if not _there():
        with step("启动 Docker", "starting Docker"):
            _start()


def _there() -> bool:
    try:
        return answers()
    except PermissionError:
        user = os.environ.get("USER", "$USER")
        raise Failed(
            f"当前用户无权使用 Docker：请运行 sudo usermod -aG docker {user} 并重新登录",
            f"You may not use Docker yet: sudo usermod -aG docker {user}, then sign in again",
        ) from None


def _start() -> None:
    prefix = debian.as_root()
    if prefix is None:
        raise Failed(
            "Docker 没有运行：sudo systemctl start docker",
            "Docker is not running: sudo systemctl start docker",
        )
    log = MACHINE / "dockerd.log"
    if Path("/run/systemd/system").is_dir():
        quietly([*prefix, "systemctl", "start", "docker"])
    elif not _starting():
        processes.start(DAEMON, [*prefix, "dockerd"], environment(), folder=MACHINE, log=log)
    deadline = time.monotonic() + PATIENCE
    while not _there():
        if time.monotonic() > deadline or not _starting():
            raise Failed(f"Docker 无法启动，原因见 {log}", f"Docker does not start; {log} says why")
        time.sleep(0.3)
    _weigh()


def _weigh() -> None:
    """Where no systemd divides the CPU (cgroup v1), all containers together weigh as much as one
    process of ours, and checks time out on a busy machine. Four processes' weight is fair."""
    with suppress(OSError):
        CONTAINERS.mkdir(exist_ok=True)
        (CONTAINERS / "cpu.shares").write_text("4096")


def _starting() -> bool:
    """Whether a daemon is on its way: ours, the service's, or one that the package just started."""
    if Path("/run/systemd/system").is_dir() or processes.running(DAEMON, MACHINE):
        return True
    try:
        return processes.birth(int(Path("/var/run/docker.pid").read_text())) > 0
    except (OSError, ValueError):
        return False


def stop(arguments: list[str]) -> int:
    """Ends the daemon that we started ourselves, and no other."""
    processes.stop(DAEMON, MACHINE)
    return 0
