"""The image podium-browser, in three layers, each named by a hash of its contents.

base: Debian's packages (browser, fonts, Python), by mmdebstrap, from where this host gets its own;
tools: Node.js and the rig's npm packages; rig: our rig, agent and launcher, seconds to rebuild.
"""

from __future__ import annotations

import platform
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.docker_box import import_image
from sandbox.images.host import node, suite
from sandbox.images.making import (
    LABEL,
    Root,
    Say,
    Step,
    contents,
    debian,
    digest,
    layer,
    plain,
    run,
    workplace,
)

SANDBOX: Final = Path(__file__).parent.parent
RIG: Final = SANDBOX / "rig"

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


def stack() -> Stack:
    base = digest((platform.machine(), suite(), *PACKAGES, *LEFT_OUT, *HOOKS))
    lock = (RIG / "package-lock.json").read_text()
    tools = digest((base, node().version, lock, tools_dockerfile("")))
    rig = digest((tools, rig_dockerfile(""), *contents(_read(rig_files()))))
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


def _read(files: dict[str, Path]) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in files.items()}


# --- how it is made -------------------------------------------------------------------------------


def steps() -> list[Step]:
    wanted = stack()
    return [
        Step(
            wanted.base,
            "安装 Debian 软件包",
            "Installing Debian's packages",
            lambda say: _base(wanted, say),
        ),
        Step(
            wanted.tools,
            "安装 Node.js 与 Playwright",
            "Installing Node.js and Playwright",
            lambda say: _tools(wanted, say),
        ),
        Step(wanted.rig, "放入检查程序", "Adding the rig", lambda _: _rig(wanted)),
    ]


def _base(wanted: Stack, say: Say) -> None:
    with workplace() as folder:
        tarball = folder / "base.tar"
        debian(Root(PACKAGES, LEFT_OUT, HOOKS), tarball, say)
        say("docker import")
        import_image(tarball, wanted.base, {LABEL: wanted.base})


def _tools(wanted: Stack, say: Say) -> None:
    found = node()
    with workplace() as folder:
        for file in ("package.json", "package-lock.json"):
            shutil.copyfile(RIG / file, folder / file)
        install = [*found.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"]
        run(install, say, cwd=folder)
        with layer(folder, wanted.tools, tools_dockerfile(wanted.base)) as context:
            _rig_folder(context)
            context.add(found.program, "node", filter=plain)
            context.add(folder / "node_modules", "node_modules", filter=plain)


def _rig(wanted: Stack) -> None:
    with workplace() as folder, layer(folder, wanted.rig, rig_dockerfile(wanted.tools)) as context:
        _rig_folder(context)
        for inside, path in rig_files().items():
            context.add(path, inside, filter=plain)


def _rig_folder(context: tarfile.TarFile) -> None:
    rig = tarfile.TarInfo("rig")
    rig.type, rig.mode = tarfile.DIRTYPE, 0o750  # this mode is what /rig gets in the image
    context.addfile(rig)
