"""Public documents as files that nginx or a CDN can serve: written whole, the latest wins.

Whoever makes the boards (`board_making`) offers what is new; writing happens by itself, in a thread
or off the hub, so that no mark and no board ever waits for a disk. Several processes may share a
folder: what another has written of a later sequence stays. A file holds the very bytes of the
snapshot's address. A hidden skill has none: whoever serves the folder asks the site then.
"""

import fcntl
import json
import os
import secrets
import threading
import time
from pathlib import Path

from flask import Flask

from competition.logs import log
from competition.offload import offload
from judging.results import Snapshot

Offered = dict[str, tuple[int, bytes | None]]  # name → public sequence and content; None: no file
SEQUENCES = ".sequences.json"
SECONDS = 1_577_836_800  # 2020-01-01
EVERY = 1.0  # seconds between two rounds: a cache keeps what it has for five
AGAIN = 5.0  # seconds until a folder that could not be written is tried again


def of_skill(code: str) -> str:
    """The file of a skill's board, below the folder as below the site."""
    return f"skills/{code}/board.json"


def of_kind(kind: str) -> str:
    """The file of a board over all skills."""
    return f"boards/{kind}.json"


def folder_of(app: Flask) -> "FeedFolder":
    """The site's folder, as this process writes it."""
    return FeedFolder(Path(app.config["PODIUM_FEEDS"] or app.config["PODIUM_DATA"] / "feeds"))


class FeedFolder:
    """The files of one process: what is offered, until it is written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.offered: Offered = {}
        self.is_first = True
        self.woken = threading.Event()  # gevent's own in the web process

    def offer(self, name: str, shot: Snapshot) -> None:
        """This is the newest document of that name; what was offered before and not yet written is
        forgotten."""
        hidden = shot.body.get("release") == "hidden"
        self.offered[name] = (shot.sequence, None if hidden else shot.encoded)

    def run(self) -> None:
        """Write whatever is offered, each time somebody sets `woken`."""
        while True:
            self.woken.wait()
            self.woken.clear()
            try:
                self.write_offered()
                time.sleep(EVERY)  # gevent's own in the web process
            except OSError as error:
                log.error("feeds: not written", folder=str(self.folder), why=str(error))
                time.sleep(AGAIN)
                self.woken.set()

    def write_offered(self) -> None:
        """Write what is offered now. What fails is offered again, unless there is newer."""
        offered, self.offered = self.offered, {}
        try:
            offload(write, self.folder, offered, first=self.is_first)
        except OSError:
            self.offered = offered | self.offered
            raise
        self.is_first = False


def write(folder: Path, offered: Offered, *, first: bool) -> None:
    """Bring the files in step, one process at a time. The `first` time everything is written as the
    database has it now, and what it does not know is taken away."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known: dict[str, int] = {} if first else _sequences(folder)
        for name, (sequence, content) in offered.items():
            if known.get(name, 0) <= sequence:
                _put(folder / name, content, sequence)
                known[name] = sequence
        if first:
            drafts = folder.rglob(".*.json.*")  # whoever was writing these was killed
            for found in (
                *folder.glob("skills/*/board.json"),
                *folder.glob("boards/*.json"),
                *drafts,
            ):
                if found.relative_to(folder).as_posix() not in offered:
                    found.unlink(missing_ok=True)
        _put(folder / SEQUENCES, json.dumps(known).encode(), 0)


def _sequences(folder: Path) -> dict[str, int]:
    try:
        return dict(json.loads((folder / SEQUENCES).read_text("utf-8")))
    except (FileNotFoundError, ValueError):
        return {}


def _put(path: Path, content: bytes | None, sequence: int) -> None:
    """Give a file this content, all of it at once. Nothing is flushed to the disk: after a power
    cut the start writes everything.

    Its time says the sequence: nginx makes the ETag of seconds and size, and two boards of one
    second may be of one size. On every server it is the same."""
    if content is None:
        path.unlink(missing_ok=True)
        return
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        draft.write_bytes(content)
        draft.chmod(0o644)
        os.utime(draft, (SECONDS + sequence, SECONDS + sequence))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
