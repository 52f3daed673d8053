"""Task packages by their id, with statement and start folder to show.

A competition's own packages lie in `PODIUM_DATA/tasks/`, out of everybody's sight; those that come
with Podium in its folder `tasks`. Everything here is read-only and kept until the files change.
"""

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import current_app
from markdown_it import MarkdownIt
from markdown_it.token import Token

from competition.rules.refusal import Refusal
from judging import images
from sandbox import packages
from sandbox.archive import Entry
from sandbox.problem import Problem
from sandbox.problem_task import ProblemTask, as_task
from sandbox.task import BrokenPackage, Task

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
DESCRIPTIONS = ("task.yaml", "problem.yaml")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that the same start folder always packs to the same bytes

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Statement:
    """A statement as a page shows it: HTML and its headings, (anchor, text)."""

    html: str
    headings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Pack:
    """The start folder as one zip, and what it holds."""

    name: str
    data: bytes
    sha256: str
    files: tuple[Entry, ...]


def folders() -> tuple[Path, ...]:
    """Where packages lie: the competition's own first, then those that come with Podium."""
    own = Path(current_app.config["PODIUM_DATA"]) / "tasks"
    return own, Path(current_app.root_path) / "tasks"


def find(task_id: str) -> Task:
    """The package of that id; a Refusal names it when it is missing or broken."""
    places = (folder / task_id for folder in folders() if ID.fullmatch(task_id))
    place = next((place for place in places if _is_package(place)), None)
    if place is None:
        raise Refusal(
            f"找不到试题包“{task_id}”，什么都没有改变。请联系裁判长。",
            f'There is no task package "{task_id}"; nothing was changed. Tell the chief judge.',
            status=404,
        )
    try:
        versions = images.versions(current_app.config["PODIUM_DATA"])
        return _load(place, _stamp(_deciding(place)), tuple(versions.items()))
    except BrokenPackage as broken:
        zh, en = broken.problems[0]
        raise Refusal(
            f"试题包“{task_id}”有错误，不能使用：{zh}请联系裁判长。",
            f'The task package "{task_id}" is broken and not used: {en} Tell the chief judge.',
        ) from broken


def ids() -> list[str]:
    """The ids of all packages there are."""
    found = {path.name for folder in folders() for path in folder.glob("*") if _is_package(path)}
    return sorted(found)


def _is_package(place: Path) -> bool:
    return any((place / name).is_file() for name in DESCRIPTIONS)


def _deciding(place: Path) -> list[Path]:
    """What a package is read anew for: its descriptions, and tests that come or go."""
    files = [place / name for name in (*DESCRIPTIONS, "podium.yaml", ".timelimit")]
    data = place / "data"
    return [
        path
        for path in (*files, data, *sorted(data.glob("*")), *sorted(data.glob("*/*")))
        if path.is_file() or (path.is_dir() and path.is_relative_to(data))
    ]


def statement(task: Task, language: str, assets: str) -> Statement:
    """The statement in one language; its own pictures are found below the address `assets`."""
    if isinstance(task, ProblemTask):
        return _statement(task.text(language), assets)
    path = task.statement_en if language == "en" else task.statement_zh
    return _statement(path.read_text("utf-8"), assets)


def start_pack(task: Task) -> Pack:
    """The start folder as a zip that is the same, byte for byte, for everybody."""
    files = sorted(path for path in task.start.rglob("*") if path.is_file())
    return _pack(task.id, task.start, _stamp(files))


def _stamp(files: list[Path]) -> Stamp:
    return tuple((str(path), (s := path.stat()).st_mtime_ns, s.st_size) for path in files)


@lru_cache(maxsize=32)
def _load(place: Path, _stamp: Stamp, versions: tuple[tuple[str, str], ...]) -> Task:
    package = packages.load(place)
    return as_task(package, dict(versions)) if isinstance(package, Problem) else package


@lru_cache(maxsize=32)
def _pack(task_id: str, start: Path, stamp: Stamp) -> Pack:
    packed = io.BytesIO()
    entries = []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, _, size in stamp:
            path = Path(name)
            inside, data = path.relative_to(start).as_posix(), path.read_bytes()
            info = zipfile.ZipInfo(inside, LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
            entries.append(Entry(inside, size, hashlib.sha256(data).hexdigest()))
    whole = packed.getvalue()
    return Pack(f"{task_id}-start.zip", whole, hashlib.sha256(whole).hexdigest(), tuple(entries))


@lru_cache(maxsize=64)
def _statement(text: str, assets: str) -> Statement:
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(text)
    headings = []
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag in ("h2", "h3"):
            anchor = f"part-{number}"
            token.attrSet("id", anchor)
            if token.tag == "h2":
                headings.append((anchor, _words(tokens[number + 1])))
        for inner in token.children or ():
            source = str(inner.attrGet("src") or "")
            if inner.type == "image" and source and ":" not in source:
                inner.attrSet("src", f"{assets}/{source.removeprefix('./')}")
    return Statement(reader.renderer.render(tokens, reader.options, {}), tuple(headings))


def _words(inline: Token) -> str:
    """A heading's text without its marks."""
    return "".join(
        one.content for one in inline.children or () if one.type in ("text", "code_inline")
    )
