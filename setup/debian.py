"""Debian's packages: which are missing, and installing them as root or with sudo."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from setup.places import environment
from setup.report import Failed, quietly, step


def missing(packages: Sequence[str]) -> list[str]:
    """Those of the packages that are not installed."""
    if not shutil.which("dpkg-query"):
        return list(packages)
    return [name for name in packages if not _installed(name)]


def _installed(name: str) -> bool:
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Status}", name],
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout == "install ok installed"


def as_root() -> list[str] | None:
    """What to put before a command that needs root; None when we cannot become root."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    silent = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    if silent.returncode == 0:
        return ["sudo", "-n"]
    return ["sudo"] if sys.stdin.isatty() else None


def install(packages: Sequence[str]) -> None:
    """Makes sure the packages are there, or raises Failed with the command to type."""
    wanted = missing(packages)
    if not wanted:
        return
    prefix = as_root()
    if prefix is None or not shutil.which("apt-get"):
        command = f"sudo apt-get install {' '.join(wanted)}"
        raise Failed(
            f"缺少系统软件包，请运行：{command}", f"System packages are missing: {command}"
        )
    if prefix == ["sudo"]:  # the password is asked for here, where it can be seen
        subprocess.run(["sudo", "-v"], check=False)
    names = " ".join(wanted)
    with step(f"安装系统软件包 {names}", f"installing {names}"):
        apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
        quietly([*apt, "update"], env=environment())
        quietly([*apt, "install", "--no-install-recommends", *wanted], env=environment())
