"""Builds the images that are missing, one builder at a time, telling how far it is."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from sandbox import languages
from sandbox.box import BoxFailed
from sandbox.docker_box import client, image_id
from sandbox.docker_images import labels_of
from sandbox.images import browser, programs
from sandbox.images.making import Step
from sandbox.names import Rejected, display

BROWSER: Final = "browser"


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


def names() -> tuple[str, ...]:
    """Every image there is a recipe for."""
    return (BROWSER, *programs.names())


def named(wanted: Iterable[str]) -> tuple[str, ...]:
    """Images by their own names or by languages'; none: all of them."""
    found: list[str] = []
    for name in wanted:
        row = languages.by_id(name)
        image = row.image if row else name
        if image not in names():
            shown, known = display(name), ", ".join(dict.fromkeys((*names(), *languages.rows())))
            raise Rejected(
                f"没有名为“{shown}”的镜像；有：{known}。没有构建任何镜像。",
                f'There is no image "{shown}"; there are: {known}. Nothing was built.',
            )
        found.append(image)
    return tuple(dict.fromkeys(found)) or names()


def steps_of(name: str) -> list[Step]:
    """The layers of an image, the lowest first."""
    return browser.steps() if name == BROWSER else programs.steps(name)


def tag_of(name: str) -> str:
    """Of the image as its recipe stands now."""
    return browser.stack().rig if name == BROWSER else programs.stack(name).top


def ready(name: str) -> str | None:
    """The id of an image as its recipe stands now, or None while it must be built."""
    return image_id(tag_of(name))


def versions() -> dict[str, str]:
    """The version of each language whose image is ready, by the language's id."""
    found: dict[str, str] = {}
    for name in programs.names():
        found |= programs.versions(labels_of(tag_of(name)) or {})
    return found


def images_ready() -> str | None:
    """The browser image's."""
    return ready(BROWSER)


def build_images(tell: Tell) -> str:
    """The browser image, built when it is missing; its id."""
    return build(tell, (BROWSER,))[BROWSER]


def build(tell: Tell, wanted: Collection[str]) -> dict[str, str]:
    """Builds what is missing and gives the ids; a second builder waits for the first."""
    try:
        return _build(tell, wanted)
    except BoxFailed as error:
        tell(_progress("failed", 0, 0, "沙箱镜像没有建成。", f"The images were not built: {error}"))
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


def _build(tell: Tell, wanted: Collection[str]) -> dict[str, str]:
    client().close()  # says at once where there is no Docker
    with _one_at_a_time(lambda: tell(_progress("waiting", 0, 0, *_WAITING))):
        missing: dict[str, tuple[str, Step]] = {}  # by tag: a layer may serve several images
        for name in wanted:
            for step in steps_of(name):
                if step.tag not in missing and image_id(step.tag) is None:
                    missing[step.tag] = name, step
        for number, (name, step) in enumerate(missing.values(), start=1):

            def say(line: str, at: tuple[int, str, Step] = (number, name, step)) -> None:
                tell(_line(at, len(missing), line))

            tell(_line((number, name, step), len(missing), ""))
            step.make(say)
        found = {name: image_id(tag_of(name)) or "" for name in wanted}
        if lost := [name for name, image in found.items() if not image]:
            raise BoxFailed(f"Docker built the image but does not know it: {lost[0]}.")
    done = len(missing)
    tell(_progress("ready", done, done, "沙箱镜像已就绪。", "The sandbox images are ready."))
    return found


_WAITING: Final = (
    "另一个进程正在建镜像，等它完成。",
    "Another process builds the images; waiting.",
)


def _progress(
    state: Literal["waiting", "building", "ready", "failed"],
    step: int,
    steps: int,
    zh: str,
    en: str,
) -> Progress:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Progress(state, step, steps, zh, en, now)


def _line(at: tuple[int, str, Step], steps: int, line: str) -> Progress:
    number, name, step = at
    zh, en = f"{name}：{step.zh}", f"{name}: {step.en}"
    if line:
        zh, en = f"{zh}：{line}", f"{en}: {line}"
    return _progress("building", number, steps, zh, en)


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
