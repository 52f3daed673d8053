"""The parts build: and serve: of a task.yaml: how a project becomes a site, or a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

Wrong = Callable[[str, str], None]  # one problem, zh and en
PROGRAMS: Final = ("node", "npm", "npx")  # what a build may begin with; it is jailed all the same
LONGEST: Final = 1800  # seconds


@dataclass(frozen=True)
class Build:
    """Packages from the store, then a command; `output` is the folder that is served."""

    command: tuple[str, ...]  # empty: only the packages are put in
    output: str | None  # None: with `serve`, where the server finds its files itself
    store: Path | None  # a folder of npm tarballs (*.tgz): all the packages there are
    seconds: int


@dataclass(frozen=True)
class Serve:
    """A server in Node.js that listens on this port of 127.0.0.1 (also in $PORT)."""

    command: tuple[str, ...]
    port: int
    seconds: int  # in which it must answer


def read_build(value: object, folder: Path, serves: bool, wrong: Wrong) -> Build | None:
    if value is None:
        return None
    plain = _mapping(value, {"command", "output", "store", "seconds"})
    command = _command(plain.get("command", [])) if plain is not None else None
    seconds = _number((plain or {}).get("seconds", 120), 1, LONGEST)
    if plain is None or command is None or seconds is None:
        wrong(
            f"build 里写 command(以 {'、'.join(PROGRAMS)} 开头的列表)、output、store、"
            f"seconds(1 到 {LONGEST})。",
            f"build holds command (a list that begins with {', '.join(PROGRAMS)}), output, store"
            f" and seconds (1 to {LONGEST}).",
        )
        return None
    output, store = plain.get("output"), plain.get("store")
    if (output is None and not serves) or (output is not None and not _below(output)):
        wrong(
            "build.output 应为项目里的一个文件夹,如 dist。",
            "build.output must be a folder of the project, like dist.",
        )
        return None
    if store is not None and not (_below(store) and _is_store(folder, folder / store)):
        wrong(
            "build.store 应为任务包里装有 *.tgz 的文件夹。",
            "build.store must be a folder of the package that holds *.tgz.",
        )
        return None
    return Build(command, output, folder / store if store is not None else None, seconds)


def read_serve(value: object, wrong: Wrong) -> Serve | None:
    if value is None:
        return None
    plain = _mapping(value, {"command", "port", "seconds"}) or {}
    command = _command(plain.get("command"))
    port = _number(plain.get("port", 8080), 1024, 65_535)
    seconds = _number(plain.get("seconds", 20), 1, 300)
    if not command or port is None or seconds is None:
        wrong(
            f"serve 里写 command(以 {'、'.join(PROGRAMS)} 开头的列表)、port(1024 到 65535)、"
            "seconds(1 到 300)。",
            f"serve holds command (a list that begins with {', '.join(PROGRAMS)}), port (1024 to"
            " 65535) and seconds (1 to 300).",
        )
        return None
    return Serve(command, port, seconds)


def _mapping(value: object, known: set[str]) -> dict[str, Any] | None:
    return value if isinstance(value, dict) and set(value) <= known else None


def _command(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return None
    return tuple(value) if not value or value[0] in PROGRAMS else None


def _number(value: object, low: int, high: int) -> int | None:
    return value if type(value) is int and low <= value <= high else None


def _below(value: object) -> bool:
    if not isinstance(value, str) or not value or "\\" in value:
        return False
    path = PurePosixPath(value)
    return not path.is_absolute() and ".." not in path.parts and path.parts != ()


def _is_store(package: Path, store: Path) -> bool:
    inside = store.resolve().is_relative_to(package.resolve())
    return inside and store.is_dir() and any(store.glob("*.tgz"))
