"""Builds a handed-in project in a box of its own, without network, before any check sees it.

The build is the competitor's own program: its box holds the project, the packages it asked for and
nothing else (no checks, no other work), and what comes out of it is treated like a hand-in. It runs
under the uid of the box's agent, because there is nothing in this box to be kept from it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.archive import MB, Member
from sandbox.box import Box, BoxFailed, Command, Exit, Put, Walls
from sandbox.browser import SITE, file_put, site
from sandbox.docker_box import DockerBox
from sandbox.names import Rejected, clean, without_collisions
from sandbox.npm_lock import Pinned, Unbuildable, pinned, stored
from sandbox.task import Task

STORE: Final = "store"
LARGEST_JSON: Final = 8 * MB  # package.json and its lock
ROOM_MB: Final = 512  # packages unpacked, and what the build writes
ROOM_FILES: Final = 40_000
TOLD: Final = 200_000  # bytes of a step's output
LISTING_BYTES: Final = 4_000_000
INSTALL: Final[tuple[str, ...]] = ("npm", "ci", "--ignore-scripts")
# Lists regular files without following a link; links are told too, so that they can be refused.
LIST: Final = """
import json, os, sys
top, found = sys.argv[1], []
for folder, folders, files in os.walk(top):
    for name in files + [one for one in folders if os.path.islink(os.path.join(folder, one))]:
        path = os.path.join(folder, name)
        size = -1 if os.path.islink(path) or not os.path.isfile(path) else os.path.getsize(path)
        found.append([os.path.relpath(path, top), size])
print(json.dumps(found if os.path.isdir(top) and not os.path.islink(top) else None))
"""


@dataclass(frozen=True)
class Project:
    """What goes into the box, and whether packages must be put in first."""

    files: list[Put]
    packages: bool


def project(task: Task, members: Iterable[Member]) -> Project:
    """The start folder overlaid with the hand-in, its lock file pointed at the store."""
    assert task.build is not None
    files = {put.path: put for put in site(task, members)}
    found = _pinned(task, files)
    kept = [Put(f"{name}/.keep", 0, lambda: iter(())) for name in (SITE, "tmp", "home", "out")]
    if found is not None:
        lock = f"{SITE}/package-lock.json"
        files[lock] = Put(lock, len(found.lock), lambda: iter((found.lock,)))
        kept += [file_put(f"{STORE}/{path.name}", path) for path in found.tarballs]
    return Project([*kept, *files.values()], found is not None)


def _pinned(task: Task, files: dict[str, Put]) -> Pinned | None:
    assert task.build is not None
    store = stored(task.build.store) if task.build.store else {}
    return pinned(_read(files, "package.json"), _read(files, "package-lock.json"), store)


def _read(files: dict[str, Put], name: str) -> bytes | None:
    put = files.get(f"{SITE}/{name}")
    if put is None:
        return None
    if put.size > LARGEST_JSON:
        raise Unbuildable(f"{name} 太大。", f"{name} is too large.")
    return b"".join(put.chunks())


def walls(task: Task, made: Project, beside: str | None = None) -> Walls:
    inside = sum(put.size for put in made.files) // MB + 1
    room = inside + task.limits.unpacked_mb + ROOM_MB
    return Walls(
        memory_mb=task.limits.memory_mb + room,  # files lie in memory
        processes=task.limits.processes,
        disk_mb=room,
        files=len(made.files) + task.limits.files + ROOM_FILES,
        browser=False,
        runs_programs=True,
        beside=beside,
    )


def command(task: Task, argv: tuple[str, ...], seconds: int) -> Command:
    return Command(
        argv=("/usr/bin/env", *argv),
        env={
            "PATH": "/rig/node_modules/.bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": "/box/home",
            "TMPDIR": "/box/tmp",
            "LANG": "C.UTF-8",
            "TZ": "Asia/Shanghai",
            "CI": "1",
            "npm_config_offline": "true",
            "npm_config_audit": "false",
            "npm_config_fund": "false",
            "npm_config_update_notifier": "false",
            "PORT": str(task.serve.port) if task.serve else "",
            "HOST": "127.0.0.1",
        },
        cwd=f"/box/{SITE}",
        wall_seconds=seconds,
        output_bytes=64 * MB,  # also the largest file that a build may write
    )


def carry_out(task: Task, box: Box, made: Project) -> str:
    """Packages in, command run; what was said, or Unbuildable."""
    assert task.build is not None
    box.put(made.files)
    until, told = time.monotonic() + task.build.seconds, ""
    steps = [INSTALL] if made.packages else []
    steps += [task.build.command] if task.build.command else []
    for argv in steps:
        seconds = max(1, int(until - time.monotonic()))
        ended = box.run(command(task, argv, seconds), lambda _: None)
        told += f"$ {' '.join(argv)}\n{ended.output[:TOLD]}\n"
        if ended.timed_out or ended.code != 0:
            raise _failed(task, argv, ended, told)
    return told


def _failed(task: Task, argv: tuple[str, ...], ended: Exit, told: str) -> Unbuildable:
    assert task.build is not None
    what = " ".join(argv)
    if ended.timed_out:
        return Unbuildable(
            f"构建超过 {task.build.seconds} 秒,没有完成({what})。",
            f"The build took longer than {task.build.seconds} s and was stopped ({what}).",
            told,
        )
    if ended.oom_kills:
        return Unbuildable(
            f"构建用完了内存({what})。", f"The build ran out of memory ({what}).", told
        )
    return Unbuildable(
        f"构建失败:{what} 以代码 {ended.code} 结束。构建输出见记录。",
        f"The build failed: {what} ended with code {ended.code}. Its output is in the log.",
        told,
    )


def built(task: Task, members: Iterable[Member], image: str, into: Path) -> tuple[list[Put], str]:
    """The files of the build's output as the rig will serve them, and what the build said."""
    made = project(task, members)
    box = DockerBox(image, walls(task, made))
    try:
        told = carry_out(task, box, made)
        try:
            return _taken(task, box, into), told
        except Unbuildable as fault:
            raise Unbuildable(fault.zh, fault.en, told) from fault
    finally:
        box.close()


def _taken(task: Task, box: Box, into: Path) -> list[Put]:
    """The output folder, copied out file by file: regular, harmlessly named, within the limits."""
    assert task.build is not None and task.build.output is not None
    top = f"{SITE}/{task.build.output}"
    names = _listed(task, box, top)
    if task.index not in names:
        raise Unbuildable(
            f"构建完成,但 {task.build.output} 里没有 {task.index}。",
            f"The build ended, but {task.build.output} holds no {task.index}.",
        )
    puts = []
    for number, (name, size) in enumerate(names.items()):
        data = box.get(f"{top}/{name}", size)
        if data is None:
            raise Unbuildable(f"{name} 取不出来。", f"{name} could not be taken out.")
        kept = into / str(number)  # names of the hand-in never become names on this host
        kept.write_bytes(data)
        puts.append(file_put(f"{SITE}/{name}", kept))
    return puts


def _listed(task: Task, box: Box, top: str) -> dict[str, int]:
    assert task.build is not None
    argv = ("python3", "-IBc", LIST, f"/box/{top}")
    plain = Command(argv, {"PATH": "/usr/bin:/bin"}, "/box", 30, LISTING_BYTES)
    try:
        rows = json.loads(box.run(plain, lambda _: None).output)
        listed = None if rows is None else {str(name): int(size) for name, size in rows}
    except (ValueError, TypeError) as error:
        raise BoxFailed("The build's output could not be listed.") from error
    if listed is None:
        raise Unbuildable(
            f"构建完成,但没有产生文件夹 {task.build.output}。",
            f"The build ended without making the folder {task.build.output}.",
        )
    links = [name for name, size in listed.items() if size < 0]
    over = sum(listed.values()) > task.limits.unpacked_mb * MB or len(listed) > task.limits.files
    if links or over:
        raise Unbuildable(
            "构建结果里有链接,或者超过了文件数量、大小的限制。",
            "The build's output holds links, or is above the limits of number or size.",
        )
    try:
        if any(clean(name) != name for name in listed):
            raise Rejected("构建结果里的文件名不规范。", "A name in the build's output is odd.")
        without_collisions(listed)
    except Rejected as fault:
        raise Unbuildable(fault.zh, fault.en) from fault
    return listed
