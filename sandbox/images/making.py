"""How a layer is made: Debian's packages by mmdebstrap, files by Docker; and what a step is."""

from __future__ import annotations

import hashlib
import io
import shlex
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.box import BoxFailed
from sandbox.docker_box import layer_image
from sandbox.images.host import apt_options, sources, suite

LABEL: Final = "podium.recipe"
NO_RECOMMENDS: Final = 'APT::Install-Recommends "false";'
# What mmdebstrap has just written for itself and the lower layer must not put its own over.
_OF_THIS_RUN: Final = ("dev/*", "etc/apt/*", "etc/dpkg/dpkg.cfg.d/99mmdebstrap")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One layer: its tag, what a person reads meanwhile, and what makes it."""

    tag: str
    zh: str
    en: str
    make: Callable[[Say], None]


@dataclass(frozen=True)
class Root:
    """A root file system of Debian's packages."""

    packages: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """What a hash of it is made of."""
        return (*self.packages, *self.left_out, *self.hooks)


def debian(root: Root, tarball: Path, say: Say, on_top_of: Path | None = None) -> None:
    """A root file system as a tar; with `on_top_of`, another one plus these packages."""
    if shutil.which("mmdebstrap") is None:
        raise BoxFailed("mmdebstrap is missing: apt-get install mmdebstrap")
    options = [f"--aptopt={line}" for line in (*apt_options(), NO_RECOMMENDS)]
    options += [f"--dpkgopt={option}" for option in ("force-unsafe-io", *_excluded(root))]
    options += [f"--customize-hook={hook}" for hook in root.hooks]
    if on_top_of:
        kept = " ".join(f"--exclude={shlex.quote(path)}" for path in _OF_THIS_RUN)
        unpack = f'tar -C "$1" --anchored {kept} -xf {shlex.quote(str(on_top_of))}'
        options += ["--variant=custom", f"--setup-hook={unpack}"]
    else:
        options += ["--variant=essential"]
    options += [f"--include={','.join(root.packages)}", "--format=tar"]
    run(["mmdebstrap", *options, suite(), str(tarball), *sources()], say)


def _excluded(root: Root) -> list[str]:
    return [f"path-exclude={path}" for path in root.left_out]


def added(before: Path, after: Path, layer: Path) -> None:
    """What the second tar holds that the first does not, or differently; devices aside."""
    with tarfile.open(before) as archive:
        known = {_plain_name(member): _described(member) for member in archive}
    with tarfile.open(after) as archive, tarfile.open(layer, "w") as out:
        for member in archive:
            name = _plain_name(member)
            if known.get(name) != _described(member) and name.split("/")[0] not in ("", "dev"):
                out.addfile(member, archive.extractfile(member) if member.isreg() else None)


def _plain_name(member: tarfile.TarInfo) -> str:
    return member.name.removeprefix("./").removeprefix(".").strip("/")


def _described(member: tarfile.TarInfo) -> tuple[object, ...]:
    """Of a folder not its time, which changes with what lies in it."""
    lasting = () if member.isdir() else (member.size, int(member.mtime), member.linkname)
    return (member.type, member.mode & 0o7777, member.uid, member.gid, *lasting)


@contextmanager
def workplace() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="podium-image-") as name:
        yield Path(name)


@contextmanager
def layer(
    folder: Path, tag: str, dockerfile: str, labels: Mapping[str, str] | None = None
) -> Iterator[tarfile.TarFile]:
    """The context of a build by Docker, which begins when all has been added to it."""
    path = folder / "context.tar"
    with tarfile.open(path, "w") as context:
        add_text(context, "Dockerfile", dockerfile)
        yield context
    layer_image(path, tag, {LABEL: tag, **(labels or {})})


def add_text(context: tarfile.TarFile, name: str, text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    described = tarfile.TarInfo(name)
    described.size, described.mode = len(data), 0o644
    context.addfile(described, io.BytesIO(data))


def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nobody's name and time, readable by all, so that the same files make the same layer."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mtime = 0
    runs = info.isdir() or info.mode & 0o100 or info.name.startswith("podium/")
    info.mode = 0o755 if runs else 0o644
    return info


def run(command: list[str], say: Say, cwd: Path | None = None) -> None:
    """A program of the system; its lines are told, its last ones are the reason when it fails."""
    last: list[str] = []
    with subprocess.Popen(
        command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        for raw in process.stdout:
            line = raw.decode("utf-8", "replace").strip().removeprefix("I: ")
            if line:
                last = [*last[-4:], line]
                say(line[:200])
    if process.returncode != 0:
        raise BoxFailed(f"{Path(command[0]).name} failed: {' | '.join(last)}")


def digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def contents(files: Mapping[str, bytes]) -> Iterator[str]:
    for name, data in sorted(files.items()):
        yield f"{name} {hashlib.sha256(data).hexdigest()}"
