"""Builds the images from Debian and npm packages, one builder at a time, telling how far it is."""

from __future__ import annotations

import fcntl
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from sandbox.box import BoxFailed
from sandbox.docker_box import client, image_id, import_image, layer_image
from sandbox.images import recipe

STEPS: Final = 3


@dataclass(frozen=True)
class Progress:
    """How far the building is; what the progress file holds."""

    state: Literal["waiting", "building", "ready", "failed"]
    step: int
    steps: int
    text_zh: str
    text_en: str
    at: str


Tell = Callable[[Progress], None]


def images_ready() -> str | None:
    """The id of the image as its recipe stands now, or None while it must be built."""
    return image_id(recipe.stack().rig)


def build_images(tell: Tell) -> str:
    """Builds what is missing and gives the image's id; a second builder waits for the first."""
    try:
        return _build(tell)
    except BoxFailed as error:
        tell(_progress("failed", 0, "沙箱镜像没有建成。", f"The images were not built: {error}"))
        raise


def write_progress(path: Path) -> Tell:
    """A teller that replaces the file at once, so that no reader sees half of it."""

    def tell(progress: Progress) -> None:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(progress), file, ensure_ascii=False)
        Path(name).chmod(0o644)
        Path(name).replace(path)

    return tell


def _build(tell: Tell) -> str:
    client().close()  # says at once where there is no Docker
    with _one_at_a_time(lambda: tell(_progress("waiting", 0, *_WAITING))):
        wanted = recipe.stack()
        steps = (
            (wanted.base, _base, "安装 Debian 软件包", "Installing Debian's packages"),
            (
                wanted.tools,
                _tools,
                "安装 Node.js 与 Playwright",
                "Installing Node.js and Playwright",
            ),
            (wanted.rig, _rig, "放入检查程序", "Adding the rig"),
        )
        for number, (tag, build, zh, en) in enumerate(steps, start=1):
            if image_id(tag) is None:
                tell(_progress("building", number, zh, en))
                build(wanted, lambda line, n=number, z=zh, e=en: tell(_line(n, z, e, line)))  # type: ignore[misc]
        found = image_id(wanted.rig)
        if found is None:
            raise BoxFailed("Docker built the image but does not know it.")
    tell(_progress("ready", STEPS, "沙箱镜像已就绪。", "The sandbox images are ready."))
    return found


_WAITING: Final = ("另一个进程正在建镜像,等它完成。", "Another process builds the images; waiting.")


def _progress(
    state: Literal["waiting", "building", "ready", "failed"], step: int, zh: str, en: str
) -> Progress:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Progress(state, step, STEPS, zh, en, now)


def _line(number: int, zh: str, en: str, line: str) -> Progress:
    return _progress("building", number, f"{zh}:{line}", f"{en}: {line}")


@contextmanager
def _one_at_a_time(waiting: Callable[[], None]) -> Iterator[None]:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "podium"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "images.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _base(wanted: recipe.Stack, say: Callable[[str], None]) -> None:
    if shutil.which("mmdebstrap") is None:
        raise BoxFailed("mmdebstrap is missing: apt-get install mmdebstrap")
    options = [f"--aptopt={line}" for line in (*recipe.apt_options(), _NO_RECOMMENDS)]
    options += [f"--dpkgopt=path-exclude={path}" for path in recipe.LEFT_OUT]
    options += [f"--customize-hook={hook}" for hook in recipe.HOOKS]
    options += [f"--include={','.join(recipe.PACKAGES)}", "--variant=essential", "--format=tar"]
    with tempfile.TemporaryDirectory(prefix="podium-image-") as folder:
        tarball = Path(folder) / "base.tar"
        command = ["mmdebstrap", *options, recipe.suite(), str(tarball), *recipe.sources()]
        _run(command, say)
        say("docker import")
        import_image(tarball, wanted.base, {recipe.LABEL: wanted.base})


_NO_RECOMMENDS: Final = 'APT::Install-Recommends "false";'


def _tools(wanted: recipe.Stack, say: Callable[[str], None]) -> None:
    node = recipe.node()
    with tempfile.TemporaryDirectory(prefix="podium-image-") as name:
        folder = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copyfile(recipe.RIG / file, folder / file)
        install = [*node.npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"]
        _run(install, say, cwd=folder)
        with _context(folder, recipe.tools_dockerfile(wanted.base)) as context:
            context.add(node.program, "node", filter=_plain)
            context.add(folder / "node_modules", "node_modules", filter=_plain)
        layer_image(folder / "context.tar", wanted.tools, {recipe.LABEL: wanted.tools})


def _rig(wanted: recipe.Stack, _: Callable[[str], None]) -> None:
    with tempfile.TemporaryDirectory(prefix="podium-image-") as name:
        folder = Path(name)
        with _context(folder, recipe.rig_dockerfile(wanted.tools)) as context:
            for inside, path in recipe.rig_files().items():
                context.add(path, inside, filter=_plain)
        layer_image(folder / "context.tar", wanted.rig, {recipe.LABEL: wanted.rig})


@contextmanager
def _context(folder: Path, dockerfile: str) -> Iterator[tarfile.TarFile]:
    with tarfile.open(folder / "context.tar", "w") as context:
        described = tarfile.TarInfo("Dockerfile")
        described.size = len(dockerfile)
        context.addfile(described, io.BytesIO(dockerfile.encode()))
        rig = tarfile.TarInfo("rig")
        rig.type, rig.mode = tarfile.DIRTYPE, 0o750  # this mode is what /rig gets in the image
        context.addfile(rig)
        yield context


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nobody's name and time, readable by all, so that the same files make the same layer."""
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mtime = 0
    runs = info.isdir() or info.mode & 0o100 or info.name.startswith("podium/")
    info.mode = 0o755 if runs else 0o644
    return info


def _run(command: list[str], say: Callable[[str], None], cwd: Path | None = None) -> None:
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
