"""The images programs run in, in layers, each named by a hash of its recipe.

podium-program-base: Debian with Python 3, which the agent needs, so every image stands on it;
podium-program-NAME-tools: a compiler or runtime on top, where a language needs one;
podium-program-NAME: the agent on top, seconds to rebuild. On its label each language's version.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox import languages
from sandbox.docker_box import import_image
from sandbox.docker_images import export_image, says
from sandbox.images.host import node, suite
from sandbox.images.making import (
    LABEL,
    Root,
    Say,
    Step,
    add_text,
    added,
    contents,
    debian,
    digest,
    layer,
    plain,
    workplace,
)
from sandbox.program_image import FOLDER, agent_files

VERSION: Final = "podium.version."  # and a language's id: the label that holds its version
_PAPERS: Final = tuple(f"/usr/share/{each}/*" for each in ("doc", "man", "info", "locale"))
_NO_SETUID: Final = 'find "$1" -xdev -type f -perm /6000 -exec chmod a-s {} +'
# Java's packages want to link a page of their manual, whether manuals are installed or not.
_MANUAL: Final = 'mkdir -p "$1/usr/share/man/man1"'

# Node.js, g++ and Java all stand on libstdc++6.
BASE: Final = Root(("python3", "libstdc++6"), _PAPERS, (_NO_SETUID, _MANUAL))
# What each image has on top; None: the Node.js of this host.
TOOLS: Final[Mapping[str, Root | None]] = {
    "c": Root(
        ("gcc", "g++", "libc6-dev"),
        (
            *_PAPERS,
            "/usr/bin/*-lto-dump-*",
            "/usr/lib/gcc/*/*/lto1",
            "/usr/lib/gcc/*/*/lib*san*",
            "/usr/lib/*/lib*san.so*",
        ),
        (_NO_SETUID,),
    ),
    "java": Root(
        ("default-jdk-headless",),
        (*_PAPERS, "/usr/lib/jvm/*/jmods/*"),  # for making runtimes, not programs
        (_NO_SETUID,),
    ),
    "javascript": None,
}


@dataclass(frozen=True)
class Stack:
    """The tags of one image as its recipe stands now; no tools: only the base is needed."""

    name: str
    base: str
    tools: str
    top: str

    @property
    def below_top(self) -> str:
        return self.tools or self.base


def names() -> tuple[str, ...]:
    return languages.images()


def stack(name: str) -> Stack:
    base = digest((platform.machine(), suite(), *BASE.parts))
    under = base
    if name in TOOLS:
        root = TOOLS[name]
        parts = (node().version, _node_dockerfile("")) if root is None else root.parts
        under = digest((base, *parts))
    versions = (" ".join((row.id, *row.version)) for row in _languages(name))
    top = digest((under, top_dockerfile(""), *versions, *contents(agent_files())))
    return Stack(
        name,
        f"podium-program-base:{base}",
        f"podium-program-{name}-tools:{under}" if name in TOOLS else "",
        f"podium-program-{name}:{top}",
    )


def steps(name: str) -> list[Step]:
    wanted, root = stack(name), TOOLS.get(name)
    found = [
        Step(
            wanted.base,
            "安装 Debian 与 Python 3",
            "Installing Debian and Python 3",
            lambda say: _base(wanted, say),
        )
    ]
    if root is not None:
        kit = " ".join(root.packages)
        found.append(
            Step(
                wanted.tools,
                f"安装 {kit}",
                f"Installing {kit}",
                lambda say: _packages(wanted, root, say),
            )
        )
    elif wanted.tools:
        found.append(Step(wanted.tools, "放入 Node.js", "Adding Node.js", lambda _: _node(wanted)))
    found.append(Step(wanted.top, "放入代理程序", "Adding the agent", lambda _: _top(wanted)))
    return found


def versions(labels: Mapping[str, str]) -> dict[str, str]:
    """The versions of its languages, from an image's labels."""
    return {key.removeprefix(VERSION): v for key, v in labels.items() if key.startswith(VERSION)}


def _languages(name: str) -> list[languages.Language]:
    return [row for row in languages.rows().values() if row.image == name]


# --- how it is made -------------------------------------------------------------------------------


def _base(wanted: Stack, say: Say) -> None:
    with workplace() as folder:
        tarball = folder / "base.tar"
        debian(BASE, tarball, say)
        say("docker import")
        import_image(tarball, wanted.base, {LABEL: wanted.base})


def _packages(wanted: Stack, root: Root, say: Say) -> None:
    with workplace() as folder:
        below, whole = folder / "below.tar", folder / "whole.tar"
        export_image(wanted.base, below)
        debian(root, whole, say, on_top_of=below)
        say("docker build")
        added(below, whole, folder / "layer.tar")
        whole.unlink()
        dockerfile = f"FROM {wanted.base}\nADD layer.tar /\n"
        with layer(folder, wanted.tools, dockerfile) as context:
            context.add(folder / "layer.tar", "layer.tar", filter=plain)


def _node_dockerfile(base: str) -> str:
    return f"FROM {base}\nCOPY --chown=0:0 node /usr/local/bin/node\n"


def _node(wanted: Stack) -> None:
    dockerfile = _node_dockerfile(wanted.base)
    with workplace() as folder, layer(folder, wanted.tools, dockerfile) as context:
        context.add(node().program, "node", filter=plain)


def top_dockerfile(below: str) -> str:
    return (
        f"FROM {below}\n"
        f"COPY --chown=0:0 podium/ {FOLDER}/\n"
        f"RUN python3 -m compileall -q {FOLDER} && chmod -R u=rwX,go=rX {FOLDER}\n"
        "ENTRYPOINT []\nCMD []\n"
    )


def _top(wanted: Stack) -> None:
    labels = {
        f"{VERSION}{row.id}": languages.version_in(says(wanted.below_top, row.version))
        for row in _languages(wanted.name)
    }
    dockerfile = top_dockerfile(wanted.below_top)
    with workplace() as folder, layer(folder, wanted.top, dockerfile, labels) as context:
        for name, data in agent_files().items():
            add_text(context, f"podium/{name}", data)
