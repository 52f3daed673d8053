"""The bytes of a hand-in on their way in: streamed to the disk, counted and hashed, never trusted.

They lie in `PODIUM_DATA/incoming/` until a verb has taken them or refused them, and are gone then.
"""

import errno
import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from flask import current_app

from competition.moment import now
from competition.offload import offload
from competition.rules.refusal import Refusal
from sandbox import archive, problem_task
from sandbox.names import Rejected
from sandbox.problem_task import ProblemTask
from sandbox.task import Task

PIECE = 1 << 20
FORGOTTEN = 24 * 3600  # seconds after which what a killed process left is swept away


class Stream(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Arrived:
    """All bytes are here: where they lie until the block ends, and when the last one came."""

    path: Path
    sha256: str
    at: datetime


@contextmanager
def arrived(stream: Stream, size: int, sha256: str) -> Iterator[Arrived]:
    """The announced bytes in a file that is gone after the block; a Refusal when they differ."""
    folder = Path(current_app.config["PODIUM_DATA"]) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    path = folder / secrets.token_hex(12)
    try:
        digest = _take(stream, size, path)
        at = now()
        if digest != sha256:
            raise DIFFERENT
        yield Arrived(path, digest, at)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NO_ROOM from error
        raise
    finally:
        path.unlink(missing_ok=True)


def listing(path: Path, task: Task, name: str) -> archive.Listing:
    """What was handed in as `name` holds, or the Refusal that says why it is not taken."""
    try:
        if isinstance(task, ProblemTask):
            return offload(problem_task.listing, task, path, name)
        return offload(archive.inspect, path, task.limits)
    except Rejected as rejected:
        raise Refusal(rejected.zh, rejected.en) from rejected


def _take(stream: Stream, size: int, path: Path) -> str:
    hashed, left = hashlib.sha256(), size
    with path.open("xb") as file:
        while left:
            piece = _piece(stream, min(PIECE, left))
            left -= len(piece)
            offload(_keep, file, hashed, piece)
        if stream.read(1):
            raise DIFFERENT
    return hashed.hexdigest()


def _piece(stream: Stream, wanted: int) -> bytes:
    """A large piece: small ones would go to the thread pool far too often."""
    parts, left = [], wanted
    while left:
        part = stream.read(min(left, 1 << 16))
        if not part:
            raise DIFFERENT
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _keep(file: IO[bytes], hashed: "hashlib._Hash", piece: bytes) -> None:
    hashed.update(piece)
    file.write(piece)


def _sweep(folder: Path) -> None:
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - FORGOTTEN:
            old.unlink(missing_ok=True)


DIFFERENT = Refusal(
    "收到的内容与登记的文件不一致（可能传输中断，或文件在上传时被改动），没有保存。请重新选择文件提交。",
    "What arrived is not the file that was announced (the transfer broke off, or the file was"
    " changed meanwhile); nothing was kept. Choose the file again and hand it in.",
)
NO_ROOM = Refusal(
    "服务器磁盘已满，没有保存。请立即举手告诉现场裁判；文件仍在您的电脑上，可稍后重新提交。",
    "The server's disk is full; nothing was kept. Tell the invigilator at once; the file is still"
    " on your computer and can be handed in again.",
    status=507,
)
