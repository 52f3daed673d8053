"""What this host is like as far as judging needs it, gathered once: facts, no opinion."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from sandbox.box import BoxFailed, NoDocker
from sandbox.calibration import Calibration, calibrate, kernel
from sandbox.docker_images import about_docker
from sandbox.images import build
from sandbox.images.host import node

UNSYNCHRONISED: Final = 5  # what the kernel answers when nobody keeps its clock
DEFAULT_SOCKET: Final = "/var/run/docker.sock"

DockerState = Literal["answers", "absent", "stopped", "forbidden", "elsewhere"]


@dataclass(frozen=True)
class Host:
    """Sizes in MiB; what could not be found out is None."""

    docker: DockerState
    about: dict[str, Any]  # what the daemon says of itself
    images: dict[str, bool]  # name → whether it is ready
    builder: bool  # mmdebstrap
    node: bool
    disk_mb: int | None  # free where Docker keeps its images
    disk_place: str
    scratch_mb: int  # free where images are put together
    scratch_place: str
    namespaces: str  # the setting that forbids them to ordinary users, "" when none does
    kernel: tuple[int, int]
    clock_kept: bool | None
    clock_behind: bool  # earlier than the files of this release
    systemd: bool
    measured: Calibration


def look() -> Host:
    """About a second."""
    docker, about = _docker()
    place = str(about.get("DockerRootDir") or "/var/lib/docker")
    scratch = os.environ.get("TMPDIR") or "/tmp"  # noqa: S108 - only its free space
    return Host(
        docker=docker,
        about=about,
        images=_images() if docker == "answers" else {},
        builder=shutil.which("mmdebstrap") is not None,
        node=_node(),
        disk_mb=_free(place),
        disk_place=place,
        scratch_mb=_free(scratch) or 0,
        scratch_place=scratch,
        namespaces=_forbids_namespaces(),
        kernel=kernel(),
        clock_kept=_clock_kept(),
        clock_behind=time.time() < Path(__file__).stat().st_mtime - 24 * 3600,
        systemd=Path("/run/systemd/system").is_dir(),
        measured=calibrate(),
    )


def _docker() -> tuple[DockerState, dict[str, Any]]:
    named = os.environ.get("DOCKER_HOST", "unix://")
    socket = Path(named.removeprefix("unix://") or DEFAULT_SOCKET)
    if not named.startswith("unix://"):
        return "elsewhere", {}
    try:
        return "answers", about_docker()
    except NoDocker:
        pass
    if shutil.which("dockerd") is None and not socket.exists():
        return "absent", {}
    forbidden = socket.exists() and not os.access(socket, os.R_OK | os.W_OK)
    return ("forbidden" if forbidden else "stopped"), {}


def _images() -> dict[str, bool]:
    found = {}
    for name in build.names():
        try:
            found[name] = build.ready(name) is not None
        except BoxFailed:  # no Node.js to name its recipe by
            found[name] = False
    return found


def _node() -> bool:
    try:
        return node().program.exists()
    except BoxFailed:
        return False


def _free(place: str) -> int | None:
    """Of the nearest folder above that is there and may be looked at."""
    for folder in (Path(place), *Path(place).parents):
        with contextlib.suppress(OSError):
            return shutil.disk_usage(folder).free >> 20
    return None


def _forbids_namespaces(proc: Path = Path("/proc/sys")) -> str:
    forbidding = (
        ("kernel/unprivileged_userns_clone", "0", "1"),
        ("user/max_user_namespaces", "0", "10000"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "0"),
    )
    for name, bad, good in forbidding:
        with contextlib.suppress(OSError):
            if (proc / name).read_text().strip() == bad:
                return f"{name.replace('/', '.')}={good}"
    return ""


def _clock_kept() -> bool | None:
    """Whether something keeps the clock right, as the kernel knows it."""
    asked = (ctypes.c_byte * 512)()  # a struct timex of zeros: nothing is changed
    try:
        answer = int(ctypes.CDLL(None).adjtimex(ctypes.byref(asked)))
    except (OSError, AttributeError):
        return None
    return None if answer < 0 else answer != UNSYNCHRONISED
